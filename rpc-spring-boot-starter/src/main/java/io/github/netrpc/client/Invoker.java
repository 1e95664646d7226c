package io.github.netrpc.client;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.ValueShape;

/**
 * Makes calls, to one node or to one of many. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Invoker {

	/**
	 * Finds out all that the calls of a method have in common. To be done once.
	 * @param method the name on the wire
	 * @param argument the shape of the argument
	 * @param reply the shape of the reply
	 * @param policy what the method's declaration says; what is configured wins
	 * @return the plan, for this invoker only
	 */
	CallPlan plan(ServiceMethod method, ValueShape argument, ValueShape reply, CallPolicy policy);

	/**
	 * Calls and waits for the reply.
	 * @param plan what to call
	 * @param options what the caller has chosen for this call
	 * @param argument the argument, as the plan's shape says
	 * @return the reply
	 * @throws RpcException if the call failed
	 */
	@Nullable Object call(CallPlan plan, RpcOptions options, @Nullable Object argument);

	/**
	 * Calls without waiting. The order of two calls is not promised.
	 * @param <R> the type of the reply
	 * @param plan what to call
	 * @param options what the caller has chosen for this call
	 * @param argument the argument, as the plan's shape says, not to be changed until the
	 * future is complete
	 * @return completes with the reply or an {@link RpcException}; cancelling it gives
	 * the call up
	 */
	<R> CompletableFuture<R> callAsync(CallPlan plan, RpcOptions options, @Nullable Object argument);

}
