package io.github.netrpc.server;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.exec.StallWatch;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.WireException;

/**
 * The server's side of one connection: gives its calls to handlers, sends their replies
 * in whatever order they come, and ends calls that nobody waits for any more.
 * {@link ProtocolDetector} finds out what the peer speaks, {@link FlowControl} stops
 * reading where too much is under way, {@link ConnectionDeadlines} has the timer, and
 * {@link InFlightTable} the calls.
 * <p>
 * Methods without another remark run on the connection's I/O thread.
 */
final class ServerConnection implements ConnectionHandler, RequestSink, Unflushed.Flushable, ProtocolDetector.Outcome {

	private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{16}");

	private static final Map<String, String> DRAIN_NOTICE = Map.of("drain", "true");

	private final ServerScope scope;

	/** Calls accepted. Written by the I/O thread only. */
	private final AtomicLong begun = new AtomicLong();

	/** Calls ended, by any thread. */
	private final AtomicLong ended = new AtomicLong();

	private final AtomicBoolean unflushed = new AtomicBoolean();

	private final InFlightTable<ServerCall> calls = new InFlightTable<>();

	private final FlowControl flow;

	/** Null if everybody may call everything. */
	private final @Nullable ConnectionAccess access;

	private final ConnectionDeadlines deadlines = new ConnectionDeadlines(this);

	private final StallWatch.Timer timer = this::runLater;

	private final long openedNanos;

	private volatile boolean closed;

	private volatile @Nullable Connection connection;

	// Another connection's thread may end this one when it never said anything.
	private volatile boolean endCounted;

	private volatile @Nullable ServedFormat format;

	private volatile @Nullable String id;

	private @Nullable ServerCodec codec;

	private @Nullable ProtocolDetector detector;

	private @Nullable HandlerWorker worker;

	/** Refused, and its argument is to be skipped. */
	private @Nullable DeniedCall denied;

	private long batchNanos;

	private long lastCallNanos;

	private long requests;

	private long sentAtLastLook;

	private boolean spoke;

	/**
	 * Why the connection ends as soon as its peer's first request is here, if it does.
	 */
	private @Nullable CloseReason retiring;

	/** Whether the peer was told to go. */
	private boolean noticed;

	ServerConnection(ServerScope scope) {
		this.scope = scope;
		this.flow = new FlowControl(this);
		this.access = (scope.access() != null) ? new ConnectionAccess(this, scope.access()) : null;
		this.openedNanos = scope.nanoTime().getAsLong();
		this.lastCallNanos = this.openedNanos;
	}

	// Input

	@Override
	public void opened(Connection connection) {
		this.connection = connection;
		ServerConnection surplus = this.scope.connections().add(this);
		if (surplus != null) {
			surplus.countEnd(this.scope.connections().surplusReason(surplus == this));
			this.scope.failures()
				.gaveUp(surplus.remoteAddress(), this.scope.connections().describeSurplus(surplus == this), null);
			surplus.connection().close();
		}
		if (surplus == this) {
			this.flow.readNoMore();
			return;
		}
		if (isTooManyOfStrangers()) {
			return;
		}
		this.deadlines.opened(this.openedNanos);
		if (this.scope.connections().isClosing()) {
			retire(CloseReason.SHUTDOWN);
		}
	}

	private boolean isTooManyOfStrangers() {
		ConnectionAccess asked = this.access;
		String surplus = (asked != null) ? asked.opened() : null;
		if (surplus != null) {
			this.flow.readNoMore();
			abandon(CloseReason.STRANGERS, surplus);
		}
		else if (asked != null && asked.isAwaited()) {
			this.deadlines.awaitLogin(this.openedNanos, asked.limits());
		}
		return surplus != null;
	}

	@Override
	public void secured() {
		if (this.access != null && !this.closed && !this.flow.isFinishing()) {
			this.access.secured();
		}
	}

