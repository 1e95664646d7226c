package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

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
 * at again for each call; so is a refusal, for a moment.
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

	/** Why the token was refused that was refused last, of those that came with calls. */
	private @Nullable Verdict refused;

	private byte[] refusedToken = {};

	/**
	 * Why who had logged in, or has shown a certificate, was refused when asked about.
	 */
	private @Nullable Verdict refusedLogin;

	/** For the request that is read next. */
	private @Nullable Verdict decided;

	/** Whether a request or a login waits for the answer to a question. */
	private boolean deciding;

	/** What is being looked into, though nobody may wait for the answer any more. */
	private @Nullable Question asked;

	/** Whether it counts among those of its address, as far as it is concerned. */
	private boolean counted;

	/** What keeps its place among those: the connection, and a question about it. */
	private final AtomicInteger holds = new AtomicInteger();

	/** How many logins were refused while it was never known who calls. */
	private int refusals;

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
		boolean shakesHands = this.connection.connection().tlsSession() != null && this.access.looksAtCertificates();
		if (!isAwaited() && !shakesHands) {
			return null;
		}
		this.counted = this.access.strangers().add(this.connection.remoteAddress());
		if (this.counted) {
			this.holds.set(1);
			return null;
		}
		return limits().connections() + " connections from its address have not said who calls (limit: "
				+ "rpc.server.authentication.max-connections-per-address = " + limits().connections() + ")";
	}

	/**
	 * The TLS handshake is over. Looks at the client's certificate at once: who needs
	 * nothing else may be silent for as long as it likes, and is no stranger.
	 */
	void secured() {
		if (!this.access.isRequired()) {
			uncount();
		}
		List<X509Certificate> shown = certificates();
		if (!shown.isEmpty() && this.access.looksAtCertificates()) {
			Verdict verdict = ask(new CallCredentials(null, shown, this.connection.remoteAddress()), Purpose.AHEAD);
			if (verdict != null) {
				keepAhead(verdict);
			}
		}
	}

	// A refusal says no more than that something else has to be shown.
	private void keepAhead(Verdict verdict) {
		if (verdict.refusal() == null) {
			keepLogin(verdict);
		}
	}

	private void keepLogin(Verdict verdict) {
		this.login = verdict;
		this.refusedLogin = null;
	}

	/**
	 * The connection is closed, or it is known who calls.
	 */
	void uncount() {
		if (this.counted) {
			this.counted = false;
			letGo();
		}
	}

	// On any thread. Who leaves while its question is looked into has not made room.
	private void letGo() {
		if (this.holds.decrementAndGet() == 0) {
			this.access.strangers().remove(this.connection.remoteAddress());
		}
	}

	/**
	 * Whether so many logins were refused that no more are answered.
	 */
	boolean isRefusedTooOften() {
		return !this.known && this.refusals >= limits().refusals();
	}

	private void countRefusal() {
		if (!this.known) {
			this.refusals++;
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
		if (this.deciding) {
			return null;
		}
		if (request instanceof BuiltInCall) {
			return request;
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
		hideToken(request);
		RefusalReason refusal = verdict.refusal();
		if (refusal != null) {
			return new DeniedCall(this.connection, request, refusal, verdict.message());
		}
		return authorize(request, verdict.principal());
	}

	private IncomingRequest authorize(IncomingRequest request, @Nullable Principal principal) {
		ServedMethod method = DeniedCall.methodOf(request);
		RefusalReason refusal = (method != null) ? this.access.refusal(principal, method.name())
				: this.access.refusalOfUnknown(principal);
		if (refusal != null) {
			return new DeniedCall(this.connection, request, refusal, null);
		}
		if (request instanceof ServerCall call) {
			call.principal(principal);
		}
		return request;
	}

	/**
	 * Takes tokens out of the metadata of a request, also those that nobody looks at:
	 * handlers may write metadata into logs. In whatever case the entry is written, since
	 * other protocols do not mind.
	 */
	static void hideToken(IncomingRequest request) {
		Map<String, String> metadata = request.metadata();
		if (metadata.isEmpty()) {
			return;
		}
		for (String key : metadata.keySet()) {
			if (TOKEN.equalsIgnoreCase(key)) {
				Map<String, String> rest = new HashMap<>(metadata);
				rest.keySet().removeIf(TOKEN::equalsIgnoreCase);
				request.metadata(Map.copyOf(rest));
				return;
			}
		}
	}

	private @Nullable Verdict judge(String token) {
		byte[] shown = token.getBytes(StandardCharsets.UTF_8);
		Verdict before = this.last;
		if (before != null && MessageDigest.isEqual(this.lastToken, shown) && this.access.isValid(before)) {
			return before;
		}
		before = this.refused;
		if (before != null && Arrays.equals(this.refusedToken, shown) && this.access.isValid(before)) {
			return before;
		}
		Verdict verdict = ask(new CallCredentials(token, certificates(), this.connection.remoteAddress()),
				Purpose.CALL);
		if (verdict != null) {
			keepOfCall(verdict, token);
		}
		return verdict;
	}

	private void keepOfCall(Verdict verdict, @Nullable String token) {
		keep(verdict);
		// What could not be asked says nothing of later calls.
		if (verdict.refusal() == RefusalReason.UNAUTHENTICATED && token != null) {
			byte[] shown = token.getBytes(StandardCharsets.UTF_8);
			// Many calls may be on their way with the same one.
			if (this.refused == null || !Arrays.equals(this.refusedToken, shown)) {
				countRefusal();
			}
			this.refused = this.access.forAMoment(verdict);
			this.refusedToken = shown;
		}
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
		Verdict ended = this.refusedLogin;
		if (ended != null && this.access.isValid(ended)) {
			return ended;
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
		Verdict verdict = ask(credentials, Purpose.CALLS_WITHOUT_TOKEN);
		if (verdict != null) {
			keepOfCallWithoutToken(verdict);
		}
		return verdict;
	}

	private void keepOfCallWithoutToken(Verdict verdict) {
		keepAhead(verdict);
		if (verdict.refusal() == RefusalReason.UNAUTHENTICATED) {
			this.refusedLogin = this.access.forAMoment(verdict);
		}
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
		Verdict verdict = ask(new CallCredentials(token, certificates(), this.connection.remoteAddress()),
				Purpose.LOGIN);
		if (verdict != null) {
			this.loggingIn = null;
			loggedIn(call, verdict);
		}
	}

	private void loggedIn(BuiltInCall call, Verdict verdict) {
		RefusalReason refusal = verdict.refusal();
		// A refused one, too: whoever wants to be somebody else is not who it was. What
		// could not be asked for want of room says nothing of later calls.
		keepLogin((refusal == null || refusal == RefusalReason.UNAUTHENTICATED) ? verdict : this.access.none());
		if (refusal == RefusalReason.UNAUTHENTICATED) {
			countRefusal();
		}
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

	private @Nullable Verdict ask(CallCredentials credentials, Purpose purpose) {
		if (!this.access.isSlow(credentials)) {
			Verdict verdict = this.access.verify(credentials, purpose != Purpose.AHEAD);
			note(verdict);
			return verdict;
		}
		if (this.asked != null) {
			// An authenticator that hangs costs one thread, however long the peer tries.
			return unasked(RefusalReason.AUTHENTICATION_TIMEOUT);
		}
		HandlerExecutor<HandlerWorker> handlers = this.connection.scope().handlers();
		boolean ofStranger = !this.known;
		if (ofStranger && !this.access.beginQuestionOfStranger(handlers.maxRunners())) {
			return Verdict.refused(RefusalReason.QUEUE_FULL, TOO_MANY_STRANGERS);
		}
		Question question = new Question(credentials, purpose, ofStranger);
		if (handlers.submit(question, this.connection.timer())) {
			this.asked = question;
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

	private void answered(Question question, Verdict verdict) {
		this.asked = null;
		if (this.deciding) {
			decide(question, verdict);
		}
	}

	/**
	 * The answer takes too long: whoever waits for it is refused, and what it will be
	 * does not matter any more.
	 */
	void giveUpAsking() {
		Question question = this.asked;
		if (question != null && this.deciding) {
			decide(question, unasked(RefusalReason.AUTHENTICATION_TIMEOUT));
		}
	}

	private void decide(Question question, Verdict verdict) {
		this.deciding = false;
		if (this.connection.isClosed() || this.connection.flow().isFinishing()) {
			return;
		}
		note(verdict);
		BuiltInCall call = this.loggingIn;
		this.loggingIn = null;
		switch (question.purpose) {
			case LOGIN -> loggedIn(Objects.requireNonNull(call), verdict);
			case AHEAD -> keepAhead(verdict);
			case CALL -> {
				this.decided = verdict;
				keepOfCall(verdict, question.credentials.token());
			}
			case CALLS_WITHOUT_TOKEN -> {
				this.decided = verdict;
				keepOfCallWithoutToken(verdict);
			}
		}
		this.connection.verdictIsHere();
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
	 * For whom it is found out who calls.
	 */
	private enum Purpose {

		/** For one call, which has shown a token. */
		CALL,

		/** For the calls that show none. */
		CALLS_WITHOUT_TOKEN,

		/** For who logs in. */
		LOGIN,

		/** For nobody yet. */
		AHEAD

	}

	/**
	 * A question to the authenticator, asked where handlers run.
	 */
	private final class Question implements HandlerExecutor.Task<HandlerWorker> {

		private final CallCredentials credentials;

		private final Purpose purpose;

		private final boolean ofStranger;

		/** Whether it keeps the connection's place among those of its address. */
		private final boolean holds = ConnectionAccess.this.counted;

		private final long queuedNanos = ConnectionAccess.this.connection.scope().nanoTime().getAsLong();

		private Question(CallCredentials credentials, Purpose purpose, boolean ofStranger) {
			this.credentials = credentials;
			this.purpose = purpose;
			this.ofStranger = ofStranger;
			if (this.holds) {
				ConnectionAccess.this.holds.incrementAndGet();
			}
		}

		@Override
		public boolean run(HandlerWorker worker) {
			Verdict verdict = null;
			try {
				if (!ConnectionAccess.this.connection.isClosed()) {
					verdict = ConnectionAccess.this.access.verify(this.credentials, this.purpose != Purpose.AHEAD);
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
			if (this.holds) {
				letGo();
			}
		}

		private void tell(Verdict verdict) {
			ConnectionAccess.this.connection.execute(() -> answered(this, verdict));
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
