package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.Invoker;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireFormat;

/**
 * Makes calls to the nodes of a channel.
 */
final class ChannelInvoker implements Invoker {

	private static final String UNKNOWN = "unknown";

	private final WireFormat format;

	private final NodeGroup nodes;

	private final ClientResources resources;

	private final Timeouts timeouts;

	private final CallRecorder.Factory recorders;

	ChannelInvoker(WireFormat format, NodeGroup nodes, ClientResources resources, Timeouts timeouts,
			CallRecorder.Factory recorders) {
		this.format = format;
		this.nodes = nodes;
		this.resources = resources;
		this.timeouts = timeouts;
		this.recorders = recorders;
	}

	@Override
	public CallPlan plan(ServiceMethod method, ValueShape argument, ValueShape reply, @Nullable Duration timeout) {
		return plan(method, argument, reply, timeout, recorder(method));
	}

	/**
	 * Makes the plan of a method that has a recorder already.
	 */
	CallPlan plan(ServiceMethod method, ValueShape argument, ValueShape reply, @Nullable Duration timeout,
			CallRecorder recorder) {
		return new CallPlan(method, this.format.plan(argument), this.format.plan(reply),
				this.timeouts.nanosOf(method, timeout), recorder);
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
	public @Nullable Object call(CallPlan plan, @Nullable Object argument) {
		ClientCall<Object> call = this.resources.awaited(plan);
		if (this.resources.inIoThread()) {
			call.reject(new CallFailure(RpcCode.FAILED_PRECONDITION, Known.NOT_RUN,
					plan + ": a synchronous call on an I/O thread would block it, use callAsync", null));
		}
		else {
			this.nodes.start(call, argument);
		}
		return call.await();
	}

	@Override
	public <R> CompletableFuture<R> callAsync(CallPlan plan, @Nullable Object argument) {
		ClientCall<R> call = this.resources.future(plan);
		this.nodes.start(call, argument);
		return call;
	}

	@Override
	public String toString() {
		return this.nodes.toString();
	}

}
