package io.github.netrpc.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcAttempt;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ValuePlan;

/**
 * One call, from the caller's hand to its one outcome. It is the future of an
 * asynchronous call, the place where a synchronous caller waits, and the entry in the
 * table of pending calls: one object for all three.
 * <p>
 * Many may want to end a call at the same time: its reply, its deadline, a lost
 * connection, a cancelling caller. Whoever claims it does, and nobody else; see
 * {@link CallState}, by which what is said about {@link Known} is exact.
 * <p>
 * A call that failed and is tried again is opened again and never sent again: further
 * attempts are calls of their own, and a {@link RetriedCall} holds them together. What
 * happens to the first attempt then, such as a late reply, finds nothing to claim and is
 * without effect.
 *
 * @param <R> the type of the reply
 * @since 0.1.0
 */
public final class ClientCall<R> extends CallState<R> implements PendingReply, RunningCall, PickRequest {

	private static final String GIVEN_UP = "the caller has completed the future";

	private final CallPlan plan;

	private final Completions completions;

	private final @Nullable Thread waiter;

	private final RpcOptions options;

	/** Null if the call is not tried again. */
	private final @Nullable Retries retries;

	private final long startNanos;

	private final long deadlineNanos;

	private volatile boolean abandoned;

	private long number;

	private long endNanos;

	private @Nullable NodeClient node;

	private @Nullable NodeConnection connection;

	private @Nullable CallWait waited;

	private @Nullable Object argument;

	private @Nullable Object value;

	private Map<String, String> replyMetadata = Map.of();

	private @Nullable CallFailure failure;

	/**
	 * Of a call that is tried again, and of its further attempts, which have it from the
	 * beginning.
	 */
	private @Nullable RetriedCall retried;

	/** Of a call that may have a second attempt beside this one. */
	private @Nullable Hedge hedge;

	/** The next one in a chain of calls that are to be completed. */
	@Nullable ClientCall<?> next;

	/**
	 * Creates a call.
	 * @param plan what is called
	 * @param completions completes the future, or keeps the time of a call that is
	 * awaited
	 * @param waiter the thread that will {@link #await} the call, or null for a future
	 * @param startNanos when the call begins
	 * @param timeoutNanos how long it may take
	 * @param options where it goes and what goes along
	 * @param retries decides whether it is tried again, or null if it is not
	 * @param argument the argument, which retries need
	 */
	ClientCall(CallPlan plan, Completions completions, @Nullable Thread waiter, long startNanos, long timeoutNanos,
			RpcOptions options, @Nullable Retries retries, @Nullable Object argument) {
		this(plan, completions, waiter, startNanos, startNanos + timeoutNanos, options,
				(retries != null && retries.isOn() && options.mayRetry()) ? retries : null, argument, null);
		if (retries != null) {
			retries.begun(this);
		}
	}

	private ClientCall(CallPlan plan, Completions completions, @Nullable Thread waiter, long startNanos,
			long deadlineNanos, RpcOptions options, @Nullable Retries retries, @Nullable Object argument,
			@Nullable RetriedCall retried) {
		this.plan = plan;
		this.completions = completions;
		this.waiter = waiter;
		this.startNanos = startNanos;
		this.deadlineNanos = deadlineNanos;
		this.options = options;
		this.retries = retries;
		this.argument = (retries != null) ? argument : null;
		this.retried = retried;
	}

	/**
	 * A call that the current thread will {@link #await}.
	 */
	static <R> ClientCall<R> awaited(CallPlan plan, Completions completions, long now) {
		return new ClientCall<>(plan, completions, Thread.currentThread(), now, plan.timeoutNanos(), RpcOptions.NONE,
				null, null);
	}

	/**
	 * A call that completes as a future.
	 */
	static <R> ClientCall<R> future(CallPlan plan, Completions completions, long now) {
		return new ClientCall<>(plan, completions, null, now, plan.timeoutNanos(), RpcOptions.NONE, null, null);
	}

	/**
	 * A further attempt to make this call.
	 */
	ClientCall<?> attempt(RetriedCall retried, long now) {
		return new ClientCall<>(this.plan, this.completions, null, now, this.deadlineNanos, this.options, null, null,
				retried);
	}

