package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.server.AccessControl.Verdict;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MetadataLimits;

/**
 * Who calls on one connection. Each call may bring a token of its own; others are those
 * of whoever has logged in by {@code _goRPC_.Authenticate} last, or else of the client's
 * certificate. What was found out about the last token is kept, so that it is not looked
 * at again for each call.
 * <p>
 * Judged in the order of the requests, between header and argument. Where that takes
 * long, it is done where handlers run, and the connection is not read meanwhile: so there
 * is one question at a time, and the answer is for the request that is read next. Used by
 * the connection's I/O thread.
 */
final class ConnectionAccess {

	/** The entry of a request's metadata that is a token. */
	static final String TOKEN = "authorization";

	private static final String TOO_MANY_STRANGERS = "server is overloaded: it looks into as many unknown callers as it "
			+ "may (limit: a quarter of rpc.server.concurrency.max)";

	private final ServerConnection connection;

	private final AccessControl access;

	/** Who has logged in, or who the certificate says it is. */
	private @Nullable Verdict login;

	/** What was found out about the last token that came with a call. */
	private @Nullable Verdict last;

	private byte[] lastToken = {};

	/** For the request that is read next. */
	private @Nullable Verdict decided;

	/** Whether a request or a login waits for the answer to a question. */
	private boolean deciding;

	/** Whether a question is asked, though nobody may wait for its answer any more. */
	private boolean asking;

	/** Whether it counts among those of its address. */
	private boolean counted;

	/** Whether the last question was of who has logged in, not of a call's own token. */
	private boolean askedOfLogin;

	/** Waits for the answer to its token. */
	private @Nullable BuiltInCall loggingIn;

	/** Whether it ever was known who calls. */
	private boolean known;

	ConnectionAccess(ServerConnection connection, AccessControl access) {
		this.connection = connection;
		this.access = access;
	}

	/**
	 * Whether it was never known who calls, and has to be.
	 */
	boolean isAwaited() {
		return !this.known && this.access.isRequired();
	}

	LoginLimits limits() {
		return this.access.limits();
	}

	/**
	 * The connection is open.
	 * @return why it must be closed, or null
	 */
	@Nullable String opened() {
		if (!isAwaited()) {
			return null;
		}
		this.counted = this.access.strangers().add(this.connection.remoteAddress());
		return this.counted ? null
				: limits().connections() + " connections from its address have not said who calls (limit: "
						+ "rpc.server.authentication.max-connections-per-address = " + limits().connections() + ")";
	}

	/**
	 * The connection is closed, or it is known who calls.
	 */
	void uncount() {
		if (this.counted) {
			this.counted = false;
			this.access.strangers().remove(this.connection.remoteAddress());
		}
	}

	// Calls

	/**
	 * Decides about a request of which the header was read.
	 * @param request the request
	 * @return the same or what answers it with a refusal; null if that takes longer: it
	 * is then asked again when the connection is read on
	 */
	@Nullable IncomingRequest admit(IncomingRequest request) {
		if (request instanceof BuiltInCall) {
			return request;
		}
		if (this.deciding) {
			return null;
		}
		String token = request.metadata().get(TOKEN);
		Verdict verdict = this.decided;
		this.decided = null;
		// The peer may have let it wait for long by not reading its replies.
		if (verdict == null || !this.access.isValid(verdict)) {
			verdict = (token != null && this.access.isRequired()) ? judge(token) : judgeLogin();
		}
		if (verdict == null) {
			return null;
		}
		if (token != null) {
			request.extensions(request.timeLeftNanos(), without(request.metadata()));
		}
		RefusalReason refusal = verdict.refusal();
		if (refusal != null) {
			return new DeniedCall(this.connection, request, refusal, verdict.message());
		}
		return authorize(request, verdict.principal());
	}