	@Override
	public int received(byte[] buffer, int from, int to) {
		if (this.flow.isFinishing() || this.closed) {
			return to - from;
		}
		if (!this.spoke) {
			this.spoke = true;
			if (!isAwaitingLogin()) {
				this.scope.connections().spoke(this);
			}
		}
		this.batchNanos = this.scope.nanoTime().getAsLong();
		long requestsBefore = this.requests;
		int consumed;
		try {
			consumed = decode(buffer, from, to);
		}
		catch (WireException ex) {
			answerDenied();
			giveUp(ex.isLimit() ? CloseReason.LIMIT : CloseReason.MALFORMED,
					Objects.requireNonNull(ex.getMessage()) + ((ex.isLimit() && isAwaitingLogin())
							? ", before it is known who calls (rpc.server.authentication.max-message-size)" : ""),
					null);
			return to - from;
		}
		catch (RuntimeException | StackOverflowError ex) {
			giveUp(CloseReason.INTERNAL, "reading failed", ex);
			return to - from;
		}
		finally {
			endBatch();
		}
		CloseReason retired = this.retiring;
		if (retired != null && this.requests > 0) {
			retire(retired);
		}
		if (this.flow.isFinishing()) {
			return to - from;
		}
		this.flow.batchEnded();
		this.flow.inputWaits(to - from - consumed);
		if (this.codec != null && this.flow.definesTooMuch(this.codec.definitionBytes())) {
			abandonForDefinitions(this.codec.definitionBytes());
			return to - from;
		}
		boolean partial = (!this.flow.isPaused() || this.flow.holdsInput())
				&& (consumed < to - from || (this.codec != null && this.codec.inRequest()));
		this.deadlines.requestIs(partial, this.requests != requestsBefore, this.requests == 0);
		return consumed;
	}

	private void abandonForDefinitions(int bytes) {
		ByteTotal all = this.scope.definitions();
		abandon(CloseReason.DEFINITIONS,
				"its definitions of types take " + bytes + " bytes, those of all connections " + all.bytes()
						+ " (limit: a quarter of rpc.server.max-arguments-size = " + all.limit()
						+ " bytes, then half of it)");
	}

	private int decode(byte[] buffer, int from, int to) throws WireException {
		int next = from;
		if (this.codec == null) {
			ProtocolDetector current = this.detector;
			if (current == null) {
				current = new ProtocolDetector(this.scope, this);
				this.detector = current;
			}
			next += current.read(buffer, from, to);
		}
		ServerCodec chosen = this.codec;
		return (chosen != null && next < to) ? next - from + chosen.decode(buffer, next, to, this) : next - from;
	}

	@Override
	public void serve(ServedFormat served) {
		this.detector = null;
		this.format = served;
		ServerCodec chosen = served.format().serverCodec();
		ConnectionAccess asked = this.access;
		if (asked != null && asked.isAwaited()) {
			chosen.limitMessages(asked.limits().messageBytes());
		}
		this.codec = chosen;
	}

	@Override
	public void answer(MessageBuffer answer, @Nullable ServedFormat served) {
		connection().send(answer);
		if (served != null) {
			serve(served);
		}
		else {
			countEnd(CloseReason.HTTP);
			finish();
		}
	}

	@Override
	public void unknown(String reason) {
		this.flow.readNoMore();
		abandon(CloseReason.UNKNOWN_PROTOCOL, reason);
	}

	@Override
	public IncomingRequest begin(byte[] buffer, int from, int to) {
		ServedMethod method = this.scope.table().find(buffer, from, to);
		if (method != null) {
			RefusalReason refusal = method.nonBlocking() ? refusal(method) : refusalOfQueued(method);
			return (refusal != null) ? new RefusedCall(this, method, refusal, this.batchNanos)
					: new ServerCall(this, method, method.plan(format()), this.batchNanos);
		}
		BuiltInMethods.Method builtIn = BuiltInMethods.Method.find(buffer, from, to);
		return (builtIn != null) ? new BuiltInCall(this, builtIn)
				: new UnknownCall(this, Arrays.copyOfRange(buffer, from, to), this.batchNanos);
	}