	/**
	 * Whether there may be further attempts.
	 */
	boolean mayRetry() {
		return this.retries != null;
	}

	/**
	 * Has a second attempt made beside this one if it takes long. Before a node has the
	 * call.
	 */
	void hedge(Hedge hedge) {
		this.hedge = hedge;
	}

	// What it is

	/**
	 * What is called.
	 * @return the plan
	 */
	public CallPlan plan() {
		return this.plan;
	}

	/**
	 * Whether a thread waits for the end of the call.
	 */
	boolean isAwaited() {
		return this.waiter != null;
	}

	@Override
	public ServiceMethod method() {
		return this.plan.method();
	}

	/**
	 * What the caller has chosen for this call.
	 * @return the options
	 */
	@Override
	public RpcOptions options() {
		return this.options;
	}

	/**
	 * When the call, or this attempt, began.
	 * @return the time, as {@link ClientTimer#nanoTime} tells it
	 */
	public long startNanos() {
		return this.startNanos;
	}

	/**
	 * How long the call, or this attempt, may take.
	 */
	long timeoutMillis() {
		return TimeUnit.NANOSECONDS.toMillis(this.deadlineNanos - this.startNanos);
	}

	long deadlineNanos() {
		return this.deadlineNanos;
	}

	long number() {
		return this.number;
	}

	void number(long number) {
		this.number = number;
	}

	/**
	 * The argument of a call that waits, or has waited, for a connection.
	 * @return the argument
	 */
	public @Nullable Object argument() {
		return this.argument;
	}

	void waitAt(NodeClient node, @Nullable Object argument) {
		this.node = node;
		keep(argument);
	}

	/**
	 * Keeps the argument of a call that no node has, for the one that will have it.
	 */
	void keep(@Nullable Object argument) {
		if (this.retries == null) {
			this.argument = argument;
		}
	}

	/**
	 * Forgets the argument, which nobody needs any more.
	 */
	void dropArgument() {
		if (this.retries == null) {
			this.argument = null;
		}
	}

	// The attempt

	void sendOn(NodeClient node, NodeConnection connection) {
		this.node = node;
		this.connection = connection;
	}

	/**
	 * The node that has, or had, the call; null before one has taken it.
	 */
	@Nullable NodeClient node() {
		return this.node;
	}

	/**
	 * The last step before the bytes leave.
	 * @return false if the call has ended and must not be sent
	 */
	boolean markSent() {
		if (!toSent()) {
			return false;
		}
		dropArgument();
		AttemptListener listener = listener();
		if (listener != null) {
			listener.begun();
		}
		return true;
	}

	/**
	 * Takes {@link #markSent} back: the bytes have not left.
	 * @return false if the call has ended meanwhile
	 */
	boolean unmarkSent() {
		if (!toUnsent()) {
			return false;
		}
		AttemptListener listener = listener();
		if (listener != null) {
			listener.takenBack();
		}
		return true;
	}

	/**
	 * Told of the attempts that are sent to the node, or null if nobody is.
	 */
	private @Nullable AttemptListener listener() {
		NodeClient node = this.node;
		return (node != null) ? node.attempts() : null;
	}

	/**
	 * Tells that the attempt has ended, if it was sent.
	 * @param failure why, or null if it has a value
	 */
	private void tellEnd(@Nullable CallFailure failure, long endNanos, boolean answered) {
		AttemptListener listener = wasSent() ? listener() : null;
		if (listener == null) {
			return;
		}
		CallWait waited = this.waited;
		long wire = endNanos - this.startNanos - ((waited != null) ? waited.connectNanos() + waited.queueNanos() : 0);
		try {
			if (failure == null) {
				listener.succeeded(this.startNanos, wire, endNanos);
			}
			else {
				listener.failed(this.startNanos, wire, endNanos, failure.code(), failure.known(), answered);
			}
		}
		catch (Throwable ex) {
			// The call is claimed: nobody else would end it.
			this.completions.report("The end of a call of " + this.plan + " could not be told", ex);
		}
	}

