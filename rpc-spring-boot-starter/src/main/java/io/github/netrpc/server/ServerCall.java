package io.github.netrpc.server;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.method.AsyncAdapter;
import io.github.netrpc.method.ReturnKind;
import io.github.netrpc.wire.CallLease;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.MetadataLimits;
import io.github.netrpc.wire.ValuePlan;

/**
 * A call of a method that exists, from its first byte to its reply: request, context and
 * task in one object. <pre>
 * WAITING ──────────────► RUNNING ──► AWAITING         by the handler's thread
 *    │ ▲                  ▲  │ │         │ │
 *    │ ADMITTED ──────────┘  │ │         │ │           by the I/O thread, back by the other
 *    │    │                  │ │         │ │
 *    │    │     INTERRUPTING ◄ │         │ │           by the I/O thread, if the caller
 *    │    │             ▼      │         │ │           gives up, goes or has no time left
 *    │    │            CUT ◄───┼─────────┼─┘
 *    ▼    ▼             ▼      ▼         ▼
 *   ENDED          CUT_ENDED  ENDED    ENDED
 * </pre> Whoever takes the call from one state to the next by compare-and-set does what
 * belongs to it, so that a call has one answer and one end: a cut call was answered, and
 * ends, which is when it stops counting, as soon as its handler does. The same goes for
 * its place among the calls that {@link FlowControl} lets run: it has one as ADMITTED,
 * RUNNING and AWAITING, and whoever takes it out of these gives the place back.
 */