	private IncomingRequest authorize(IncomingRequest request, @Nullable Principal principal) {
		ServedMethod method = DeniedCall.methodOf(request);
		RefusalReason refusal = (method != null) ? this.access.refusal(principal, method.name()) : null;
		if (refusal != null) {
			return new DeniedCall(this.connection, request, refusal, null);
		}
		if (request instanceof ServerCall call) {
			call.principal(principal);
		}
		return request;
	}

	// Handlers may write metadata into logs.
	private static Map<String, String> without(Map<String, String> metadata) {
		if (metadata.size() == 1) {
			return Map.of();
		}
		Map<String, String> rest = new HashMap<>(metadata);
		rest.remove(TOKEN);
		return Map.copyOf(rest);
	}

	private @Nullable Verdict judge(String token) {
		byte[] shown = token.getBytes(StandardCharsets.UTF_8);
		Verdict before = this.last;
		if (before != null && MessageDigest.isEqual(this.lastToken, shown) && this.access.isValid(before)) {
			return before;
		}
		this.askedOfLogin = false;
		Verdict verdict = ask(new CallCredentials(token, certificates(), this.connection.remoteAddress()));
		if (verdict != null) {
			keep(verdict);
		}
		return verdict;
	}

	private void keep(Verdict verdict) {
		CallCredentials credentials = verdict.credentials();
		String token = (credentials != null) ? credentials.token() : null;
		if (token != null) {
			this.last = verdict;
			this.lastToken = token.getBytes(StandardCharsets.UTF_8);
		}
	}

	private @Nullable Verdict judgeLogin() {
		Verdict before = this.login;
		if (before != null && this.access.isValid(before)) {
			return before;
		}
		CallCredentials credentials = (before != null) ? before.credentials() : null;
		if (credentials == null) {
			List<X509Certificate> certificates = certificates();
			if (certificates.isEmpty()) {
				Verdict none = this.access.none();
				this.login = none;
				return none;
			}
			credentials = new CallCredentials(null, certificates, this.connection.remoteAddress());
		}
		this.askedOfLogin = true;
		Verdict verdict = ask(credentials);
		if (verdict != null && verdict.refusal() == null) {
			this.login = verdict;
		}
		return verdict;
	}

	// Logging in

	/**
	 * Finds out who has logged in, and answers.
	 * @param call the call
	 * @param token its argument
	 */
	void logIn(BuiltInCall call, String token) {
		if (!this.access.isRequired()) {
			this.connection.answerBuiltIn(call);
			return;
		}
		if (token.length() > MetadataLimits.MAX_BYTES) {
			loggedIn(call, Verdict.refused("the token is too long"));
			return;
		}
		this.loggingIn = call;
		Verdict verdict = ask(new CallCredentials(token, certificates(), this.connection.remoteAddress()));
		if (verdict != null) {
			this.loggingIn = null;
			loggedIn(call, verdict);
		}
	}

	private void loggedIn(BuiltInCall call, Verdict verdict) {
		RefusalReason refusal = verdict.refusal();
		// A refused one, too: whoever wants to be somebody else is not who it was. What
		// could not be asked for want of room says nothing of later calls.
		this.login = (refusal == null || refusal == RefusalReason.UNAUTHENTICATED) ? verdict : this.access.none();
		if (refusal == null) {
			// Calls that follow may show the same token.
			keep(verdict);
			this.connection.answerBuiltIn(call);
		}
		else {
			this.connection.refuseLogin(call, verdict);
		}
	}

	// Asking