	/**
	 * The call was marked as sent and has ended without an answer.
	 */
	void abandon() {
		this.abandoned = true;
	}

	/**
	 * Whether {@link #abandon} was called, so that the node was told, or is being told,
	 * to cancel the call.
	 */
	boolean isAbandoned() {
		return this.abandoned;
	}

	/**
	 * Where the time went before the call was sent, or null if it was sent at once.
	 */
	@Nullable CallWait waited() {
		return this.waited;
	}

	void waited(CallWait waited) {
		this.waited = waited;
	}

	/**
	 * Takes the right to end the attempt that this object is.
	 * @return false if somebody else has it
	 */
	private boolean claim() {
		if (!toClaimed()) {
			return false;
		}
		Hedge hedge = this.hedge;
		if (hedge != null) {
			hedge.disarm();
		}
		dropArgument();
		NodeConnection connection = this.connection;
		if (connection != null) {
			connection.forget(this);
		}
		return true;
	}

	// Its answer

	@Override
	public ValuePlan replyPlan() {
		return this.plan.replyPlan();
	}

	@Override
	public void metadata(Map<String, String> metadata) {
		this.replyMetadata = metadata;
	}

	/**
	 * What came along with the reply, once there is one.
	 */
	Map<String, String> replyMetadata() {
		RetriedCall retried = this.retried;
		return (retried != null) ? retried.last().replyMetadata : this.replyMetadata;
	}

	@Override
	public void succeeded(@Nullable Object value) {
		if (claim()) {
			tellEnd(null, Objects.requireNonNull(this.connection).readNanos(), true);
			RetriedCall retried = this.retried;
			if (retried != null) {
				retried.succeeded(this, value);
				return;
			}
			RetriedCall hedged = hedged();
			if (hedged != null) {
				hedged.firstAnswered();
			}
			this.value = value;
			answered(RpcCode.OK);
		}
	}

	@Override
	public void failed(String error, @Nullable RpcCode code, @Nullable Known known) {
		NodeClient node = Objects.requireNonNull(this.node);
		CallFailure failure = node.failures().ofReply(this, error, code, known);
		if (claim()) {
			answeredWith(failure);
		}
	}

	@Override
	public void malformed(String reason) {
		malformed(reason, null);
	}

	@Override
	public void malformed(String reason, @Nullable Throwable cause) {
		CallFailure failure = new CallFailure(RpcCode.INTERNAL, Known.RAN_AND_FAILED,
				"reply of " + this.plan + " does not fit: " + reason, cause);
		if (claim()) {
			answeredWith(failure);
		}
	}

	private void answeredWith(CallFailure failure) {
		this.endNanos = Objects.requireNonNull(this.connection).readNanos();
		tellEnd(failure, this.endNanos, true);
		if (!handOver(failure)) {
			this.failure = failure;
			answered(failure.code());
		}
	}

	/**
	 * Ends the call with the node's answer, on the I/O thread: futures are left to the
	 * connection, which completes all of one read together.
	 */
	private void answered(RpcCode code) {
		this.argument = null;
		NodeConnection connection = Objects.requireNonNull(this.connection);
		record(code, connection.readNanos());
		if (this.waiter != null) {
			wake(this.waiter);
		}
		else {
			toEnded();
			connection.completeAfterRead(this);
		}
	}

	// Further attempts

	/**
	 * Leaves the failure of an attempt to what decides about the next one.
	 * @return false if this ends the call
	 */
	private boolean handOver(CallFailure failure) {
		RetriedCall retried = this.retried;
		if (retried != null) {
			retried.failed(this, failure);
			return true;
		}
		RetriedCall hedged = hedged();
		if (hedged != null) {
			return hedged.firstFailed(failure);
		}
		return this.retries != null && this.retries.takeOver(this, failure);
	}

	/**
	 * What holds this and a second attempt together that was made beside it, or null.
	 */
	private @Nullable RetriedCall hedged() {
		Hedge hedge = this.hedge;
		return (hedge != null) ? hedge.begun() : null;
	}

	/**
	 * Opens the call again, for its further attempts. Only by who has claimed it, who
	 * then asks for {@link #endIfCompleted}.
	 */
	void retryAs(RetriedCall retried) {
		this.argument = null;
		this.retried = retried;
		toRetrying();
	}