	private @Nullable RefusalReason refusalOfQueued(ServedMethod method) {
		RefusalReason refusal = refusal(method);
		return (refusal != null) ? refusal : this.scope.handlers().full();
	}

	private @Nullable RefusalReason refusal(ServedMethod method) {
		if (this.noticed && this.scope.connections().isClosing()) {
			return RefusalReason.SHUTDOWN;
		}
		if (hasTooManyCalls()) {
			return RefusalReason.CONNECTION_FULL;
		}
		if (isExtended() && this.flow.hasTooManyArguments()) {
			return RefusalReason.ARGUMENTS_FULL;
		}
		return (method.isAsync() && this.scope.async().isFull()) ? RefusalReason.ASYNC_FULL : null;
	}

	@Override
	public @Nullable IncomingRequest admit(IncomingRequest request) {
		ConnectionAccess asked = this.access;
		if (asked == null) {
			TokenEntry.hide(request);
			return request;
		}
		IncomingRequest admitted = asked.admit(request);
		this.denied = (admitted instanceof DeniedCall call) ? call : null;
		return admitted;
	}

	@Override
	public boolean wantsMore() {
		return this.flow.wantsMore();
	}

	/**
	 * A request is complete: runs its method.
	 * @param call the call
	 * @param inline whether on this thread
	 */
	void accept(ServerCall call, boolean inline) {
		count();
		this.flow.accepted(call.size());
		this.calls.add(call);
		if (call.hasDeadline()) {
			this.deadlines.callEndsAt(call.deadlineNanos());
		}
		long lease = call.leaseNanos();
		if (lease > 0) {
			this.deadlines.leaseEndsAt(this.batchNanos + lease);
		}
		if (inline) {
			call.run(worker());
		}
		else {
			submit(call);
		}
	}

	private void submit(ServerCall call) {
		if (!this.scope.handlers().submit(call, this.timer)) {
			call.refuse(RefusalReason.QUEUE_FULL);
		}
	}

	/**
	 * Submits a call that was held back. Its wait for its own peer does not count.
	 * @param call the call, which counts as running
	 * @return false if it has ended, and nobody will count it out
	 */
	boolean submitAgain(ServerCall call) {
		boolean waits = call.admit(this.scope.nanoTime().getAsLong());
		if (waits) {
			submit(call);
		}
		return waits;
	}

	/**
	 * Counts a call that is complete.
	 */
	void count() {
		this.requests++;
		this.lastCallNanos = this.batchNanos;
		this.begun.lazySet(this.begun.getPlain() + 1);
	}

	/**
	 * Keeps buffers for answers that are given while a batch is read.
	 * @return the worker
	 */
	HandlerWorker worker() {
		HandlerWorker current = this.worker;
		if (current == null) {
			current = new HandlerWorker(this.scope.formats(), null, null);
			this.worker = current;
		}
		return current;
	}

	// The worker's buffers go back to the pool: an idle connection keeps none.
	private void endBatch() {
		HandlerWorker current = this.worker;
		if (current != null) {
			this.worker = null;
			current.close();
		}
	}

	/**
	 * Keeps calls from starting. On any thread.
	 */
	FlowControl flow() {
		return this.flow;
	}

	/**
	 * Calls have waited for room for their replies.
	 */
	void waitedForRoom() {
		this.flow.waitedForRoom();
	}

	/**
	 * Looks whether what the connection waits for has come. On any thread.
	 */
	void attend() {
		this.flow.sendForAttend();
	}

	// Calls without a handler

	/**
	 * Refuses a call because of its caller.
	 * @param request the call, whose argument was skipped
	 * @param reason why
	 * @param message what the caller is told, or null for the words of the reason
	 * @param recorder records the outcome
	 * @param beganNanos when the request came
	 */
	void deny(IncomingRequest request, RefusalReason reason, @Nullable String message, CallRecorder recorder,
			long beganNanos) {
		this.denied = null;
		this.scope.refusals().count(reason);
		refuse(request, reason.code(), (message != null) ? message : reason.message(), recorder, beganNanos);
		closeIfRefusedTooOften();
	}

