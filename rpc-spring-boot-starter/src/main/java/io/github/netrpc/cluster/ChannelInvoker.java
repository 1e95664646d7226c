package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.CallPolicy;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.InterceptedCall;
import io.github.netrpc.client.InterceptorChain;
import io.github.netrpc.client.Invoker;
import io.github.netrpc.client.Retries;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireFormat;

/**
 * Makes calls to the nodes of a channel. What a handler calls is part of the call that it
 * serves: it takes no longer than that may still take, and is not begun when that is
 * cancelled.
 */
final class ChannelInvoker implements Invoker {

	private static final String UNKNOWN = "unknown";

	private final String channel;

	private final WireFormat format;

	private final NodeGroup nodes;

	private final ClientResources resources;

	private final Retries retries;

	private final MethodSettings settings;

	private final List<ClientInterceptor> interceptors;

	private final CallRecorder.Factory recorders;

	ChannelInvoker(String channel, WireFormat format, NodeGroup nodes, ClientResources resources, Retries retries,
			MethodSettings settings, List<ClientInterceptor> interceptors, CallRecorder.Factory recorders) {
		this.channel = channel;
		this.format = format;
		this.nodes = nodes;
		this.resources = resources;
		this.retries = retries;
		this.settings = settings;
		this.interceptors = List.copyOf(interceptors);
		this.recorders = recorders;
	}

	@Override
	public CallPlan plan(ServiceMethod method, ValueShape argument, ValueShape reply, CallPolicy policy) {
		return plan(method, argument, reply, policy, recorder(method));
	}

	/**
	 * Makes the plan of a method that has a recorder already.
	 */
	CallPlan plan(ServiceMethod method, ValueShape argument, ValueShape reply, CallPolicy policy,
			CallRecorder recorder) {
		ValuePlan replyPlan = this.format.plan(reply);
		if (replyPlan.whyNotReadable() != null) {
			throw new UnsupportedTypeException("the reply of " + method + " cannot be read in " + this.format.name()
					+ ": " + replyPlan.whyNotReadable());
		}
		CallPlan plan = new CallPlan(method, this.format.plan(argument), replyPlan,
				this.settings.timeoutNanos(method, policy.timeout()), recorder)
			.intercepted(InterceptorChain.of(this.channel, method, argument, this.interceptors));
		return (policy.idempotent() || this.settings.idempotent(method)) ? idempotent(plan) : plan;
	}

	/**
	 * Makes the same plan for a method that is idempotent.
	 */
	CallPlan idempotent(CallPlan plan) {
		return this.retries.hedged(plan.asIdempotent(), MethodSettings.names(plan.method()));
	}

	CallRecorder recorder(ServiceMethod method) {
		if (method.service().isEmpty() || method.method().isEmpty()) {
			return unknownRecorder();
		}
		return this.recorders.recorder(method.service(), method.method(), this.format.name());
	}

	CallRecorder unknownRecorder() {
		return this.recorders.recorder(UNKNOWN, UNKNOWN, this.format.name());
	}

	@Override
	public @Nullable Object call(CallPlan plan, RpcOptions options, @Nullable Object argument) {
		return call(plan, options, argument, null);
	}

	/**
	 * Makes a call that is part of an operation, if there is a scope.
	 */
	@Nullable Object call(CallPlan plan, RpcOptions options, @Nullable Object argument, @Nullable CallScope scope) {
		RpcContext serving = serving(scope);
		InterceptorChain chain = chain(plan, serving, scope);
		if (chain != null && !this.resources.inIoThread()) {
			InterceptedCall<Object> call = intercepted(plan, chain, options, argument, serving, scope);
			return (scope != null) ? scope.await(call, call::await) : call.await();
		}
		ClientCall<Object> call = this.resources.awaited(plan, timeoutNanos(plan, options, serving, scope), options,
				this.retries, argument);
		if (this.resources.inIoThread()) {
			call.reject(new CallFailure(RpcCode.FAILED_PRECONDITION, Known.NOT_RUN,
					plan + ": a synchronous call on an I/O thread would block it, use callAsync", null));
		}
		else {
			start(call, argument, serving, scope);
		}
		return (scope != null) ? scope.await(call, call::await) : call.await();
	}