	/**
	 * Ends a call whose caller has completed the future while the state said that the
	 * call was ending anyway.
	 */
	void endIfCompleted() {
		if (isDone()) {
			giveUp(GIVEN_UP);
		}
	}

	/**
	 * Ends the call with the answer of a second attempt, while the first one is under
	 * way: that is cancelled.
	 * @return false if the first one has just ended
	 */
	boolean overtake(RetriedCall retried, @Nullable Object value) {
		if (!claim()) {
			return false;
		}
		leaveUnanswered(cancelled(Known.MAYBE_RAN, "another attempt was answered first"));
		this.retried = retried;
		this.value = value;
		retried.over();
		endNow(RpcCode.OK);
		if (this.waiter == null) {
			this.completions.submit(this);
		}
		return true;
	}

	/**
	 * Ends a call that was tried again, unless it has ended already.
	 */
	void endRetried(@Nullable Object value, @Nullable CallFailure failure) {
		if (toClaimedAgain()) {
			this.value = value;
			this.failure = failure;
			Objects.requireNonNull(this.retried).over();
			endNow((failure != null) ? failure.code() : RpcCode.OK);
			if (this.waiter == null) {
				this.completions.submit(this);
			}
		}
	}

	/**
	 * Records the end of the call. The recorder is not the client's, and whatever it
	 * throws, the call has to end.
	 */
	private void record(RpcCode code, long now) {
		try {
			this.plan.recorder().record(code, now - this.startNanos);
		}
		catch (Throwable ex) {
			this.completions.report("A call of " + this.plan + " could not be recorded", ex);
		}
	}

	// Its end without an answer

	/**
	 * Ends the call without an answer.
	 * @param reason says why, knowing whether the call was sent; not called if the call
	 * has ended already
	 * @return whether this ended the call
	 */
	boolean fail(FailureReason reason) {
		if (!claim()) {
			return false;
		}
		if (endUnanswered(explain(reason)) && this.waiter == null) {
			this.completions.submit(this);
		}
		return true;
	}

	/**
	 * Asks why the call has failed, which may involve messages of the application's
	 * exceptions.
	 */
	private CallFailure explain(FailureReason reason) {
		try {
			return reason.failure(wasSent());
		}
		catch (Throwable ex) {
			return new CallFailure(RpcCode.INTERNAL, wasSent() ? Known.MAYBE_RAN : Known.NOT_RUN,
					this.plan + " has failed, and so has finding out why", ex);
		}
	}

	/**
	 * Ends a call that no node has taken.
	 * @param failure says why
	 */
	public void reject(CallFailure failure) {
		fail((sent) -> failure);
	}

	/**
	 * Ends an attempt without an answer.
	 * @return whether this has ended the call
	 */
	private boolean endUnanswered(CallFailure failure) {
		leaveUnanswered(failure);
		if (handOver(failure)) {
			return false;
		}
		this.failure = failure;
		endNow(failure.code());
		return true;
	}

	/**
	 * Tells the node, and who counts, that an attempt has ended without an answer.
	 */
	private void leaveUnanswered(CallFailure failure) {
		this.endNanos = this.completions.nanoTime();
		tellEnd(failure, this.endNanos, false);
		NodeClient node = this.node;
		if (node != null) {
			try {
				node.unanswered(this, failure.code(), wasSent(), this.connection);
			}
			catch (Throwable ex) {
				// The call is claimed: nobody else would end it.
				this.completions.report("The end of a call of " + this.plan + " could not be told", ex);
			}
		}
	}

	private void endNow(RpcCode code) {
		this.argument = null;
		record(code, this.completions.nanoTime());
		if (this.waiter != null) {
			wake(this.waiter);
		}
		else {
			toEnded();
		}
	}

	private void wake(Thread waiter) {
		toEnded();
		LockSupport.unpark(waiter);
	}

	// What the caller has of it