	private void closeIfRefusedTooOften() {
		ConnectionAccess asked = this.access;
		if (asked != null && asked.isRefusedTooOften() && !this.flow.isFinishing()) {
			giveUp(CloseReason.REFUSED_LOGINS,
					asked.limits().refusals() + " logins were refused (limit: "
							+ "rpc.server.authentication.max-refused-logins = " + asked.limits().refusals() + ")",
					null);
		}
	}

	/**
	 * Refuses a call whose argument was skipped.
	 * @param request the call
	 * @param method the method that was called
	 * @param reason why it is refused
	 * @param beganNanos when the request came
	 */
	void refuse(IncomingRequest request, ServedMethod method, RefusalReason reason, long beganNanos) {
		this.scope.refusals().count(reason);
		refuse(request, reason.code(), RefusalText.of(reason, this, beganNanos), method.plan(format()).recorder(),
				beganNanos);
	}

	/**
	 * Answers a call of a method that does not exist.
	 * @param request the call
	 * @param beganNanos when the request came
	 */
	void refuseUnknown(IncomingRequest request, long beganNanos) {
		refuse(request, RpcCode.UNIMPLEMENTED, this.scope.table().describeMissing(request.methodName()),
				format().unknown(), beganNanos);
	}

	/**
	 * Answers a call that does not run.
	 * @param request the call
	 * @param code the outcome
	 * @param message the error string
	 * @param recorder records the outcome
	 * @param beganNanos when the request came
	 */
	void refuse(IncomingRequest request, RpcCode code, String message, CallRecorder recorder, long beganNanos) {
		count();
		try {
			answerError(request, code, Known.NOT_RUN, message, Map.of(), worker().buffer(format()), recorder,
					beganNanos, null);
		}
		finally {
			callEnded();
		}
	}

	/**
	 * Answers a call of a built-in method, which counts nowhere.
	 * @param call the call
	 */
	void answerBuiltIn(BuiltInCall call) {
		this.requests++;
		MessageBuffer buffer = format().buffers().acquire();
		try {
			codec().encodeReply(call, null, call.nothing(), Map.of(), buffer);
			connection().send(buffer);
		}
		catch (EncodeException ex) {
			giveUp(CloseReason.INTERNAL, "an empty reply could not be encoded", ex);
			return;
		}
		finally {
			format().buffers().release(buffer);
		}
		this.flow.sent();
	}

	/**
	 * Refuses a call of a built-in method.
	 * @param request the call
	 * @param reason what came and what was expected
	 */
	void refuseBuiltIn(IncomingRequest request, String reason) {
		refuseBuiltIn(request, RpcCode.INVALID_ARGUMENT, reason);
	}

	private void refuseBuiltIn(IncomingRequest request, RpcCode code, String reason) {
		this.requests++;
		MessageBuffer buffer = format().buffers().acquire();
		answerError(request, code, Known.NOT_RUN, reason, Map.of(), buffer, CallRecorder.NONE, this.batchNanos, null);
		format().buffers().release(buffer);
	}

	/**
	 * Refuses a caller who wants to log in.
	 * @param call the call with the token
	 * @param verdict why
	 */
	void refuseLogin(BuiltInCall call, AccessControl.Verdict verdict) {
		RefusalReason reason = Objects.requireNonNull(verdict.refusal());
		this.scope.refusals().count(reason);
		refuseBuiltIn(call, reason.code(), (verdict.message() != null) ? verdict.message() : reason.message());
		closeIfRefusedTooOften();
	}

	/**
	 * Somebody says who it is.
	 * @param call the call
	 * @param token what proves it
	 */
	void logIn(BuiltInCall call, String token) {
		if (this.access != null) {
			this.access.logIn(call, token);
		}
		else {
			// Who calls does not matter here.
			answerBuiltIn(call);
		}
	}

