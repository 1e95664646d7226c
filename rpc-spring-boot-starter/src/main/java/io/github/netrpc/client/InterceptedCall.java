package io.github.netrpc.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCall;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.RpcReply;

/**
 * A call with interceptors around it. Behind the last one, each time it proceeds, a
 * {@link ClientCall} begins. This future is what the caller gets, or waits for. Whatever
 * the interceptors do, it ends a moment after the call's deadline; giving it up gives up
 * the calls behind it. Thread-safe.
 *
 * @param <R> the type of the reply
 * @since 0.1.0
 */
public final class InterceptedCall<R> extends CompletableFuture<R> implements RunningCall {

	/**
	 * How much later than the calls behind the interceptors this one ends by itself,
	 * since they know best what the time was lost with.
	 */
	static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final String CLOSED = "the channel is closed";

	private final CallPlan plan;

	private final InterceptorChain chain;

	private final ClientResources resources;

	private final Sender sender;

	private final long timeoutNanos;

	private final long deadlineNanos;

	private final BegunCalls calls = new BegunCalls();

	/** A thread waits in {@link #await}, and nothing else depends on this future. */
	private volatile boolean awaited;

	InterceptedCall(CallPlan plan, InterceptorChain chain, ClientResources resources, long timeoutNanos,
			Sender sender) {
		this.plan = plan;
		this.chain = chain;
		this.resources = resources;
		this.sender = sender;
		this.timeoutNanos = timeoutNanos;
		this.deadlineNanos = resources.timer().nanoTime() + timeoutNanos;
	}

	/**
	 * Lets the interceptors have the call.
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // what depends on this future never
													// throws
	void begin(RpcOptions options, @Nullable Object argument) {
		RpcCall call = this.chain.call(this.plan, Duration.ofNanos(this.timeoutNanos), options, argument);
		this.resources.opened(this);
		Runnable cancelTimer = this.resources.timer().schedule(() -> later(this::expire), leftNanos() + GRACE_NANOS);
		whenComplete((value, failure) -> {
			cancelTimer.run();
			this.resources.ended(this);
		});
		if (this.resources.isClosed()) {
			// Closing the resources may have missed this call.
			close();
		}
		else {
			intercept(0, call).whenComplete(this::ended);
		}
	}

	private CompletionStage<RpcReply> intercept(int index, RpcCall call) {
		if (index == this.chain.size()) {
			return send(call);
		}
		ClientInterceptor interceptor = this.chain.get(index);
		try {
			CompletionStage<RpcReply> stage = interceptor.intercept(call, (next) -> intercept(index + 1, next));
			if (stage != null) {
				return stage;
			}
			Known known = (index == 0) ? knownAtLast() : this.calls.known();
			return CompletableFuture.failedFuture(failure(RpcCode.INTERNAL, known, "an interceptor returned null"));
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletionStage<RpcReply> send(RpcCall call) {
		long leftNanos = leftNanos();
		if (leftNanos <= 0 && !this.calls.isRefusing()) {
			return CompletableFuture.failedFuture(failure(RpcCode.DEADLINE_EXCEEDED, this.calls.known(),
					"interceptors have used up its " + timeoutMillis() + " ms, not sent"));
		}
		if (!this.calls.begin()) {
			return CompletableFuture
				.failedFuture(failure(RpcCode.CANCELLED, this.calls.known(), "its caller has given it up, not sent"));
		}
		ClientCall<?> sent = null;
		try {
			sent = this.sender.send(Math.min(leftNanos, TimeUnit.NANOSECONDS.convert(call.timeout())), call.options(),
					this.chain.wireArgument(call));
			return proceeding(sent);
		}
		finally {
			if (!this.calls.begun(sent) && sent != null) {
				sent.cancel(true);
			}
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // what depends on the call never throws
	private CompletionStage<RpcReply> proceeding(ClientCall<?> sent) {
		this.calls.add(sent);
		Proceeding proceeding = new Proceeding(sent);
		sent.whenComplete((value, failure) -> {
			this.calls.ended(sent);
			proceeding.end(value, failure);
		});
		return proceeding;
	}

	private void ended(@Nullable RpcReply reply, @Nullable Throwable failure) {
		if (reply != null) {
			@SuppressWarnings({ "unchecked", "NullAway" })
			R value = (R) reply.value();
			super.complete(value);
		}
		else if (failure != null) {
			super.completeExceptionally(ofAllCalls(bare(failure)));
		}
		else {
			end(RpcCode.INTERNAL, "an interceptor's stage completed with null");
		}
	}

	/**
	 * A failure that says no less than what is known of all calls that the interceptors
	 * have made: one that did not run says nothing about those before it.
	 */
	private Throwable ofAllCalls(Throwable failure) {
		if (!(failure instanceof RpcCallException last) || last.known() != Known.NOT_RUN
				|| this.calls.known() == Known.NOT_RUN) {
			return failure;
		}
		return new RpcCallException(last.code(), this.calls.known(),
				last.getMessage() + "; an earlier call may have run", last,
				new RpcCallException.Trace(last.node(), last.callId(), this.plan.idempotent(), List.of()));
	}

	private static Throwable bare(Throwable failure) {
		Throwable cause = failure.getCause();
		return (failure instanceof CompletionException && cause != null) ? cause : failure;
	}

	/**
	 * Ends the call away from the thread at hand, since that runs what depends on it. For
	 * a caller that waits nothing does, and it may hold the executor's only thread.
	 */
	private void later(Runnable end) {
		if (this.awaited) {
			this.resources.completions().executeInternal(end);
		}
		else {
			this.resources.completions().execute(end);
		}
	}