	@Override
	public <R> CompletableFuture<R> callAsync(CallPlan plan, RpcOptions options, @Nullable Object argument) {
		return callAsync(plan, options, argument, null);
	}

	/**
	 * Begins a call that is part of an operation, if there is a scope.
	 */
	<R> CompletableFuture<R> callAsync(CallPlan plan, RpcOptions options, @Nullable Object argument,
			@Nullable CallScope scope) {
		RpcContext serving = serving(scope);
		InterceptorChain chain = chain(plan, serving, scope);
		if (chain != null) {
			InterceptedCall<R> call = intercepted(plan, chain, options, argument, serving, scope);
			return (scope != null) ? scope.follow(call, call) : call;
		}
		ClientCall<R> call = begin(plan, timeoutNanos(plan, options, serving, scope), options, argument, serving,
				scope);
		return (scope != null) ? scope.follow(call, call) : call;
	}

	private static @Nullable RpcContext serving(@Nullable CallScope scope) {
		return (scope != null) ? scope.serving() : RpcContext.current();
	}

	private static @Nullable InterceptorChain chain(CallPlan plan, @Nullable RpcContext serving,
			@Nullable CallScope scope) {
		InterceptorChain chain = plan.interceptors();
		return (chain != null && vain(plan, serving, scope) != null) ? null : chain;
	}

	private <R> InterceptedCall<R> intercepted(CallPlan plan, InterceptorChain chain, RpcOptions options,
			@Nullable Object argument, @Nullable RpcContext serving, @Nullable CallScope scope) {
		// Interceptors may go over to threads that serve nobody, or somebody else.
		return this.resources.intercepted(plan, chain, timeoutNanos(plan, options, serving, scope), options, argument,
				(timeoutNanos, changed, replaced) -> begin(plan, timeoutNanos,
						(scope != null) ? scope.bind(changed) : changed, replaced, serving, scope));
	}

	private <R> ClientCall<R> begin(CallPlan plan, long timeoutNanos, RpcOptions options, @Nullable Object argument,
			@Nullable RpcContext serving, @Nullable CallScope scope) {
		ClientCall<R> call = this.resources.future(plan, timeoutNanos, options, this.retries, argument);
		start(call, argument, serving, scope);
		return call;
	}

	private static long timeoutNanos(CallPlan plan, RpcOptions options, @Nullable RpcContext serving,
			@Nullable CallScope scope) {
		Duration chosen = options.timeout();
		long timeout = (chosen != null) ? MethodSettings.nanos(chosen) : plan.timeoutNanos();
		Duration left = (serving != null) ? serving.timeLeft() : null;
		timeout = (left != null) ? Math.min(timeout, MethodSettings.nanos(left)) : timeout;
		return (scope != null) ? Math.min(timeout, scope.leftNanos()) : timeout;
	}

	private void start(ClientCall<?> call, @Nullable Object argument, @Nullable RpcContext serving,
			@Nullable CallScope scope) {
		CallFailure vain = vain(call.plan(), serving, scope);
		if (vain != null) {
			call.reject(vain);
		}
		else {
			this.retries.watch(call, argument);
			this.nodes.start(call, argument);
		}
	}

	private static @Nullable CallFailure vain(CallPlan plan, @Nullable RpcContext serving, @Nullable CallScope scope) {
		CallFailure vain = (serving != null) ? vain(plan, serving) : null;
		return (vain == null && scope != null) ? scope.vain(plan) : vain;
	}

	/**
	 * Why a handler's call would be in vain.
	 */
	private static @Nullable CallFailure vain(CallPlan plan, RpcContext serving) {
		Duration left = serving.timeLeft();
		if (left != null && (left.isZero() || left.isNegative())) {
			return new CallFailure(RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN,
					plan + ": no time is left of the call of " + serving.serviceMethod() + " that needs it, not sent",
					null);
		}
		if (serving.cancelled()) {
			return new CallFailure(RpcCode.CANCELLED, Known.NOT_RUN,
					plan + ": the call of " + serving.serviceMethod() + " that needs it was cancelled, not sent", null);
		}
		return null;
	}

	@Override
	public String toString() {
		return this.nodes.toString();
	}

}