	/**
	 * It is known for the first time who calls.
	 */
	void callerKnown() {
		this.deadlines.loggedIn();
		if (this.codec != null) {
			this.codec.limitMessages(Integer.MAX_VALUE);
		}
		// Also if it never said anything: its certificate did.
		this.scope.connections().spoke(this);
	}

	/**
	 * It could not be asked who has the certificate that it has shown.
	 */
	void lookAheadLater() {
		this.deadlines.lookAheadLater();
	}

	/**
	 * It may be asked now.
	 * @param partial whether a request is partial
	 */
	void lookAheadAgain(boolean partial) {
		Objects.requireNonNull(this.access).lookAheadAgain(partial || this.flow.isPaused());
	}

	/**
	 * It was found out who makes the request that was begun. The rest of it has the time
	 * that it would have had.
	 */
	void verdictIsHere() {
		this.batchNanos = this.scope.nanoTime().getAsLong();
		this.flow.verdictIsHere();
		if (!this.flow.isPaused() && !this.flow.isFinishing() && !this.closed) {
			this.deadlines.requestIs(this.codec != null && this.codec.inRequest(), false, this.requests == 0);
		}
	}

	/**
	 * It was not found out in time who makes the request that was begun.
	 */
	void verdictIsLate() {
		Objects.requireNonNull(this.access).giveUpAsking();
	}

	/**
	 * Whether it owes an answer: to a call that was accepted, or to a request of which it
	 * is being found out who makes it.
	 */
	boolean isWorking() {
		return callsInFlight() > 0 || this.flow.awaitsVerdict();
	}

	private boolean isAwaitingLogin() {
		return this.access != null && this.access.isAwaited();
	}

	// Its argument is too large to be skipped, but the caller is told why it is refused.
	private void answerDenied() {
		DeniedCall call = this.denied;
		if (call != null) {
			call.received(null);
		}
	}

	/**
	 * The peer has said what its connection is called. The first name counts, and only a
	 * proper one: it is written into logs.
	 * @param id 16 hex digits
	 */
	void identify(String id) {
		if (this.id == null && ID.matcher(id).matches()) {
			this.id = id;
		}
	}

	/**
	 * The name of the connection, the peer's or else a random one. On any thread.
	 * @return 16 hex digits
	 */
	String id() {
		String known = this.id;
		if (known == null) {
			synchronized (this.calls) {
				known = this.id;
				if (known == null) {
					known = "%016x".formatted(this.scope.random().getAsLong());
					this.id = known;
				}
			}
		}
		return known;
	}

	// Ends of calls

	/**
	 * The peer waits for a call no more.
	 * @param seq the number that the peer has given it
	 */
	void cancel(long seq) {
		byte[] digits = Long.toUnsignedString(seq).getBytes(StandardCharsets.US_ASCII);
		forEachGuarded((call) -> {
			if (call.isNumbered(seq, digits)) {
				call.cut(RefusalReason.CANCELLED, RpcCode.CANCELLED, "the call was cancelled by its caller");
			}
		});
	}

	private void cancelAll(String why) {
		forEachGuarded((call) -> call.cut(RefusalReason.CANCELLED, RpcCode.CANCELLED, why));
	}

	// One call that cannot be ended must not keep the others from their ends.
	private void forEachGuarded(Consumer<? super ServerCall> action) {
		this.calls.forEach((call) -> {
			try {
				action.accept(call);
			}
			catch (Throwable ex) {
				this.scope.failures().leftUndone("A call could not be ended", ex);
			}
		});
	}

	/**
	 * Ends the calls whose time is over, and sees to the others.
	 * @param now the time
	 */
	void endLateCalls(long now) {
		long[] least = { Long.MAX_VALUE };
		forEachGuarded((call) -> {
			if (!call.hasDeadline() || call.hasEnded() || call.cancelled()) {
				return;
			}
			long left = call.deadlineNanos() - now;
			if (left <= 0) {
				call.cut(RefusalReason.DEADLINE, RpcCode.DEADLINE_EXCEEDED, call.lateMessage(now));
			}
			else {
				least[0] = Math.min(least[0], left);
			}
		});
		if (least[0] != Long.MAX_VALUE) {
			this.deadlines.callEndsAt(now + least[0]);
		}
	}

