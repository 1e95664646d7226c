package io.github.netrpc.server;

import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.server.AccessControl.Verdict;
import io.github.netrpc.server.CallerQuestion.Purpose;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MetadataLimits;

/**
 * Who calls on one connection. Each call may bring a token of its own; others are those
 * of whoever has logged in by {@code _goRPC_.Authenticate} last, or else of the client's
 * certificate. What was found out about the last token is kept, so that it is not looked
 * at again for each call; so is a refusal, for a moment.
 * <p>
 * Judged in the order of the requests, between header and argument. Where that takes
 * long, it is done where handlers run, and the connection is not read meanwhile: so the
 * answer is for the request that is read next. If that takes too long the connection is
 * read on, and whatever needs another answer is refused until this one is here.
 * <p>
 * Who is known is looked up again after a while, as a rule beside the calls. Until that
 * has said something the caller is who it was: a directory that is down keeps out
 * strangers only. Used by the connection's I/O thread.
 */
final class ConnectionAccess {

	private static final String TOO_MANY_STRANGERS = "server is overloaded: it looks into as many unknown callers as it "
			+ "may (limit: a quarter of rpc.server.concurrency.max)";

	private static final String TOO_MANY_KNOWN = "server is overloaded: it looks into as many callers as it may "
			+ "(limit: half of rpc.server.concurrency.max)";

	private static final String SEVERAL_TOKENS = "more than one token is shown (metadata entry \"" + TokenEntry.KEY
			+ "\", in whatever case)";

	/** In this part of its time, and a little more, a verdict is not looked up again. */
	private static final double FRESH_PART = 0.9;

	/** What could not be looked up again is tried this part of the time later. */
	private static final int RETRY_PART = 10;

	private final ServerConnection connection;

	private final AccessControl access;

	private final StrangerPlace place;

	/** Who has logged in, or who the certificate says it is. */
	private @Nullable KeptVerdict login;

	private final ShownTokens tokens = new ShownTokens();

	/**
	 * Why who had logged in, or has shown a certificate, was refused when asked about.
	 */
	private @Nullable KeptRefusal refusedLogin;

	/** For the request that is read next. */
	private @Nullable Verdict decided;

	/** Whether a request or a login waits for the answer to a question. */
	private boolean deciding;

	/** What is being looked into, though nobody may wait for the answer any more. */
	private @Nullable CallerQuestion asked;

	/** The same of somebody who is known, and for whose answer nobody waits. */
	private @Nullable CallerQuestion renewing;

	/** Who had logged in when the one was asked that is being looked into. */
	private @Nullable KeptVerdict loginThen;

	/** How many logins were refused while it was never known who calls. */
	private int refusals;

	/** Waits for the answer to its token. */
	private @Nullable BuiltInCall loggingIn;

	/** Whether it ever was known who calls. */
	private boolean known;

