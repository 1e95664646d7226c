package io.github.netrpc.observation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.cluster.RpcChannel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NodeGauges}.
 */
class NodeGaugesTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final FakeTransport transport = new FakeTransport();

	private @Nullable RpcChannel channel;

	@AfterEach
	void close() {
		if (this.channel != null) {
			this.channel.close();
		}
	}

	private RpcChannel channel(String target) {
		RpcChannel channel = RpcChannel.builder()
			.name("test")
			.target(target)
			.format(new FakeFormat())
			.transport(this.transport)
			.loadBalancer("round-robin")
			.callbackExecutor(Runnable::run)
			.build();
		this.channel = channel;
		new NodeGauges(this.registry).bind(channel);
		return channel;
	}

	private double nodes(String state) {
		return this.registry.get("rpc.cluster.nodes").tag("channel", "test").tag("state", state).gauge().value();
	}

	private double picks(String node) {
		return this.registry.get("rpc.cluster.picks")
			.tag("channel", "test")
			.tag("node", node)
			.functionCounter()
			.count();
	}

	@Test
	void nodesAreCountedByStateAndCallsByNode() {
		RpcChannel channel = channel("a:1,b:1");
		assertThat(nodes("idle")).isEqualTo(2);
		CompletableFuture<String> first = channel.callAsync("S.M", "x", String.class);
		assertThat(nodes("connecting")).isEqualTo(2);
		List<FakeConnection> connections = this.transport.attempts.stream().map(Attempt::accept).toList();
		assertThat(nodes("ready")).isEqualTo(2);
		connections.get(0).receive(connections.get(0).awaitSeq() + " ok x");
		assertThat(first).isCompleted();
		channel.callAsync("S.M", "x", String.class);
		channel.callAsync("S.M", "x", String.class);
		channel.callAsync("S.M", "x", String.class);
		assertThat(picks("a:1") + picks("b:1")).isEqualTo(4);
		assertThat(picks("b:1")).isPositive();
	}

	@Test
	void nodeThatIsLeftOutIsEjectedAndNotReady() {
		RpcChannel channel = channel("a:1,b:1");
		channel.callAsync("S.M", "x", String.class);
		List<FakeConnection> connections = this.transport.attempts.stream().map(Attempt::accept).toList();
		connections.get(0).awaitSeq();
		for (int i = 0; i < 30 && channel.ejections() == 0; i++) {
			channel.callAsync("S.M", "x", String.class);
			connections.forEach((connection) -> {
				for (String line : connection.requests()) {
					String reply = (connection == connections.get(1)) ? " coded UNAVAILABLE NOT_RUN x" : " ok x";
					connection.receive(line.split(" ")[0] + reply);
				}
			});
		}
		assertThat(nodes("ejected")).isOne();
		assertThat(nodes("ready")).isOne();
		assertThat(this.registry.get("rpc.cluster.ejections").tag("channel", "test").functionCounter().count()).isOne();
	}

	@Test
	void targetOfManyNodesHasFewTimeSeries() {
		channel(IntStream.range(0, 150).mapToObj((i) -> "n" + i + ":1").collect(Collectors.joining(",")));
		assertThat(this.registry.get("rpc.cluster.picks").functionCounters()).hasSize(101);
		assertThat(picks("n99:1")).isZero();
		assertThat(picks("other")).isZero();
	}

}