	/**
	 * Waits for the end of a call that the current thread started. An interrupted caller
	 * gets {@link RpcCode#CANCELLED}, and stays interrupted.
	 * @return the reply
	 * @throws RpcException if the call failed
	 */
	public @Nullable Object await() {
		while (!hasEnded()) {
			LockSupport.park(this);
			if (!hasEnded() && Thread.currentThread().isInterrupted()) {
				giveUp("the calling thread was interrupted");
			}
		}
		CallFailure failure = this.failure;
		if (failure != null) {
			throw toException(failure);
		}
		return this.value;
	}

	private RpcException toException(CallFailure failure) {
		RetriedCall retried = this.retried;
		ClientCall<?> last = (retried != null) ? retried.last() : this;
		NodeClient node = last.node;
		return failure.toException(
				new RpcCallException.Trace((node != null) ? node.name() : null, last.callId(), this.plan.idempotent(),
						(retried != null) ? retried.attempts() : List.of(describe(failure, this.startNanos))));
	}

	/**
	 * The line of this attempt in the time line of its call.
	 */
	RpcAttempt describe(CallFailure failure, long callStartNanos) {
		NodeClient node = this.node;
		return new RpcAttempt((node != null) ? node.name() : null, Duration.ofNanos(this.startNanos - callStartNanos),
				Duration.ofNanos(this.endNanos - this.startNanos), failure.code(), failure.known(), failure.message());
	}

	private @Nullable String callId() {
		NodeConnection connection = this.connection;
		return (wasSent() && connection != null) ? connection.callId(this.number) : null;
	}

	/**
	 * What is known of a call that has failed.
	 * @return {@link Known#MAYBE_RAN} also if it has not ended, or was answered
	 */
	Known known() {
		CallFailure failure = hasEnded() ? this.failure : null;
		return (failure != null) ? failure.known() : Known.MAYBE_RAN;
	}

	/**
	 * Completes the future. Runs what depends on it.
	 */
	@SuppressWarnings("unchecked")
	void completeNow() {
		CallFailure failure = this.failure;
		if (failure != null) {
			super.completeExceptionally(toException(failure));
		}
		else {
			super.complete((R) this.value);
		}
	}

	/**
	 * Gives the call up: its reply will be dropped.
	 * @param mayInterruptIfRunning without effect
	 */
	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		giveUp(GIVEN_UP);
		return cancelled;
	}

	@Override
	public boolean complete(R value) {
		boolean completed = super.complete(value);
		giveUp(GIVEN_UP);
		return completed;
	}

	@Override
	public boolean completeExceptionally(Throwable ex) {
		boolean completed = super.completeExceptionally(ex);
		giveUp(GIVEN_UP);
		return completed;
	}

	/**
	 * Ends the call since nobody waits for it any more. Does not complete the future.
	 * @param why says what the caller did
	 * @return whether this ended the call, or the attempt that this is
	 */
	boolean giveUp(String why) {
		if (claim()) {
			RetriedCall hedged = hedged();
			if (hedged != null) {
				hedged.abandon(why);
			}
			endUnanswered(cancelled(wasSent() ? Known.MAYBE_RAN : Known.NOT_RUN, why));
			return true;
		}
		if (toClaimedAgain()) {
			this.failure = cancelled(Objects.requireNonNull(this.retried).abandon(why), why);
			endNow(RpcCode.CANCELLED);
			return true;
		}
		return false;
	}

	@Override
	public Known abandon(String why) {
		if (giveUp(why)) {
			if (this.waiter == null) {
				this.completions.submit(this);
			}
		}
		else if (!hasEnded()) {
			// Somebody else is ending it.
			return Known.MAYBE_RAN;
		}
		CallFailure failure = this.failure;
		return (failure != null) ? failure.known() : Known.MAYBE_RAN;
	}

	@Override
	public void onLateAnswer(Runnable told) {
		NodeConnection connection = this.connection;
		if (connection != null && this.abandoned) {
			connection.expectLate(this, told);
		}
	}

	private CallFailure cancelled(Known known, String why) {
		return new CallFailure(RpcCode.CANCELLED, known, this.plan + ": " + why, null);
	}

	/**
	 * Says why a call has ended without an answer.
	 */
	@FunctionalInterface
	interface FailureReason {

		CallFailure failure(boolean sent);

	}

}