	/**
	 * Ends the calls whose leases are over, since nothing was heard of the peer for that
	 * long, and sees to the others.
	 * @param now the time
	 */
	void endOrphans(long now) {
		long heard = isDeafToALivingPeer() ? now : this.batchNanos;
		long[] least = { Long.MAX_VALUE };
		int[] ended = { 0 };
		forEachGuarded((call) -> {
			long lease = call.leaseNanos();
			if (lease == 0 || call.hasEnded() || call.cancelled()) {
				return;
			}
			long left = heard + lease - now;
			if (left <= 0) {
				ended[0]++;
				call.cut(RefusalReason.CANCELLED, RpcCode.CANCELLED,
						"nothing was heard of the caller for the time of its lease");
			}
			else {
				least[0] = Math.min(least[0], left);
			}
		});
		if (ended[0] > 0) {
			this.scope.failures().orphaned(remoteAddress(), ended[0], now - heard);
		}
		if (least[0] != Long.MAX_VALUE) {
			this.deadlines.leaseEndsAt(now + least[0]);
		}
	}

	/**
	 * Whether this side does not read, and the peer shows otherwise that it lives: it has
	 * taken replies since the last look, or there are none to take.
	 */
	private boolean isDeafToALivingPeer() {
		long sent = connection().sentBytes();
		boolean took = sent != this.sentAtLastLook || connection().unsentBytes() == 0;
		this.sentAtLastLook = sent;
		return took && this.flow.isPaused();
	}

	/**
	 * Sends a reply. On any thread.
	 * @param reply the reply
	 * @param recorder records the outcome
	 * @param code the outcome
	 * @param beganNanos when the request came
	 * @param unflushed where the reply may wait to be flushed with others, or null
	 */
	void answer(MessageBuffer reply, CallRecorder recorder, RpcCode code, long beganNanos,
			@Nullable Unflushed<ServerConnection> unflushed) {
		if (unflushed == null) {
			connection().send(reply);
		}
		else if (connection().sendLater(reply)) {
			unflushed.add(this);
		}
		this.flow.sent();
		record(recorder, code, beganNanos);
	}

	/**
	 * Sends an error reply. On any thread.
	 * @param request the request
	 * @param code the outcome
	 * @param known what the caller may know of the call's effect, or null
	 * @param message the error string
	 * @param metadata what goes along
	 * @param buffer a buffer for it
	 * @param recorder records the outcome
	 * @param beganNanos when the request came
	 * @param unflushed as for {@link #answer}
	 */
	void answerError(IncomingRequest request, RpcCode code, @Nullable Known known, String message,
			Map<String, String> metadata, MessageBuffer buffer, CallRecorder recorder, long beganNanos,
			@Nullable Unflushed<ServerConnection> unflushed) {
		try {
			codec().encodeError(request, code, known, ErrorText.cut(message, ErrorText.MOST_BYTES), metadata, buffer);
		}
		catch (Throwable ex) {
			if (!encodeShortError(request, code, known, ErrorText.cut(message, ErrorText.FEW_BYTES), buffer)
					&& !encodeShortError(request, code, known, code.name(), buffer)) {
				countEnd(CloseReason.INTERNAL);
				this.scope.failures().gaveUp(remoteAddress(), "an error reply could not be encoded", ex);
				connection().close();
				return;
			}
		}
		answer(buffer, recorder, code, beganNanos, unflushed);
	}

	// A text may be longer than a message, and a message hardly larger than its envelope.
	private boolean encodeShortError(IncomingRequest request, RpcCode code, @Nullable Known known, String text,
			MessageBuffer buffer) {
		try {
			codec().encodeError(request, code, known, text, Map.of(), buffer);
			return true;
		}
		catch (Throwable ex) {
			return false;
		}
	}

