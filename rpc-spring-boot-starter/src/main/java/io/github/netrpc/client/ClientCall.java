package io.github.netrpc.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ValuePlan;

/**
 * One call, from the caller's hand to its one outcome. It is the future of an
 * asynchronous call, the place where a synchronous caller waits, and the entry in the
 * table of pending calls: one object for all three.
 * <p>
 * Many may want to end a call at the same time: its reply, its deadline, a lost
 * connection, a cancelling caller. Whoever moves the state to {@code CLAIMED} does, and
 * nobody else. A call is sent only by moving from {@code NEW} to {@code SENT}, so what is
 * said about {@link Known} is exact.
 *
 * @param <R> the type of the reply
 * @since 0.1.0
 */
public final class ClientCall<R> extends CompletableFuture<R> implements PendingReply {

	private static final int NEW = 0;

	private static final int SENT = 1;

	private static final int CLAIMED = 2;

	private static final int ENDED = 3;

	private static final VarHandle STATE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(ClientCall.class, "state", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final CallPlan plan;

	private final Completions completions;

	private final @Nullable Thread waiter;

	private final long startNanos;

	private final long deadlineNanos;

	private volatile int state;

	private boolean sent;

	private long number;

	private @Nullable NodeClient node;

	private @Nullable NodeConnection connection;

	private @Nullable Object argument;

	private @Nullable Object value;

	private @Nullable CallFailure failure;

	/** The next one in a chain of calls that are to be completed. */
	@Nullable ClientCall<?> next;

	private ClientCall(CallPlan plan, Completions completions, @Nullable Thread waiter, long startNanos) {
		this.plan = plan;
		this.completions = completions;
		this.waiter = waiter;
		this.startNanos = startNanos;
		this.deadlineNanos = startNanos + plan.timeoutNanos();
	}

	/**
	 * A call that the current thread will {@link #await}.
	 */
	static <R> ClientCall<R> awaited(CallPlan plan, Completions completions, long now) {
		return new ClientCall<>(plan, completions, Thread.currentThread(), now);
	}

	/**
	 * A call that completes as a future.
	 */
	static <R> ClientCall<R> future(CallPlan plan, Completions completions, long now) {
		return new ClientCall<>(plan, completions, null, now);
	}

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

	long startNanos() {
		return this.startNanos;
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
		this.argument = argument;
	}

	/**
	 * Forgets the argument, which nobody needs any more.
	 */
	void dropArgument() {
		this.argument = null;
	}

	void sendOn(NodeClient node, NodeConnection connection) {
		this.node = node;
		this.connection = connection;
	}

	/**
	 * Whether nobody has ended the call.
	 */
	boolean isOpen() {
		return this.state < CLAIMED;
	}

	/**
	 * The last step before the bytes leave.
	 * @return false if the call has ended and must not be sent
	 */
	boolean markSent() {
		if (!STATE.compareAndSet(this, NEW, SENT)) {
			return false;
		}
		this.argument = null;
		return true;
	}

	private boolean claim() {
		for (int seen = this.state; seen < CLAIMED; seen = this.state) {
			if (STATE.compareAndSet(this, seen, CLAIMED)) {
				this.sent = seen == SENT;
				this.argument = null;
				NodeConnection connection = this.connection;
				if (connection != null) {
					connection.forget(this);
				}
				return true;
			}
		}
		return false;
	}

	@Override
	public ValuePlan replyPlan() {
		return this.plan.replyPlan();
	}

	@Override
	public void succeeded(@Nullable Object value) {
		if (claim()) {
			this.value = value;
			answered(RpcCode.OK);
		}
	}

	@Override
	public void failed(String error, @Nullable RpcCode code, @Nullable Known known) {
		CallFailure failure = this.plan.failureOf(error, code, known);
		if (claim()) {
			this.failure = failure;
			answered(failure.code());
		}
	}

	@Override
	public void malformed(String reason) {
		CallFailure failure = new CallFailure(RpcCode.INTERNAL, Known.RAN_AND_FAILED,
				"reply of " + this.plan + " does not fit: " + reason, null);
		if (claim()) {
			this.failure = failure;
			answered(RpcCode.INTERNAL);
		}
	}

	/**
	 * Ends the call with the node's answer, on the I/O thread: futures are left to the
	 * connection, which completes all of one read together.
	 */
	private void answered(RpcCode code) {
		NodeConnection connection = Objects.requireNonNull(this.connection);
		record(code, connection.readNanos());
		if (this.waiter != null) {
			wake(this.waiter);
		}
		else {
			this.state = ENDED;
			connection.completeAfterRead(this);
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
		end(explain(reason));
		if (this.waiter == null) {
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
			return reason.failure(this.sent);
		}
		catch (Throwable ex) {
			return new CallFailure(RpcCode.INTERNAL, this.sent ? Known.MAYBE_RAN : Known.NOT_RUN,
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

	private void end(CallFailure failure) {
		this.failure = failure;
		NodeClient node = this.node;
		if (node != null) {
			node.unanswered(this, this.sent);
		}
		record(failure.code(), this.completions.nanoTime());
		if (this.waiter != null) {
			wake(this.waiter);
		}
		else {
			this.state = ENDED;
		}
	}

	private void wake(Thread waiter) {
		this.state = ENDED;
		LockSupport.unpark(waiter);
	}

	/**
	 * Waits for the end of a call that the current thread started. An interrupted caller
	 * gets {@link RpcCode#CANCELLED}, and stays interrupted.
	 * @return the reply
	 * @throws RpcException if the call failed
	 */
	public @Nullable Object await() {
		while (this.state != ENDED) {
			LockSupport.park(this);
			if (this.state != ENDED && Thread.currentThread().isInterrupted()) {
				fail((sent) -> new CallFailure(RpcCode.CANCELLED, sent ? Known.MAYBE_RAN : Known.NOT_RUN,
						this.plan + ": the calling thread was interrupted", null));
			}
		}
		CallFailure failure = this.failure;
		if (failure != null) {
			throw failure.toException();
		}
		return this.value;
	}

	/**
	 * Completes the future. Runs what depends on it.
	 */
	@SuppressWarnings("unchecked")
	void completeNow() {
		CallFailure failure = this.failure;
		if (failure != null) {
			super.completeExceptionally(failure.toException());
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
		abandon();
		return cancelled;
	}

	@Override
	public boolean complete(R value) {
		boolean completed = super.complete(value);
		abandon();
		return completed;
	}

	@Override
	public boolean completeExceptionally(Throwable ex) {
		boolean completed = super.completeExceptionally(ex);
		abandon();
		return completed;
	}

	private void abandon() {
		if (claim()) {
			end(new CallFailure(RpcCode.CANCELLED, this.sent ? Known.MAYBE_RAN : Known.NOT_RUN,
					this.plan + ": the caller has completed the future", null));
		}
	}

	/**
	 * Says why a call has ended without an answer.
	 */
	@FunctionalInterface
	interface FailureReason {

		CallFailure failure(boolean sent);

	}

}
