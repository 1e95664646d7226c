package io.github.netrpc.client;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

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

	private final Invoker invoker;

	private final ReturnKind returns;

	private final @Nullable AsyncAdapter adapter;

	private final @Nullable Object absent;

	RemoteProxyMethod(MethodShape shape, CallPlan plan, Invoker invoker) {
		this.shape = shape;
		this.plan = plan;
		this.invoker = invoker;
		this.returns = shape.returns();
		this.adapter = shape.adapter();
		this.absent = (shape.method().getReturnType() == Optional.class) ? Optional.empty() : null;
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the caller gets it
	public @Nullable Object invoke(Object proxy, @Nullable Object @Nullable [] arguments) {
		Object argument = this.shape.toWire(arguments);
		if (this.returns == ReturnKind.STAGE) {
			return this.invoker.callAsync(this.plan, argument);
		}
		if (this.adapter != null) {
			return this.adapter.fromStage(() -> this.invoker.callAsync(this.plan, argument));
		}
		Object reply = this.invoker.call(this.plan, argument);
		return (reply != null) ? reply : this.absent;
	}

}
