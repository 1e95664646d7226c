package io.github.netrpc.server;

import java.io.IOException;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServiceMethod;

/**
 * Who may call a server, and what. Servers where everybody may have none. Thread-safe.
 */
final class AccessControl {

	private static final String EXPECTED = RefusalReason.UNAUTHENTICATED.message()
			+ ": a token is expected, as the metadata entry \"authorization\" or by " + BuiltInMethods.SERVICE
			+ ".Authenticate";

	/** One in so many threads of handlers may look into who strangers are. */
	private static final int STRANGERS_PART = 4;

	/** One in so many may look into those who are known. */
	private static final int KNOWN_PART = 2;

	/** Causes may form a ring. */
	private static final int MOST_CAUSES = 8;

	private final AtomicInteger questionsOfStrangers = new AtomicInteger();

	private final AtomicInteger questionsOfKnown = new AtomicInteger();

	private final @Nullable CallAuthenticator authenticator;

	private final CertificateName certificateName;

	private final @Nullable CallAuthorizer authorizer;

	private final LoginLimits limits;

	private final StrangerCounts strangers;

	private final long maxValidityNanos;

	private final long refusalValidityNanos;

	private final FailureLog failures;

	private final Supplier<Instant> clock;

	/**
	 * Creates a control.
	 * @param authenticator finds out who calls, or null if certificates say it all
	 * @param certificateName what in certificates says who calls; {@code NONE} has the
	 * authenticator asked
	 * @param authorizer decides who may call what, or null if all who are let in may call
	 * everything
	 * @param limits bounds before it is known who calls
	 * @param times after which time the authenticator is asked again
	 * @param failures the log
	 * @param clock the wall clock
	 */
	AccessControl(@Nullable CallAuthenticator authenticator, CertificateName certificateName,
			@Nullable CallAuthorizer authorizer, LoginLimits limits, VerdictTimes times, FailureLog failures,
			Supplier<Instant> clock) {
		this.authenticator = authenticator;
		this.certificateName = certificateName;
		this.authorizer = authorizer;
		this.limits = limits;
		this.strangers = new StrangerCounts(limits.connections());
		this.maxValidityNanos = times.known().toNanos();
		this.refusalValidityNanos = times.refused().toNanos();
		this.failures = failures;
		this.clock = clock;
	}

	/**
	 * Whether calls are answered only if it is known who calls.
	 */
	boolean isRequired() {
		return this.authenticator != null;
	}

	/**
	 * Whether it may be a certificate that says who calls.
	 */
	boolean looksAtCertificates() {
		return isRequired() || this.certificateName != CertificateName.NONE;
	}

	LoginLimits limits() {
		return this.limits;
	}

	/**
	 * Counts the connections of which it is not known who calls.
	 */
	StrangerCounts strangers() {
		return this.strangers;
	}

	/**
	 * Counts a question that will take long. Handlers of those who are known must not
	 * wait for such questions, however long an authenticator takes, so these may use a
	 * part of the threads only: one about strangers, another one about the known.
	 * @param ofStranger whether nothing is known of the caller yet
	 * @param threads how many threads there are for handlers
	 * @return false if there are as many such questions as may be
	 */
	boolean beginQuestion(boolean ofStranger, int threads) {
		int most = Math.max(1, threads / (ofStranger ? STRANGERS_PART : KNOWN_PART));
		return questions(ofStranger).getAndUpdate((count) -> Math.min(count + 1, most)) < most;
	}

	void questionEnded(boolean ofStranger) {
		questions(ofStranger).decrementAndGet();
	}

	private AtomicInteger questions(boolean ofStranger) {
		return ofStranger ? this.questionsOfStrangers : this.questionsOfKnown;
	}

	/**
	 * How long an answer of the authenticator is gone by before it is asked again.
	 * @param verdict the answer
	 * @return the time in nanoseconds; 0 if what was found out does not age
	 */
	long agesNanos(Verdict verdict) {
		CallCredentials credentials = verdict.credentials();
		boolean said = this.authenticator != null && credentials != null && !saysName(credentials);
		return (said && verdict.refusal() == null) ? this.maxValidityNanos : 0;
	}

	/**
	 * Whether {@link #verify} may take long.
	 */
	boolean isSlow(CallCredentials credentials) {
		return this.authenticator != null && !saysName(credentials) && !this.authenticator.isQuick();
	}

	private boolean saysName(CallCredentials credentials) {
		return credentials.token() == null && this.certificateName != CertificateName.NONE;
	}

	/**
	 * What becomes of a caller without credentials.
	 */
	Verdict none() {
		return isRequired() ? Verdict.refused(EXPECTED) : Verdict.UNKNOWN;
	}

	/**
	 * Finds out who calls. Never throws.
	 * @param credentials a token or certificates
	 * @param logged whether the log has a line if that is not known
	 * @return who calls, or why that is not known
	 */
	Verdict verify(CallCredentials credentials, boolean logged) {
		if (saysName(credentials)) {
			String name = this.certificateName.of(credentials.certificates().get(0));
			if (name != null) {
				return new Verdict(credentials, new NamedPrincipal(name), null, null, null, false);
			}
			return isRequired() ? Verdict.refused("the certificate has no name that says who calls") : Verdict.UNKNOWN;
		}
		CallAuthenticator asked = this.authenticator;
		return (asked != null) ? verify(asked, credentials, logged) : Verdict.UNKNOWN;
	}

