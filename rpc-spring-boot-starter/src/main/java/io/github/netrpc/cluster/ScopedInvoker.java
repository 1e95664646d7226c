package io.github.netrpc.cluster;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.CallPolicy;
import io.github.netrpc.client.Invoker;
import io.github.netrpc.wire.ValueShape;

/**
 * Makes the calls of a proxy that an operation has given to a lambda.
 */
final class ScopedInvoker implements Invoker {

	private final ChannelInvoker invoker;

	private final CallScope scope;

	ScopedInvoker(ChannelInvoker invoker, CallScope scope) {
		this.invoker = invoker;
		this.scope = scope;
	}

	@Override
	public CallPlan plan(ServiceMethod method, ValueShape argument, ValueShape reply, CallPolicy policy) {
		return this.invoker.plan(method, argument, reply, policy);
	}

	@Override
	public @Nullable Object call(CallPlan plan, RpcOptions options, @Nullable Object argument) {
		this.scope.beginning(plan);
		return this.invoker.call(plan, this.scope.bind(options), argument, this.scope);
	}

	@Override
	public <R> CompletableFuture<R> callAsync(CallPlan plan, RpcOptions options, @Nullable Object argument) {
		this.scope.beginning(plan);
		return this.invoker.callAsync(plan, this.scope.bind(options), argument, this.scope);
	}

	@Override
	public String toString() {
		return this.invoker.toString();
	}

}