	private @Nullable Verdict ask(CallCredentials credentials) {
		if (!this.access.isSlow(credentials)) {
			Verdict verdict = this.access.verify(credentials);
			note(verdict);
			return verdict;
		}
		if (this.asking) {
			// An authenticator that hangs costs one thread, however long the peer tries.
			return unasked(RefusalReason.AUTHENTICATION_TIMEOUT);
		}
		HandlerExecutor<HandlerWorker> handlers = this.connection.scope().handlers();
		boolean ofStranger = !this.known;
		if (ofStranger && !this.access.beginQuestionOfStranger(handlers.maxRunners())) {
			return Verdict.refused(RefusalReason.QUEUE_FULL, TOO_MANY_STRANGERS);
		}
		Question question = new Question(credentials, ofStranger);
		if (handlers.submit(question, this.connection.timer())) {
			this.asking = true;
			this.deciding = true;
			this.connection.flow().awaitVerdict();
			return null;
		}
		question.end();
		return unasked(RefusalReason.QUEUE_FULL);
	}

	private Verdict unasked(RefusalReason reason) {
		return Verdict.refused(reason, RefusalText.of(reason, this.connection, this.connection.batchNanos()));
	}

	private void note(Verdict verdict) {
		if (verdict.refusal() == null && verdict.principal() != null && !this.known) {
			this.known = true;
			uncount();
			this.connection.callerKnown();
		}
	}

	private void answered(Verdict verdict) {
		this.asking = false;
		if (this.deciding) {
			decide(verdict);
		}
	}

	/**
	 * The answer takes too long: whoever waits for it is refused, and what it will be
	 * does not matter any more.
	 */
	void giveUpAsking() {
		if (this.deciding) {
			decide(unasked(RefusalReason.AUTHENTICATION_TIMEOUT));
		}
	}

	private void decide(Verdict verdict) {
		this.deciding = false;
		if (this.connection.isClosed() || this.connection.flow().isFinishing()) {
			return;
		}
		note(verdict);
		BuiltInCall call = this.loggingIn;
		this.loggingIn = null;
		if (call != null) {
			loggedIn(call, verdict);
		}
		else {
			this.decided = verdict;
			keepAsked(verdict);
		}
		this.connection.verdictIsHere();
	}

	private void keepAsked(Verdict verdict) {
		CallCredentials credentials = verdict.credentials();
		if (credentials == null) {
			return;
		}
		if (this.askedOfLogin) {
			this.login = verdict;
		}
		else {
			keep(verdict);
		}
	}

	private List<X509Certificate> certificates() {
		SSLSession session = this.connection.connection().tlsSession();
		List<X509Certificate> certificates = new ArrayList<>();
		if (session != null) {
			try {
				for (Certificate each : session.getPeerCertificates()) {
					certificates.add((X509Certificate) each);
				}
			}
			catch (SSLPeerUnverifiedException ex) {
				// The client has shown none.
			}
		}
		return certificates;
	}

	/**
	 * A question to the authenticator, asked where handlers run.
	 */
	private final class Question implements HandlerExecutor.Task<HandlerWorker> {

		private final CallCredentials credentials;

		private final boolean ofStranger;

		private final long queuedNanos = ConnectionAccess.this.connection.batchNanos();

		private Question(CallCredentials credentials, boolean ofStranger) {
			this.credentials = credentials;
			this.ofStranger = ofStranger;
		}

		@Override
		public boolean run(HandlerWorker worker) {
			Verdict verdict = null;
			try {
				if (!ConnectionAccess.this.connection.isClosed()) {
					verdict = ConnectionAccess.this.access.verify(this.credentials);
				}
			}
			finally {
				end();
			}
			if (verdict != null) {
				tell(verdict);
			}
			return true;
		}

		@Override
		public void refuse(RefusalReason reason) {
			end();
			tell(unasked(reason));
		}

		/** It is neither waited for nor worked on any more. */
		private void end() {
			if (this.ofStranger) {
				ConnectionAccess.this.access.questionOfStrangerEnded();
			}
		}

		private void tell(Verdict verdict) {
			ConnectionAccess.this.connection.execute(() -> answered(verdict));
		}

		// One whose connection has ended is taken in its turn, and then ends.
		@Override
		public boolean isOver() {
			return false;
		}

		@Override
		public long queuedNanos() {
			return this.queuedNanos;
		}

	}

}
