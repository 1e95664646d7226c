package io.github.netrpc.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

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

	private final CallPlan plan;

	private final InterceptorChain chain;

	private final ClientResources resources;

	private final Sender sender;

	private final long timeoutNanos;

	private final long deadlineNanos;

	// Guarded by itself.
	private final List<ClientCall<?>> running = new ArrayList<>(1);

	private volatile boolean proceeded;

	private volatile boolean givenUp;

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
		intercept(0, call).whenComplete(this::ended);
		if (!isDone()) {
			Runnable cancelTimer = this.resources.timer().schedule(this::expireLater, leftNanos() + GRACE_NANOS);
			whenComplete((value, failure) -> cancelTimer.run());
		}
	}

	private CompletionStage<RpcReply> intercept(int index, RpcCall call) {
		if (index == this.chain.size()) {
			return send(call);
		}
		ClientInterceptor interceptor = this.chain.get(index);
		try {
			CompletionStage<RpcReply> stage = interceptor.intercept(call, (next) -> intercept(index + 1, next));
			return (stage != null) ? stage : CompletableFuture.failedFuture(nullOf("an interceptor returned"));
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // what depends on the call never throws
	private CompletionStage<RpcReply> send(RpcCall call) {
		long leftNanos = leftNanos();
		if (this.givenUp) {
			return CompletableFuture
				.failedFuture(failure(RpcCode.CANCELLED, Known.NOT_RUN, "its caller has given it up, not sent"));
		}
		if (leftNanos <= 0) {
			return CompletableFuture.failedFuture(failure(RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN,
					"interceptors have used up its " + timeoutMillis() + " ms, not sent"));
		}
		this.proceeded = true;
		ClientCall<?> sent = this.sender.send(Math.min(leftNanos, TimeUnit.NANOSECONDS.convert(call.timeout())),
				call.options(), this.chain.wireArgument(call));
		synchronized (this.running) {
			this.running.add(sent);
		}
		if (this.givenUp) {
			sent.cancel(true);
		}
		Proceeding proceeding = new Proceeding(sent);
		sent.whenComplete((value, failure) -> {
			synchronized (this.running) {
				this.running.remove(sent);
			}
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
			super.completeExceptionally(bare(failure));
		}
		else {
			super.completeExceptionally(nullOf("an interceptor's stage completed with"));
		}
	}

	private static Throwable bare(Throwable failure) {
		Throwable cause = failure.getCause();
		return (failure instanceof CompletionException && cause != null) ? cause : failure;
	}

	/**
	 * Ends the call away from the timer's thread, since that runs what depends on it.
	 */
	private void expireLater() {
		this.resources.completions().execute(this::expire);
	}

	private void expire() {
		if (super.completeExceptionally(failure(RpcCode.DEADLINE_EXCEEDED, known(),
				"no answer from its interceptors within " + timeoutMillis() + " ms"))) {
			giveUp();
		}
	}

	/**
	 * Waits for the end. An interrupted caller gets {@link RpcCode#CANCELLED}, and stays
	 * interrupted.
	 * @return the reply
	 * @throws RpcException if the call failed
	 */
	public @Nullable Object await() {
		try {
			return get();
		}
		catch (InterruptedException ex) {
			RpcException failure = failure(RpcCode.CANCELLED, known(), "the calling thread was interrupted");
			super.completeExceptionally(failure);
			giveUp();
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
	 * Gives the call up: its reply will be dropped.
	 * @param mayInterruptIfRunning without effect
	 */
	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		if (cancelled) {
			giveUp();
		}
		return cancelled;
	}

	@Override
	public boolean complete(R value) {
		boolean completed = super.complete(value);
		if (completed) {
			giveUp();
		}
		return completed;
	}

	@Override
	public boolean completeExceptionally(Throwable ex) {
		boolean completed = super.completeExceptionally(ex);
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
		this.givenUp = true;
		List<ClientCall<?>> calls;
		synchronized (this.running) {
			calls = List.copyOf(this.running);
		}
		calls.forEach((call) -> call.cancel(true));
	}

	@Override
	public Known abandon(String why) {
		Known known = known();
		if (super.completeExceptionally(failure(RpcCode.CANCELLED, known, why))) {
			giveUp();
			return known;
		}
		return Known.MAYBE_RAN;
	}

	private Known known() {
		return this.proceeded ? Known.MAYBE_RAN : Known.NOT_RUN;
	}

	private long leftNanos() {
		return this.deadlineNanos - this.resources.timer().nanoTime();
	}

	private long timeoutMillis() {
		return TimeUnit.NANOSECONDS.toMillis(this.timeoutNanos);
	}

	private RpcException nullOf(String what) {
		return failure(RpcCode.INTERNAL, known(), what + " null");
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