	ConnectionAccess(ServerConnection connection, AccessControl access) {
		this.connection = connection;
		this.access = access;
		this.place = new StrangerPlace(access.strangers());
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
		if (this.place.take(this.connection.remoteAddress())) {
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
		lookAhead();
	}

	private void lookAhead() {
		List<X509Certificate> shown = certificates();
		if (!shown.isEmpty() && this.access.looksAtCertificates()) {
			Verdict verdict = ask(new CallCredentials(null, shown, this.connection.remoteAddress()), Purpose.AHEAD);
			if (verdict != null) {
				foundAhead(verdict);
			}
		}
	}

	// A refusal says no more than that something else has to be shown. But who could not
	// be asked about, for want of room or of time, may say nothing more for a while.
	private void foundAhead(Verdict verdict) {
		if (verdict.refusal() == null) {
			keepLogin(verdict);
		}
		else if (verdict.unsure()) {
			this.connection.lookAheadLater();
		}
	}

	/**
	 * Asks about the certificate again if that could not be done before.
	 * @param busy whether a request is read just now
	 */
	void lookAheadAgain(boolean busy) {
		if (this.known || this.login != null) {
			return;
		}
		if (busy || this.deciding) {
			this.connection.lookAheadLater();
		}
		else {
			lookAhead();
		}
	}

	private void keepLogin(Verdict verdict) {
		this.login = kept(verdict);
		this.refusedLogin = null;
	}

	private KeptVerdict kept(Verdict verdict) {
		long nanos = this.access.agesNanos(verdict);
		if (nanos == 0) {
			return new KeptVerdict(verdict);
		}
		// Not all at once, of those who have come at once.
		long now = now();
		return new KeptVerdict(verdict, now + jittered((long) (nanos * FRESH_PART)), now + nanos);
	}

	private long jittered(long nanos) {
		return this.connection.scope().jittered(nanos);
	}

	private long now() {
		return this.connection.scope().nanoTime().getAsLong();
	}

	/**
	 * The connection is closed, or it is known who calls.
	 */
	void uncount() {
		this.place.leave();
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
		TokenEntry shown = TokenEntry.in(request.metadata());
		Verdict verdict = this.decided;
		this.decided = null;
		// The peer may have let it wait for long by not reading its replies.
		if (verdict == null || !this.access.isValid(verdict)) {
			verdict = judge(shown);
		}
		if (verdict == null) {
			return null;
		}
		TokenEntry.hide(shown, request);
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

	private @Nullable Verdict judge(@Nullable TokenEntry shown) {
		if (shown == null || !this.access.isRequired()) {
			return judgeLogin();
		}
		return shown.isOnlyOne() ? judge(shown.token()) : Verdict.refused(SEVERAL_TOKENS);
	}

	private @Nullable Verdict judge(String token) {
		byte[] shown = ShownTokens.bytes(token);
		KeptVerdict before = this.tokens.good(shown);
		if (before != null && isGood(before)) {
			return goOn(before, Purpose.CALL);
		}
		KeptRefusal ended = this.tokens.refused(shown);
		if (ended != null && !ended.isOver(now())) {
			return ended.verdict();
		}
		Verdict verdict = ask(new CallCredentials(token, certificates(), this.connection.remoteAddress()),
				Purpose.CALL);
		if (verdict != null) {
			keepOfCall(verdict, token);
		}
		return verdict;
	}

	private boolean isGood(KeptVerdict before) {
		return !before.hasEnded() && this.access.isValid(before.verdict());
	}

	private void keepOfCall(Verdict verdict, @Nullable String token) {
		keep(verdict);
		// What could not be asked says nothing of later calls.
		if (verdict.refusal() == RefusalReason.UNAUTHENTICATED && token != null) {
			byte[] shown = ShownTokens.bytes(token);
			KeptRefusal before = this.tokens.refused(shown);
			// Many calls may be on their way with the same one.
			if (!verdict.unsure() && (before == null || before.verdict().unsure())) {
				countRefusal();
			}
			this.tokens.refuse(shown, forAMoment(verdict));
		}
	}

	private KeptRefusal forAMoment(Verdict refusal) {
		return this.access.forAMoment(refusal, now());
	}

	private static @Nullable String tokenOf(Verdict verdict) {
		CallCredentials credentials = verdict.credentials();
		return (credentials != null) ? credentials.token() : null;
	}

	private void keep(Verdict verdict) {
		String token = tokenOf(verdict);
		if (token != null) {
			this.tokens.keep(ShownTokens.bytes(token), kept(verdict));
		}
	}

	private @Nullable Verdict judgeLogin() {
		KeptVerdict before = this.login;
		if (before != null && isGood(before)) {
			return goOn(before, Purpose.CALLS_WITHOUT_TOKEN);
		}
		KeptRefusal ended = this.refusedLogin;
		if (ended != null && !ended.isOver(now())) {
			return ended.verdict();
		}
		CallCredentials credentials = (before != null) ? before.verdict().credentials() : null;
		if (credentials == null) {
			List<X509Certificate> certificates = certificates();
			if (certificates.isEmpty()) {
				Verdict none = this.access.none();
				this.login = new KeptVerdict(none);
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
		if (verdict.refusal() == null) {
			keepLogin(verdict);
			String token = tokenOf(verdict);
			if (token != null) {
				this.tokens.accept(ShownTokens.bytes(token));
			}
		}
		else if (verdict.refusal() == RefusalReason.UNAUTHENTICATED) {
			this.refusedLogin = forAMoment(verdict);
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
		// In UTF-8 it has no fewer bytes than characters.
		byte[] shown = (token.length() <= MetadataLimits.MAX_BYTES) ? ShownTokens.bytes(token) : null;
		if (shown == null || shown.length > MetadataLimits.MAX_BYTES) {
			loggedIn(call, Verdict.refused("the token is too long"));
			return;
		}
		KeptVerdict before = this.tokens.good(shown);
		if (before != null && !before.isDue(now()) && isGood(before)) {
			// The answer may have come too late for an earlier login.
			goesOn(call, before);
			return;
		}
		KeptRefusal ended = this.tokens.refused(shown);
		if (ended != null && !ended.isOver(now())) {
			if (ended.verdict().unsure()) {
				couldNotBeLookedInto(call, token, shown, ended);
			}
			else {
				loggedIn(call, ended.verdict());
			}
			return;
		}
		this.loggingIn = call;
		Verdict verdict = ask(new CallCredentials(token, certificates(), this.connection.remoteAddress()),
				Purpose.LOGIN);
		if (verdict != null) {
			this.loggingIn = null;
			loginWasLookedInto(call, token, verdict);
		}
	}

	private void goesOn(BuiltInCall call, KeptVerdict before) {
		this.login = before;
		this.refusedLogin = null;
		this.connection.answerBuiltIn(call);
	}

	private void loginWasLookedInto(BuiltInCall call, String token, Verdict verdict) {
		byte[] shown = ShownTokens.bytes(token);
		if (verdict.refusal() != null && verdict.unsure()) {
			couldNotBeLookedInto(call, token, shown, forAMoment(verdict));
			return;
		}
		if (verdict.refusal() != null) {
			end(shown);
			// Calls that follow may show the same token.
			this.tokens.refuse(shown, forAMoment(verdict));
		}
		loggedIn(call, verdict);
	}

	/**
	 * Nobody could say who logs in. Who was known by the same token stays who it was, as
	 * with the calls that show it. Whoever shows another one does not, since the calls
	 * that follow are meant as those of the new one: they wait for the next look.
	 */
	private void couldNotBeLookedInto(BuiltInCall call, String token, byte[] shown, KeptRefusal refusal) {
		KeptVerdict before = known(shown);
		if (before != null) {
			if (before.isDue(now())) {
				postpone(before);
			}
			goesOn(call, before);
			return;
		}
		Verdict verdict = refusal.verdict();
		if (verdict.refusal() == RefusalReason.UNAUTHENTICATED) {
			KeptVerdict nobody = new KeptVerdict(
					verdict.about(new CallCredentials(token, certificates(), this.connection.remoteAddress())));
			nobody.end();
			this.login = nobody;
			this.refusedLogin = refusal;
			// Calls that follow may show the same token.
			this.tokens.refuse(shown, refusal);
		}
		else {
			// What could not be asked for want of room says nothing of later calls.
			keepLogin(this.access.none());
		}
		this.connection.refuseLogin(call, verdict);
	}

	private @Nullable KeptVerdict known(byte[] shown) {
		KeptVerdict before = this.tokens.good(shown);
		if (before == null && this.login != null && ShownTokens.isAbout(this.login, shown)) {
			before = this.login;
		}
		return (before != null && isGood(before)) ? before : null;
	}

	/**
	 * Who was known by a token is nobody any more.
	 */
	private void end(byte[] shown) {
		KeptVerdict before = this.tokens.good(shown);
		if (before != null) {
			before.end();
		}
		KeptVerdict current = this.login;
		if (current != null && ShownTokens.isAbout(current, shown)) {
			current.end();
		}
	}

	private void loggedIn(BuiltInCall call, Verdict verdict) {
		// A refused one, too: whoever wants to be somebody else is not who it was.
		keepLogin(verdict);
		if (verdict.refusal() == null) {
			// Calls that follow may show the same token.
			keep(verdict);
			this.connection.answerBuiltIn(call);
		}
		else {
			countRefusal();
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
		CallerQuestion question = question(credentials, purpose, null);
		Verdict surplus = submit(question);
		if (surplus == null) {
			await(question);
		}
		return surplus;
	}

	private CallerQuestion question(CallCredentials credentials, Purpose purpose, @Nullable KeptVerdict before) {
		return new CallerQuestion(this.connection, this.access, this.place, credentials, purpose, before, !this.known,
				this::answered);
	}

	private @Nullable Verdict submit(CallerQuestion question) {
		HandlerExecutor<HandlerWorker> handlers = this.connection.scope().handlers();
		if (!question.begin(handlers.maxRunners())) {
			return Verdict.refused(RefusalReason.QUEUE_FULL,
					question.isOfStranger() ? TOO_MANY_STRANGERS : TOO_MANY_KNOWN);
		}
		if (handlers.submit(question, this.connection.timer())) {
			return null;
		}
		question.end();
		return unasked(RefusalReason.QUEUE_FULL);
	}

	private void await(CallerQuestion question) {
		this.asked = question;
		this.loginThen = this.login;
		this.deciding = true;
		this.connection.flow().awaitVerdict();
	}

	private Verdict unasked(RefusalReason reason) {
		return Verdict.refused(reason, RefusalText.of(reason, this.connection, now()));
	}

	/**
	 * Goes by what was found out before, and has it looked up again when it is time. A
	 * call waits for that only if nobody has made one for long.
	 */
	private @Nullable Verdict goOn(KeptVerdict before, Purpose purpose) {
		Verdict verdict = before.verdict();
		long now = this.connection.batchNanos();
		if (!before.isDue(now)) {
			return verdict;
		}
		CallCredentials credentials = Objects.requireNonNull(verdict.credentials());
		if (!this.access.isSlow(credentials)) {
			return renewed(before, this.access.verify(credentials, true), purpose);
		}
		if (this.asked != null || this.renewing != null) {
			return verdict;
		}
		CallerQuestion question = question(credentials, purpose, before);
		Verdict surplus = submit(question);
		if (surplus != null) {
			return renewed(before, surplus, purpose);
		}
		if (before.isOld(now)) {
			await(question);
			return null;
		}
		this.renewing = question;
		return verdict;
	}

	/**
	 * Who was known was looked up again.
	 * @return what counts from now on
	 */
	private Verdict renewed(KeptVerdict before, Verdict again, Purpose purpose) {
		if (again.unsure()) {
			postpone(before);
			return before.verdict();
		}
		if (again.refusal() != null) {
			before.end();
		}
		if (purpose == Purpose.CALL) {
			if (this.tokens.isKept(before)) {
				keepOfCall(again, Objects.requireNonNull(before.verdict().credentials()).token());
			}
		}
		else if (this.login == before) {
			keepOfCallWithoutToken(again);
		}
		return again;
	}

	private void postpone(KeptVerdict before) {
		long nanos = this.access.agesNanos(before.verdict());
		before.postpone(now() + jittered(nanos / RETRY_PART), now() + nanos);
	}

	private void note(Verdict verdict) {
		if (verdict.refusal() == null && verdict.principal() != null && !this.known) {
			this.known = true;
			uncount();
			this.connection.callerKnown();
		}
	}

	private void answered(CallerQuestion question, Verdict verdict) {
		boolean awaited = this.asked == question && this.deciding;
		if (this.asked == question) {
			this.asked = null;
		}
		if (this.renewing == question) {
			this.renewing = null;
		}
		if (awaited) {
			decide(question, verdict);
		}
		else if (!hasEnded()) {
			answeredLate(question, verdict);
		}
		if (this.asked == null) {
			this.loginThen = null;
		}
	}

	private boolean hasEnded() {
		return this.connection.isClosed() || this.connection.flow().isFinishing();
	}

	/**
	 * Keeps an answer for which nobody waits, or nobody any more: what shows the same
	 * again need not ask again. An authenticator that always takes too long would never
	 * let anybody in.
	 */
	private void answeredLate(CallerQuestion question, Verdict verdict) {
		KeptVerdict before = question.before();
		if (before != null) {
			renewed(before, verdict, question.purpose());
		}
		else if (verdict.refusal() != null) {
			String token = question.credentials().token();
			if (token != null && !verdict.unsure()) {
				end(ShownTokens.bytes(token));
			}
		}
		else {
			note(verdict);
			keep(verdict);
			boolean ofLogin = question.purpose() == Purpose.AHEAD || question.purpose() == Purpose.CALLS_WITHOUT_TOKEN;
			if (ofLogin && this.login == this.loginThen) {
				keepLogin(verdict);
			}
		}
	}

	/**
	 * The answer takes too long: whoever waits for it is refused, unless it was known
	 * before who that is.
	 */
	void giveUpAsking() {
		CallerQuestion question = this.asked;
		if (question != null && this.deciding) {
			decide(question, unasked(RefusalReason.AUTHENTICATION_TIMEOUT));
		}
	}

	private void decide(CallerQuestion question, Verdict verdict) {
		this.deciding = false;
		if (hasEnded()) {
			return;
		}
		note(verdict);
		BuiltInCall call = this.loggingIn;
		this.loggingIn = null;
		switch (question.purpose()) {
			case LOGIN -> loginWasLookedInto(Objects.requireNonNull(call),
					Objects.requireNonNull(question.credentials().token()), verdict);
			case AHEAD -> foundAhead(verdict);
			case CALL, CALLS_WITHOUT_TOKEN -> {
				this.decided = decided(question, verdict);
			}
		}
		this.connection.verdictIsHere();
	}

	private Verdict decided(CallerQuestion question, Verdict verdict) {
		KeptVerdict before = question.before();
		if (before != null) {
			return renewed(before, verdict, question.purpose());
		}
		if (question.purpose() == Purpose.CALL) {
			keepOfCall(verdict, question.credentials().token());
		}
		else {
			keepOfCallWithoutToken(verdict);
		}
		return verdict;
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

}