	/**
	 * Records the end of a call. On any thread.
	 */
	void record(CallRecorder recorder, RpcCode code, long beganNanos) {
		if (recorder != CallRecorder.NONE) {
			try {
				recorder.record(code, this.scope.nanoTime().getAsLong() - beganNanos);
			}
			catch (Throwable ex) {
				this.scope.failures().leftUndone("The end of a call could not be recorded", ex);
			}
		}
	}

	/**
	 * A call of the table has ended. On any thread.
	 * @param call the call
	 */
	void callEnded(ServerCall call) {
		this.calls.remove(call);
		this.flow.argumentEnded(call.size());
		callEnded();
	}

	/**
	 * A call has ended that never was in the table. On any thread.
	 */
	void callEnded() {
		// In this order, so that no call that begins meanwhile is missed: what is left is
		// zero where no call is left, never less.
		long endedNow = this.ended.incrementAndGet();
		this.flow.callEnded(this.begun.get() - endedNow);
	}

	/**
	 * A call was answered though its handler has not ended.
	 */
	void callCut() {
		this.scope.cutCalls().increment();
	}

	/**
	 * The handler of such a call has ended. On any thread.
	 * @param call the call
	 */
	void cutCallEnded(ServerCall call) {
		this.scope.cutCalls().decrement();
		callEnded(call);
	}

	/**
	 * A call of a closed connection has ended. On any thread.
	 */
	void lateCallEnded() {
		this.scope.connections().callEnded(this);
	}

	@Override
	public boolean markUnflushed() {
		return !this.unflushed.get() && this.unflushed.compareAndSet(false, true);
	}

	@Override
	public void flush() {
		this.unflushed.set(false);
		connection().flush();
	}

	// The end of the connection

	@Override
	public void drained() {
		this.flow.attend();
	}

	// An extended peer never closes one direction only, so it is gone. A stock one may
	// still wait for replies.
	@Override
	public void inputEnded() {
		if (isExtended()) {
			cancelAll("the caller has closed its connection");
			connection().close();
		}
		else {
			this.flow.inputEnded();
		}
	}

	/**
	 * The server closes: answers what was accepted, and closes the connection. On any
	 * thread.
	 */
	void drain() {
		execute(() -> retire(CloseReason.SHUTDOWN));
	}

	/**
	 * Closes the connection as soon as its calls have ended. An extended peer is told
	 * first, so that its next calls go elsewhere and what is on its way here is answered;
	 * to a stock one nothing can be said but the end, which waits for a request of which
	 * it is being found out who makes it. What a peer is that has not said anything, its
	 * first request will show, if one comes soon.
	 * @param reason why
	 */
	void retire(CloseReason reason) {
		if (this.closed || this.flow.isFinishing() || this.noticed) {
			return;
		}
		boolean owesVerdict = this.flow.awaitsVerdict() && !isExtended();
		if (this.requests == 0 || owesVerdict) {
			if (this.retiring == null) {
				this.retiring = reason;
				countEnd(reason);
				this.deadlines.awaitQuiet();
			}
			return;
		}
		countEnd(reason);
		if (!isExtended() || !sendNotice()) {
			finish();
			return;
		}
		this.noticed = true;
		this.deadlines.awaitQuiet();
	}

	private boolean sendNotice() {
		MessageBuffer buffer = format().buffers().acquire();
		try {
			codec().encodeNotice(DRAIN_NOTICE, buffer);
			return connection().send(buffer);
		}
		catch (EncodeException ex) {
			this.scope.failures().gaveUp(remoteAddress(), "it could not be told that the server is closing", ex);
			return false;
		}
		finally {
			format().buffers().release(buffer);
		}
	}

	/**
	 * Reads no more, answers the calls under way, and closes the connection.
	 */
	void finish() {
		if (!this.closed) {
			this.deadlines.finishing();
			this.flow.finish();
		}
	}

