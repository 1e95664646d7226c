package io.github.netrpc.cluster;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.CallPlan;

/**
 * A method that was looked up once, for many calls. Thread-safe. <pre class="code">
 * RemoteMethod&lt;Args, Integer&gt; add = channel.method("Arith.Add", Args.class, Integer.class);
 * int sum = add.call(new Args(7, 8));
 * </pre>
 *
 * @param <A> the type of the argument
 * @param <R> the type of the reply
 * @since 0.1.0
 */
public final class RemoteMethod<A, R> {

	private final ChannelInvoker invoker;

	private final CallPlan plan;

	private final RpcOptions options;

	RemoteMethod(ChannelInvoker invoker, CallPlan plan) {
		this(invoker, plan, RpcOptions.NONE);
	}

	private RemoteMethod(ChannelInvoker invoker, CallPlan plan, RpcOptions options) {
		this.invoker = invoker;
		this.plan = plan;
		this.options = options;
	}

	/**
	 * The same method, declared to be idempotent: calling it twice does no more than
	 * calling it once, so that a call which may have run is tried again.
	 * @return the method, for calls that may be repeated
	 */
	public RemoteMethod<A, R> idempotent() {
		return new RemoteMethod<>(this.invoker, this.invoker.idempotent(this.plan), this.options);
	}

	/**
	 * The same method with options.
	 * @param options the options, on top of those of this one
	 * @return the method, for calls with options
	 */
	public RemoteMethod<A, R> with(RpcOptions options) {
		return new RemoteMethod<>(this.invoker, this.plan, this.options.with(options));
	}

	/**
	 * The name on the wire.
	 * @return the name
	 */
	public String name() {
		return this.plan.method().name();
	}

	/**
	 * Calls and waits for the reply.
	 * @param argument the argument; null is sent as the zero value of its type
	 * @return the reply
	 * @throws RpcException if the call failed; with {@code FAILED_PRECONDITION} at once
	 * on an I/O thread of the transport, which must not wait
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	public R call(@Nullable A argument) {
		return (R) this.invoker.call(this.plan, this.options, argument);
	}

	/**
	 * Calls without waiting. The order of two calls is not promised.
	 * @param argument the argument, not to be changed until the future is complete
	 * @return completes with the reply or an {@link RpcException}; cancelling it gives
	 * the call up
	 */
	public CompletableFuture<R> callAsync(@Nullable A argument) {
		return this.invoker.callAsync(this.plan, this.options, argument);
	}

	@Override
	public String toString() {
		return this.plan.toString();
	}

}