	private Verdict verify(CallAuthenticator asked, CallCredentials credentials, boolean logged) {
		String what = (credentials.token() != null) ? "the token" : "the certificate";
		try {
			Authenticated caller = asked.authenticate(credentials);
			Verdict said = new Verdict(credentials, caller.principal(), caller.validUntil(), null, null, false);
			return isValid(said) ? said : refused(credentials, what + " has expired", null, logged);
		}
		catch (RpcException ex) {
			boolean chosen = ex.code() == RpcCode.UNAUTHENTICATED && !(ex instanceof RpcCallException);
			return chosen ? refused(credentials, ex.getMessage(), null, logged)
					: refused(credentials, what + " was refused", ex, logged);
		}
		catch (Throwable ex) {
			return refused(credentials, what + " was refused", ex, logged);
		}
	}

	/**
	 * Keeps a refusal for a moment.
	 * @param refused the refusal
	 * @param now the time in nanoseconds, of the clock that nobody sets
	 */
	KeptRefusal forAMoment(Verdict refused, long now) {
		return new KeptRefusal(refused, now + this.refusalValidityNanos);
	}

	private Verdict refused(CallCredentials credentials, String message, @Nullable Throwable cause, boolean logged) {
		if (logged) {
			this.failures.unauthenticated(credentials, message, cause);
		}
		return new Verdict(null, null, null, RefusalReason.UNAUTHENTICATED, message,
				cause != null && isUnreachable(cause));
	}

	/**
	 * Whether an authenticator could not ask whom it asks. All else that it throws says
	 * that the caller is nobody: who was locked out must not go on because of an
	 * exception that means just that.
	 */
	private static boolean isUnreachable(Throwable failure) {
		if (failure instanceof RpcException ex && (ex.code() == RpcCode.UNAVAILABLE
				|| ex.code() == RpcCode.DEADLINE_EXCEEDED || ex.code() == RpcCode.RESOURCE_EXHAUSTED)) {
			return true;
		}
		Throwable each = failure;
		for (int i = 0; each != null && i < MOST_CAUSES; i++) {
			if (each instanceof IOException || each instanceof TimeoutException) {
				return true;
			}
			each = each.getCause();
		}
		return false;
	}

	/**
	 * Whether what was found out is still so.
	 */
	boolean isValid(Verdict verdict) {
		Instant until = verdict.validUntil();
		return until == null || this.clock.get().isBefore(until);
	}

	/**
	 * Whether a caller may call a method. Never throws.
	 * @param principal the caller, or null if that is not known
	 * @param method the method
	 * @return why not, or null if it may
	 */
	@Nullable RefusalReason refusal(@Nullable Principal principal, ServiceMethod method) {
		if (this.authorizer == null || mayCall(this.authorizer, principal, method)) {
			return null;
		}
		return (principal != null) ? RefusalReason.PERMISSION_DENIED : RefusalReason.UNAUTHENTICATED;
	}

	/**
	 * Whether a caller is told that there is no such method: strangers are not, where
	 * there are methods that they may not call.
	 * @param principal the caller, or null if that is not known
	 * @return why not, or null if it is
	 */
	@Nullable RefusalReason refusalOfUnknown(@Nullable Principal principal) {
		return (this.authorizer != null && principal == null) ? RefusalReason.UNAUTHENTICATED : null;
	}

	private boolean mayCall(CallAuthorizer asked, @Nullable Principal principal, ServiceMethod method) {
		try {
			return asked.mayCall(principal, method);
		}
		catch (Throwable ex) {
			this.failures.leftUndone("It could not be found out who may call " + method, ex);
			return false;
		}
	}

	void starting(List<ServiceMethod> methods) {
		if (this.authorizer != null) {
			this.authorizer.starting(methods);
		}
	}

	/**
	 * What was found out about a caller.
	 *
	 * @param credentials what the caller has shown, or null
	 * @param principal who it is, or null if that is not known
	 * @param validUntil when to find out again, or null for never
	 * @param refusal why its calls are refused, or null if they are not
	 * @param message what it is told then
	 * @param unsure whether nobody said so: it could not be asked
	 */
	record Verdict(@Nullable CallCredentials credentials, @Nullable Principal principal, @Nullable Instant validUntil,
			@Nullable RefusalReason refusal, @Nullable String message, boolean unsure) {

		/** Nobody knows, and nobody needs to. */
		static final Verdict UNKNOWN = new Verdict(null, null, null, null, null, false);

		static Verdict refused(String message) {
			return refused(RefusalReason.UNAUTHENTICATED, message);
		}

		static Verdict refused(RefusalReason reason, String message) {
			return new Verdict(null, null, null, reason, message, reason != RefusalReason.UNAUTHENTICATED);
		}

		/**
		 * The same with what was shown, which is looked into again.
		 */
		Verdict about(CallCredentials shown) {
			return new Verdict(shown, this.principal, this.validUntil, this.refusal, this.message, this.unsure);
		}

	}

}