	private void expire() {
		end(RpcCode.DEADLINE_EXCEEDED, noAnswer());
	}

	private String noAnswer() {
		return "no answer from its interceptors within " + timeoutMillis() + " ms";
	}

	/**
	 * Ends the call since the channel is closed, and with it the timer.
	 */
	void closeLater() {
		later(this::close);
	}

	private void close() {
		end(RpcCode.UNAVAILABLE, CLOSED);
	}

	private void end(RpcCode code, String what) {
		if (!isDone()) {
			super.completeExceptionally(failure(code, knownAtLast(), what));
			giveUp();
		}
	}

	/**
	 * Ends a call that is awaited by the current thread, which leaves it to others to run
	 * what interceptors do then.
	 * @return the failure, unless the call has ended otherwise
	 */
	private RpcException endAwaited(RpcCode code, String what) {
		RpcException failure = failure(code, knownAtLast(), what);
		super.completeExceptionally(failure);
		this.resources.completions().executeInternal(this::giveUp);
		return failure;
	}

	/**
	 * Waits for the end. An interrupted caller gets {@link RpcCode#CANCELLED}, and stays
	 * interrupted.
	 * @return the reply
	 * @throws RpcException if the call failed
	 */
	public @Nullable Object await() {
		this.awaited = true;
		if (this.resources.isClosed() && !isDone()) {
			// Closing the resources may have left the call to the thread at hand.
			endAwaited(RpcCode.UNAVAILABLE, CLOSED);
		}
		try {
			return awaitEnd();
		}
		catch (InterruptedException ex) {
			RpcException failure = endAwaited(RpcCode.CANCELLED, "the calling thread was interrupted");
			Thread.currentThread().interrupt();
			throw failure;
		}
		catch (ExecutionException ex) {
			Throwable failure = ex.getCause();
			if (failure instanceof RpcCallException) {
				// Made on a thread that the reader of a stack trace does not care for.
				failure.setStackTrace(new Throwable().getStackTrace());
			}
			if (failure instanceof RuntimeException unchecked) {
				throw unchecked;
			}
			if (failure instanceof Error error) {
				throw error;
			}
			throw new CompletionException(failure);
		}
	}

	/**
	 * Waits no longer than a moment after the deadline, whether or not the timer has a
	 * thread that ends the call.
	 */
	private @Nullable Object awaitEnd() throws InterruptedException, ExecutionException {
		try {
			return get(Math.max(0, leftNanos()) + GRACE_NANOS, TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			endAwaited(RpcCode.DEADLINE_EXCEEDED, noAnswer());
			return get();
		}
	}

	/**
	 * Gives the call up: its reply will be dropped.
	 * @param mayInterruptIfRunning without effect
	 */
	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		return byCaller(super.cancel(mayInterruptIfRunning));
	}

	@Override
	public boolean complete(R value) {
		return byCaller(super.complete(value));
	}

	@Override
	public boolean completeExceptionally(Throwable ex) {
		return byCaller(super.completeExceptionally(ex));
	}

	private boolean byCaller(boolean completed) {
		if (completed) {
			giveUp();
		}
		return completed;
	}

	/**
	 * Ends the calls behind the interceptors, and those that are to come. An interceptor
	 * that answers by itself does not do this: it may go on for later callers.
	 */
	private void giveUp() {
		this.calls.refuseMore().forEach((call) -> call.cancel(true));
	}

	/**
	 * What is known of the calls behind the interceptors when there are to be no more.
	 * Ends them, but not their futures: that is for who has ended this one.
	 */
	private Known knownAtLast() {
		this.calls.refuseMore().forEach((call) -> call.giveUp("its caller has given it up"));
		return this.calls.known();
	}

	@Override
	public Known abandon(String why) {
		if (isDone()) {
			return Known.MAYBE_RAN;
		}
		Known known = knownAtLast();
		if (super.completeExceptionally(failure(RpcCode.CANCELLED, known, why))) {
			giveUp();
			return known;
		}
		return Known.MAYBE_RAN;
	}

	private long leftNanos() {
		return this.deadlineNanos - this.resources.timer().nanoTime();
	}

	private long timeoutMillis() {
		return TimeUnit.NANOSECONDS.toMillis(this.timeoutNanos);
	}

	private RpcException failure(RpcCode code, Known known, String what) {
		return new RpcCallException(code, known, this.plan + ": " + what, null);
	}

	/**
	 * Begins a call behind the interceptors.
	 */
	@FunctionalInterface
	public interface Sender {

		/**
		 * Begins a call.
		 * @param timeoutNanos how long it may take
		 * @param options where it goes and what goes along; their timeout is not looked
		 * at
		 * @param argument the argument, as the plan's shape says
		 * @return the call, which completes as a future
		 */
		ClientCall<?> send(long timeoutNanos, RpcOptions options, @Nullable Object argument);

	}

	/**
	 * What the last interceptor gets for a call. Unlike a stage that depends on the call,
	 * it fails with the call's own exception, and cancelling it gives the call up.
	 */
	private static final class Proceeding extends CompletableFuture<RpcReply> {

		private final ClientCall<?> call;

		Proceeding(ClientCall<?> call) {
			this.call = call;
		}

		void end(@Nullable Object value, @Nullable Throwable failure) {
			if (failure != null) {
				completeExceptionally(failure);
			}
			else {
				complete(RpcReply.of(value, this.call.replyMetadata()));
			}
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean cancelled = super.cancel(mayInterruptIfRunning);
			this.call.cancel(mayInterruptIfRunning);
			return cancelled;
		}

	}

}
