package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallPolicy;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeResources;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.Retries;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.work.Worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link ListedNodes}, with a balancer that always chooses the last one.
 */
class ListedNodesTests {

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final FakeDirectory directory = new FakeDirectory();

	private final ClientResources resources = FakeResources.create(this.transport, this.timer, Runnable::run,
			() -> 0.5);

	private final List<String> asked = new ArrayList<>();

	private final LoadBalancer last = (nodes, request) -> {
		this.asked.add(request.method() + " " + request.options().hashKey());
		return nodes.size() - 1;
	};

	private final NodeGroup nodes = new NodeGroup("test", "fake://nodes", this.directory, this.resources,
			new Balancing(this.last, OutlierPolicy.DEFAULT, Duration.ZERO));

	private final Retries retries = new Retries(RetryLimits.DEFAULT, this.resources, this.nodes.otherNodes());

	private final ChannelInvoker invoker = new ChannelInvoker("test", new FakeFormat(), this.nodes, this.resources,
			this.retries, new MethodSettings(Duration.ofSeconds(10), Map.of(), Set.of()), List.of(),
			(service, method, format) -> CallRecorder.NONE);

	private final ListedNodes listed = this.nodes.listedNodes();

	@AfterEach
	void close() {
		this.nodes.close();
		this.retries.close();
		this.resources.close();
	}

	private List<String> bestFirst(RpcOptions options) {
		List<ClusterNode> listed = this.listed.listed();
		return IntStream.of(this.listed.bestFirst(listed, "race of 2", options))
			.mapToObj((i) -> listed.get(i).id())
			.toList();
	}

	private void call(String node) {
		this.invoker.callAsync(this.invoker.plan(ServiceMethod.of("S", "M"), ValueShape.EMPTY, ValueShape.EMPTY,
				new CallPolicy(null, false)), RpcOptions.NONE.node(node).noRetry(), "x");
	}

	private FakeConnection connect(String host) {
		Attempt attempt = this.transport.attempts.stream()
			.filter((each) -> each.address.getHostString().equals(host))
			.findFirst()
			.orElseThrow();
		return attempt.accept();
	}

	/**
	 * Lists four nodes, of which three are connected, and one of those fails.
	 */
	private void prepare() {
		this.listed.whenListed(() -> {
		});
		this.directory.list("a:1", "b:1", "c:1", "d:1");
		call("a:1");
		FakeConnection a = connect("a");
		a.requests();
		call("c:1");
		connect("c").requests();
		call("d:1");
		FakeConnection d = connect("d");
		d.receive(d.seq() + " coded DEADLINE_EXCEEDED MAYBE_RAN x");
		for (int i = 0; i < 4; i++) {
			call("d:1");
			d.receive(d.seq() + " coded DEADLINE_EXCEEDED MAYBE_RAN x");
		}
		assertThat(this.nodes.ejections()).isEqualTo(1);
		this.asked.clear();
	}

	@Test
	void balancerDecidesWhichNodesAreAskedFirst() {
		prepare();
		assertThat(bestFirst(RpcOptions.NONE.hashKey("key"))).startsWith("c:1", "a:1");
		assertThat(this.asked).containsExactly("race of 2 key");
	}

	@Test
	void jobsKnowWhichNodesTheyMayUse() {
		prepare();
		assertThat(this.listed.workers(Set.of())).extracting(Worker::id, Worker::state)
			.containsExactly(tuple("a:1", Worker.State.READY), tuple("b:1", Worker.State.UNPROVEN),
					tuple("c:1", Worker.State.READY), tuple("d:1", Worker.State.SUSPECT));
		call("b:1");
		this.transport.attempts.stream()
			.filter((attempt) -> attempt.address.getHostString().equals("b"))
			.forEach(Attempt::refuse);
		assertThat(this.listed.workers(Set.of())).element(1).extracting(Worker::state).isEqualTo(Worker.State.AWAY);
	}

	@Test
	void jobsBeginWithTheProcessorsOfANodeAndKnowItsCapacity() {
		this.listed.whenListed(() -> {
		});
		this.directory.list(node("silent", Map.of()), node("cpus", Map.of("rpc-cpus", "12")),
				node("large", Map.of("rpc-capacity", "1000", "rpc-cpus", "12")),
				node("small", Map.of("rpc-capacity", "5", "rpc-cpus", "12")),
				node("old", Map.of("rpc-capacity", "1000000")), node("gpu", Map.of("rpc-tags", "gpu")));
		int usual = 2 * Runtime.getRuntime().availableProcessors();
		assertThat(this.listed.workers(Set.of())).extracting(Worker::id, Worker::first, Worker::capacity)
			.containsExactly(tuple("silent", usual, usual), tuple("cpus", 24, 24), tuple("large", 24, 1_000),
					tuple("small", 5, 5), tuple("old", usual, 1_000_000), tuple("gpu", usual, usual));
		assertThat(this.listed.workers(Set.of("gpu"))).extracting(Worker::id).containsExactly("gpu");
	}

	private static NodeEndpoint node(String id, Map<String, String> metadata) {
		return new NodeEndpoint(id, id, 1, metadata);
	}

	@Test
	void nodesThatAreNotConnectedOrLeftOutAreTheLast() {
		prepare();
		assertThat(bestFirst(RpcOptions.NONE)).containsExactly("c:1", "a:1", "b:1", "d:1");
	}

	@Test
	void ofManyNodesEachIsInTheOrderOnce() {
		this.listed.whenListed(() -> {
		});
		String[] many = IntStream.range(0, 100).mapToObj((i) -> "n" + i + ":1").toArray(String[]::new);
		this.directory.list(many);
		for (String node : many) {
			call(node);
		}
		List.copyOf(this.transport.attempts).forEach(Attempt::accept);
		List<String> order = bestFirst(RpcOptions.NONE);
		assertThat(order).containsExactlyInAnyOrder(many).startsWith("n99:1", "n98:1");
		assertThat(this.asked).hasSize(64);
	}

	/**
	 * A task is in a hash table until it runs, and the table asks for its hash code: once
	 * when it is put there, once when it is taken out.
	 */
	@Test
	void taskRunsOnceHoweverTheListComesMeanwhile() {
		List<String> ran = new ArrayList<>();
		List<Runnable> meanwhile = new ArrayList<>(
				List.of(() -> this.directory.list("a:1"), () -> this.listed.arrived()));
		Runnable task = new Runnable() {

			@Override
			public void run() {
				ran.add("ran");
			}

			@Override
			public boolean equals(Object other) {
				return this == other;
			}

			@Override
			public int hashCode() {
				if (!meanwhile.isEmpty()) {
					meanwhile.remove(0).run();
				}
				return 1;
			}

		};
		this.listed.whenListed(task);
		assertThat(meanwhile).isEmpty();
		assertThat(ran).containsExactly("ran");
	}

}
