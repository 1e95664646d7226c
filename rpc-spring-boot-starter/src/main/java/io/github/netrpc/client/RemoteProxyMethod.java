package io.github.netrpc.client;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.ProxyFactory.ProxyMethod;
import io.github.netrpc.method.AsyncAdapter;
import io.github.netrpc.method.MethodShape;
import io.github.netrpc.method.ReturnKind;

/**
 * A method of a proxy that calls a remote one.
 */
final class RemoteProxyMethod implements ProxyMethod {

	private final MethodShape shape;

	private final CallPlan plan;

	private final ReturnKind returns;

	private final @Nullable AsyncAdapter adapter;

	private final @Nullable Object absent;

	/** Which parameter has options, or -1. */
	private final int optionsIndex;

	RemoteProxyMethod(MethodShape shape, CallPlan plan) {
		this.shape = shape;
		this.plan = plan;
		this.returns = shape.returns();
		this.adapter = shape.adapter();
		this.absent = (shape.method().getReturnType() == Optional.class) ? Optional.empty() : null;
		this.optionsIndex = List.of(shape.method().getParameterTypes()).indexOf(RpcOptions.class);
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the caller gets it
	public @Nullable Object invoke(Object proxy, Invoker invoker, RpcOptions options,
			@Nullable Object @Nullable [] arguments) {
		Object argument = this.shape.toWire(arguments);
		RpcOptions chosen = (this.optionsIndex < 0) ? options : choose(options, arguments);
		if (this.returns == ReturnKind.STAGE) {
			return invoker.callAsync(this.plan, chosen, argument);
		}
		if (this.adapter != null) {
			return this.adapter.fromStage(() -> invoker.callAsync(this.plan, chosen, argument));
		}
		Object reply = invoker.call(this.plan, chosen, argument);
		return (reply != null) ? reply : this.absent;
	}

	private RpcOptions choose(RpcOptions options, @Nullable Object @Nullable [] arguments) {
		RpcOptions given = (arguments != null) ? (RpcOptions) arguments[this.optionsIndex] : null;
		return (given != null) ? options.with(given) : options;
	}

}
