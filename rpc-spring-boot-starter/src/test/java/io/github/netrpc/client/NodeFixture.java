package io.github.netrpc.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.wire.http.ConnectPath;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A node with a transport, a format and a clock that the test moves. After each test, no
 * call is left.
 */
abstract class NodeFixture {

	static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("node", 1234);

	final FakeTransport transport = new FakeTransport();

	final FakeTimer timer = new FakeTimer();

	final List<String> recorded = new ArrayList<>();

	final List<Runnable> tasks = new ArrayList<>();

	final AtomicReference<Double> random = new AtomicReference<>(0.5);

	ClientResources resources = resources(new ClientLimits(1, 4, 3, 100_000, Duration.ofSeconds(3)), null);

	NodeClient node = new NodeClient(ADDRESS, this.resources, NodeListener.NONE);

	@AfterEach
	void everyCallHasEndedOnce() {
		this.node.close();
		assertThat(this.node.state()).isEqualTo(NodeState.SHUTDOWN);
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	ClientResources resources(ClientLimits limits, ConnectPath path) {
		return resources(limits, path, Runnable::run);
	}

	ClientResources resources(ClientLimits limits, ConnectPath path, Executor callbackExecutor) {
		return resources(limits, path, ConnectionPolicy.DEFAULT, true, callbackExecutor);
	}

	ClientResources resources(ClientLimits limits, ConnectPath path, ConnectionPolicy policy, boolean extensions,
			Executor callbackExecutor) {
		return new ClientResources(this.transport, new FakeFormat(), path, limits, policy, extensions, callbackExecutor,
				callbackExecutor, this.timer, this.random::get);
	}

	/**
	 * Resources whose callback executor has no time until the test runs its tasks.
	 */
	ClientResources busyResources() {
		ClientResources busy = resources(ClientLimits.DEFAULT, null, this.tasks::add);
		this.tasks.clear();
		return busy;
	}

	void runTasks() {
		while (!this.tasks.isEmpty()) {
			this.tasks.remove(0).run();
		}
	}

	CallPlan plan(Duration timeout) {
		CallRecorder recorder = (code, nanos) -> this.recorded.add(code + " " + TimeUnit.NANOSECONDS.toMillis(nanos));
		return new CallPlan(ServiceMethod.of("Arith", "Add"), FakeFormat.PLAN, FakeFormat.PLAN, timeout.toNanos(),
				recorder);
	}

	/**
	 * Goes on with another node.
	 */
	void use(ClientResources resources) {
		this.node.close();
		this.resources = resources;
		this.node = new NodeClient(ADDRESS, resources, NodeListener.NONE);
	}

	ClientCall<Object> call(Object argument) {
		return call(argument, Duration.ofSeconds(10));
	}

	ClientCall<Object> call(Object argument, Duration timeout) {
		ClientCall<Object> call = this.resources.future(plan(timeout));
		CallFailure refused = this.node.offer(call, argument);
		if (refused != null) {
			call.reject(refused);
		}
		return call;
	}

	FakeConnection connected() {
		this.node.connect();
		return this.transport.last().accept();
	}

	/**
	 * A connection whose first message was answered.
	 */
	FakeConnection greeted(boolean extended) {
		FakeConnection connection = connected();
		connection.greet(extended);
		return connection;
	}

	static RpcException failure(ClientCall<?> call) {
		assertThat(call).isCompletedExceptionally();
		try {
			throw new AssertionError("succeeded: " + call.join());
		}
		catch (CompletionException ex) {
			assertThat(ex.getCause()).isInstanceOf(RpcException.class);
			return (RpcException) ex.getCause();
		}
	}

	static void assertFailure(ClientCall<?> call, RpcCode code, Known known, String... texts) {
		RpcException failure = failure(call);
		assertThat(failure.code()).isEqualTo(code);
		assertThat(failure.known()).isEqualTo(known);
		for (String text : texts) {
			assertThat(failure.getMessage()).contains(text);
		}
	}

}