	/**
	 * Answers what is under way with an error, and closes the connection. On any thread.
	 */
	void cut() {
		execute(() -> {
			if (!this.closed) {
				countEnd(CloseReason.SHUTDOWN);
				finish();
				forEachGuarded((call) -> call.cut(RefusalReason.SHUTDOWN, RpcCode.UNAVAILABLE,
						"server is shutting down: the call took too long"));
				connection().closeGracefully();
			}
		});
	}

	private void giveUp(CloseReason kind, String reason, @Nullable Throwable cause) {
		countEnd(kind);
		this.scope.failures().gaveUp(remoteAddress(), reason, cause);
		finish();
	}

	/**
	 * Closes the connection at once because of its peer.
	 * @param kind what it is counted as
	 * @param reason why
	 */
	void abandon(CloseReason kind, String reason) {
		countEnd(kind);
		this.scope.failures().gaveUp(remoteAddress(), reason, null);
		connection().close();
	}

	// The first reason counts: what comes while the connection ends is its consequence.
	private void countEnd(CloseReason reason) {
		if (!this.endCounted) {
			this.endCounted = true;
			this.scope.connections().closes().count(reason);
		}
	}

	@Override
	public void closed(@Nullable Throwable cause) {
		this.closed = true;
		if (cause instanceof SSLException && !this.spoke) {
			countEnd((cause.getCause() instanceof TimeoutException) ? CloseReason.TLS_TIMEOUT : CloseReason.TLS);
			this.scope.failures().gaveUp(remoteAddress(), "TLS (rpc.server.ssl) failed: " + cause.getMessage(), null);
		}
		try {
			this.deadlines.cancel();
			cancelAll("the connection was lost");
		}
		finally {
			try {
				this.flow.closed();
				if (this.access != null) {
					this.access.uncount();
				}
			}
			finally {
				this.scope.connections().closed(this);
			}
		}
	}

	// What others ask

	void execute(Runnable task) {
		try {
			connection().execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The I/O thread has ended, and the connection with it.
		}
	}

	private void runLater(Runnable task, long delayNanos) {
		connection().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
	}

	StallWatch.Timer timer() {
		return this.timer;
	}

	ConnectionDeadlines deadlines() {
		return this.deadlines;
	}

	ServerScope scope() {
		return this.scope;
	}

	ServedFormat format() {
		return Objects.requireNonNull(this.format);
	}

	// On any thread.
	ConnectionSnapshot snapshot() {
		ServedFormat served = this.format;
		return new ConnectionSnapshot(remoteAddress(), (served != null) ? served.format().name() : null,
				Duration.ofNanos(this.scope.nanoTime().getAsLong() - this.openedNanos), callsInFlight(),
				this.begun.get());
	}

	ServerCodec codec() {
		return Objects.requireNonNull(this.codec);
	}

	Connection connection() {
		return Objects.requireNonNull(this.connection);
	}

	SocketAddress remoteAddress() {
		return connection().remoteAddress();
	}

	// When the bytes arrived that are being read.
	long batchNanos() {
		return this.batchNanos;
	}

	long lastCallNanos() {
		return this.lastCallNanos;
	}

	long requests() {
		return this.requests;
	}

	boolean isExtended() {
		return this.codec != null && this.codec.isExtended();
	}

	// On any thread.
	boolean isClosed() {
		return this.closed;
	}

	// On any thread.
	long callsInFlight() {
		return this.begun.get() - this.ended.get();
	}

	boolean hasTooManyCalls() {
		return callsInFlight() >= this.scope.limits().calls();
	}

	/**
	 * Shows the calls that have not ended, cut ones too. On any thread, which may miss
	 * some.
	 * @param action takes each call
	 */
	void forEachCall(Consumer<? super ServerCall> action) {
		this.calls.forEach((call) -> {
			if (!call.hasEnded()) {
				action.accept(call);
			}
		});
	}

}