final class ServerCall extends IncomingRequest
		implements RpcContext, HandlerExecutor.Task<HandlerWorker>, InFlightTable.Entry {

	private static final AtomicIntegerFieldUpdater<ServerCall> STATE = AtomicIntegerFieldUpdater
		.newUpdater(ServerCall.class, "state");

	/** Nobody works on it. */
	private static final int WAITING = 0;

	/** Queued again after it was held back: it counts as running. */
	private static final int ADMITTED = 1;

	/** Its handler runs on {@link #thread}. */
	private static final int RUNNING = 2;

	/** Its handler has returned a stage, which has not completed. */
	private static final int AWAITING = 3;

	/** As CUT, and {@link #thread} must not go on to another call yet. */
	private static final int INTERRUPTING = 4;

	/** Answered before its handler has ended. */
	private static final int CUT = 5;

	private static final int ENDED = 6;

	private static final int CUT_ENDED = 7;

	private static final int LONGEST_NUMBER = 20;

	private final ServerConnection connection;

	private final ServedMethod method;

	private final ServedMethod.Plan plan;

	private final long beganNanos;

	private volatile int state;

	private int slot;

	private @Nullable Object argument;

	private @Nullable Thread thread;

	/** What to run when the call is cut. Guarded by the connection. */
	private @Nullable Runnable onCancelled;

	/** Whether it counts among the asynchronous calls. */
	private boolean async;

	/** When its handler was started. */
	private volatile long startedNanos;

	private volatile @Nullable Map<String, String> replyMetadata;

	/** Where the reply may wait to be flushed with others, or null. */
	private @Nullable Unflushed<ServerConnection> unflushed;

	private long queuedNanos;

	private @Nullable Principal principal;

	ServerCall(ServerConnection connection, ServedMethod method, ServedMethod.Plan plan, long beganNanos) {
		this.connection = connection;
		this.method = method;
		this.plan = plan;
		this.beganNanos = beganNanos;
		this.queuedNanos = beganNanos;
	}

	// The request

	ServedMethod method() {
		return this.method;
	}

	@Override
	public byte[] methodName() {
		return this.method.name().utf8();
	}

	@Override
	public ValuePlan argumentPlan() {
		return this.plan.argument();
	}

	@Override
	public void received(@Nullable Object argument) {
		this.argument = argument;
		this.method.countCall();
		this.connection.accept(this, this.method.nonBlocking());
	}

	@Override
	public void malformed(String reason) {
		this.state = ENDED;
		if (isBeyondLimit()) {
			this.connection.scope().refusals().count(RefusalReason.LIMIT);
		}
		this.connection.refuse(this, RpcCode.INVALID_ARGUMENT, reason, this.plan.recorder(), this.beganNanos);
	}

	@Override
	public void malformed(String reason, @Nullable Throwable cause) {
		malformed((cause != null) ? this.connection.scope().failures().refused(reason, this.method, cause) : reason);
	}

	// The task

	@Override
	public boolean run(HandlerWorker worker) {
		long now = this.connection.scope().nanoTime().getAsLong();
		if (hasDeadline() && deadlineNanos() - now <= 0) {
			refuse(RefusalReason.DEADLINE);
			return true;
		}
		if (this.method.isAsync() && this.connection.scope().async().isFull()) {
			refuse(RefusalReason.ASYNC_FULL);
			return true;
		}
		boolean admitted = this.state == ADMITTED;
		if (admitted ? this.connection.flow().holdBackAgain(this) : this.connection.flow().holdBack(this)) {
			return false;
		}
		this.thread = worker.thread();
		this.startedNanos = now;
		if (!STATE.compareAndSet(this, admitted ? ADMITTED : WAITING, RUNNING)) {
			// Whoever has ended it meanwhile has seen only what its state told.
			if (!admitted) {
				this.connection.flow().dropped();
			}
			return true;
		}
		invokeAndAnswer(worker);
		return true;
	}

	private void invokeAndAnswer(HandlerWorker worker) {
		Object result = null;
		Throwable failure = null;
		worker.slot().set(this);
		try {
			result = invoke();
		}
		catch (Throwable ex) {
			failure = ex;
		}
		finally {
			worker.slot().set(null);
			this.argument = null;
		}
		if (failure == null && this.method.completesLater(result)) {
			await(result);
		}
		else if (leave(RUNNING)) {
			this.unflushed = worker.unflushed();
			answer(result, failure, worker.buffer(this.connection.format()));
		}
	}

	private @Nullable Object invoke() throws Throwable {
		return this.method.invoke(this.argument, this);
	}

	private void await(@Nullable Object returned) {
		try {
			if (returned == null) {
				throw new IllegalStateException(
						"the handler returned null, expected a " + this.method.returns() + " that completes");
			}
			CompletionStage<? extends @Nullable Object> result = stage(returned);
			// Subclasses need not answer: a minimal stage does not.
			if (result.getClass() != CompletableFuture.class || !((CompletableFuture<?>) result).isDone()) {
				this.async = true;
				this.connection.scope().async().begun();
			}
			if (!STATE.compareAndSet(this, RUNNING, AWAITING)) {
				awaitInterrupt();
			}
			result.whenComplete(this::completed);
		}
		catch (Throwable ex) {
			STATE.compareAndSet(this, RUNNING, AWAITING);
			completed(null, ex);
		}
	}

	private CompletionStage<? extends @Nullable Object> stage(Object returned) {
		return (this.method.adapter() != null) ? adapt(returned, this.method.adapter(), this)
				: (CompletionStage<?>) returned;
	}

	/**
	 * Starts what a handler of a reactive type has returned, which ends when its call is
	 * cut. A plain stage is left alone then: it may be shared by calls, and to complete
	 * it would not end the work behind it.
	 * @param returned what the handler has returned
	 * @param adapter knows its type
	 * @param context the call
	 * @return completes with the result
	 */
	static CompletionStage<? extends @Nullable Object> adapt(Object returned, AsyncAdapter adapter,
			RpcContext context) {
		CompletionStage<? extends @Nullable Object> result = adapter.toStage(returned);
		context.onCancelled(() -> result.toCompletableFuture().cancel(true));
		return result;
	}

	// On any thread, with a buffer from the pool. A stage of a foreign kind may call this
	// twice, which changes nothing.
	private void completed(@Nullable Object value, @Nullable Throwable failure) {
		awaitInterrupt();
		if (leave(AWAITING)) {
			MessageBuffer buffer = this.connection.format().buffers().acquire();
			answer(value, failure, buffer);
			this.connection.format().buffers().release(buffer);
		}
	}

	/**
	 * The handler's work has ended.
	 * @param from the state in which it has ended, if the call was not cut
	 * @return whether the call is to be answered
	 */
	private boolean leave(int from) {
		if (STATE.compareAndSet(this, from, ENDED)) {
			uncountAsync();
			return true;
		}
		awaitInterrupt();
		if (STATE.compareAndSet(this, CUT, CUT_ENDED)) {
			this.thread = null;
			uncountAsync();
			this.connection.cutCallEnded(this);
		}
		return false;
	}

	private void uncountAsync() {
		if (this.async) {
			this.connection.scope().async().ended();
		}
	}

	// An interrupt that is meant for this call must have come before the thread goes on
	// to another one, which is a matter of nanoseconds.
	@SuppressWarnings("ThreadPriorityCheck")
	private void awaitInterrupt() {
		while (this.state == INTERRUPTING) {
			Thread.yield();
		}
	}

	@Override
	public boolean isOver() {
		return this.state == ENDED;
	}

	@Override
	public long queuedNanos() {
		return this.queuedNanos;
	}

	/**
	 * The call is about to be queued again after it was held back, and was counted as
	 * running.
	 * @param now the time
	 * @return false if it has ended, and nobody else will count it out
	 */
	boolean admit(long now) {
		this.queuedNanos = now;
		return STATE.compareAndSet(this, WAITING, ADMITTED);
	}

	/**
	 * The call is not to run yet, though it was admitted.
	 * @return false if it has ended, and was counted out
	 */
	boolean sendBack() {
		return STATE.compareAndSet(this, ADMITTED, WAITING);
	}

	// The early end

	@Override
	public void refuse(RefusalReason reason) {
		for (int seen = this.state; seen <= ADMITTED; seen = this.state) {
			if (STATE.compareAndSet(this, seen, ENDED)) {
				refuse(reason, seen == ADMITTED);
				return;
			}
		}
	}

	private void refuse(RefusalReason reason, boolean counted) {
		// It may be kept for some time: where calls wait, they are not looked for one by
		// one.
		this.argument = null;
		metadata(Map.of());
		this.connection.scope().refusals().count(reason);
		try {
			answerNow(reason.code(), Known.NOT_RUN, RefusalText.of(reason, this.connection, this.queuedNanos));
		}
		finally {
			if (counted) {
				this.connection.flow().dropped();
			}
			this.connection.callEnded(this);
		}
	}

	/**
	 * Ends a call that nobody waits for any more: it does not run, or its handler is told
	 * to stop. By the I/O thread.
	 * @param waiting why it is refused if it waits
	 * @param code what the caller gets if it runs
	 * @param message what the caller is told if it runs
	 */
	void cut(RefusalReason waiting, RpcCode code, String message) {
		refuse(waiting);
		if (STATE.compareAndSet(this, RUNNING, INTERRUPTING)) {
			this.connection.callCut();
			this.connection.flow().dropped();
			try {
				Thread handler = this.thread;
				if (handler != null) {
					handler.interrupt();
				}
			}
			finally {
				this.state = CUT;
			}
			answerNow(code, null, message);
			tellCancelled();
		}
		else if (STATE.compareAndSet(this, AWAITING, CUT)) {
			this.connection.callCut();
			this.connection.flow().dropped();
			answerNow(code, null, message);
			tellCancelled();
		}
	}

	@Override
	public void onCancelled(Runnable action) {
		Runnable guarded = () -> {
			try {
				action.run();
			}
			catch (Throwable ex) {
				this.connection.scope().failures().failed("a cancelled call could not be stopped", this.method, ex);
			}
		};
		synchronized (this.connection) {
			Runnable before = this.onCancelled;
			this.onCancelled = (before != null) ? () -> {
				before.run();
				guarded.run();
			} : guarded;
		}
		// Whoever cuts the call says so first and looks for the action then.
		if (cancelled()) {
			tellCancelled();
		}
	}

	// Actions of the user's may block.
	private void tellCancelled() {
		Runnable action;
		synchronized (this.connection) {
			action = this.onCancelled;
			this.onCancelled = null;
		}
		if (action != null) {
			this.connection.scope().handlers().runFirst(action, this.connection.timer());
		}
	}

	boolean hasDeadline() {
		return timeLeftNanos() != 0;
	}

	/**
	 * How long the caller may be silent before the call is in vain, 0 for ever.
	 */
	long leaseNanos() {
		return CallLease.nanos(metadata());
	}

	long deadlineNanos() {
		// So that the sum stays less than half of all numbers away from now.
		return this.beganNanos + Math.min(timeLeftNanos(), Long.MAX_VALUE / 4);
	}

	@Override
	public boolean hasEnded() {
		return this.state >= ENDED;
	}

	/**
	 * Whether a handler works on the call, wanted or not.
	 */
	boolean isWorkedOn() {
		int seen = this.state;
		return seen >= RUNNING && seen < ENDED;
	}

	long startedNanos() {
		return this.startedNanos;
	}

	/**
	 * What the caller is told when the time is over while the handler works. Names the
	 * phase that used most of the time: a handler that began a moment before the deadline
	 * is not what was slow.
	 * @param now the time
	 */
	String lateMessage(long now) {
		// What does not run by now has spent all of its time in the queue.
		boolean queued = !isWorkedOn() || this.startedNanos - this.beganNanos > now - this.startedNanos;
		return queued ? RefusalReason.DEADLINE.message() : "deadline exceeded in phase handler";
	}

	// The answer

	private void answer(@Nullable Object value, @Nullable Throwable failure, MessageBuffer buffer) {
		try {
			if (failure != null) {
				fail(failure, buffer);
			}
			else {
				succeed((this.method.returns() != ReturnKind.VOID) ? value : null, buffer);
			}
		}
		finally {
			this.thread = null;
			this.connection.flow().answered(buffer.size());
			this.connection.callEnded(this);
		}
	}

	private void answerNow(RpcCode code, @Nullable Known known, String message) {
		if (this.connection.isClosed()) {
			this.connection.record(this.plan.recorder(), code, this.beganNanos);
			return;
		}
		MessageBuffer buffer = this.connection.format().buffers().acquire();
		fail(code, known, message, buffer);
		this.connection.format().buffers().release(buffer);
	}

	private void succeed(@Nullable Object value, MessageBuffer buffer) {
		try {
			this.connection.codec().encodeReply(this, value, this.plan.reply(), sentMetadata(), buffer);
		}
		catch (Throwable ex) {
			// An accessor of the reply may throw anything, as the handler may.
			fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED,
					this.connection.scope().failures().failed("reply cannot be encoded", this.method, ex), buffer);
			return;
		}
		this.connection.answer(buffer, this.plan.recorder(), RpcCode.OK, this.beganNanos, this.unflushed);
	}

	private void fail(Throwable failure, MessageBuffer buffer) {
		FailedOutcome outcome = FailedOutcome.of(failure, this.method, this, this.connection.scope().failures());
		fail(outcome.code(), outcome.known(), outcome.message(), buffer);
	}

	private void fail(RpcCode code, @Nullable Known known, String message, MessageBuffer buffer) {
		this.connection.answerError(this, code, known, message, sentMetadata(), buffer, this.plan.recorder(),
				this.beganNanos, this.unflushed);
	}

	private Map<String, String> sentMetadata() {
		Map<String, String> entries = this.replyMetadata;
		return (entries != null) ? entries : Map.of();
	}

	// The context

	@Override
	public SocketAddress peer() {
		return this.connection.remoteAddress();
	}

	@Override
	public ServiceMethod serviceMethod() {
		return this.method.name();
	}

	@Override
	public String callId() {
		return this.connection.id() + "-" + number();
	}

	/**
	 * Whether the caller has given the call this number.
	 * @param seq the number
	 * @param digits the number in decimal
	 */
	boolean isNumbered(long seq, byte[] digits) {
		byte[] id = id();
		return (id != null) ? Arrays.equals(id, digits) : seq() == seq;
	}

	private String number() {
		byte[] id = id();
		if (id == null) {
			return Long.toUnsignedString(seq());
		}
		// In JSON an id may be anything.
		boolean digits = id.length <= LONGEST_NUMBER;
		for (int i = 0; digits && i < id.length; i++) {
			digits = id[i] >= '0' && id[i] <= '9';
		}
		return digits ? new String(id, StandardCharsets.US_ASCII) : "x%08x".formatted(Arrays.hashCode(id));
	}

	@Override
	public @Nullable Principal principal() {
		return this.principal;
	}

	/**
	 * Sets who calls, before the argument is read.
	 */
	void principal(@Nullable Principal principal) {
		this.principal = principal;
	}

	@Override
	public @Nullable Duration timeLeft() {
		if (timeLeftNanos() == 0) {
			return null;
		}
		return Duration.ofNanos(Math.max(0, deadlineNanos() - this.connection.scope().nanoTime().getAsLong()));
	}

	@Override
	public boolean cancelled() {
		int seen = this.state;
		return seen == INTERRUPTING || seen == CUT || seen == CUT_ENDED;
	}

	@Override
	public void replyMetadata(String key, String value) {
		synchronized (this.connection) {
			Map<String, String> entries = new LinkedHashMap<>(sentMetadata());
			entries.put(key, value);
			try {
				MetadataLimits.check(entries);
			}
			catch (EncodeException ex) {
				throw new IllegalArgumentException(ex.getMessage(), ex);
			}
			this.replyMetadata = entries;
		}
	}

	@Override
	public int slot() {
		return this.slot;
	}

	@Override
	public void slot(int slot) {
		this.slot = slot;
	}

}
