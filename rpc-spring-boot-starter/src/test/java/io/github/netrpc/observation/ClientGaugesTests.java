package io.github.netrpc.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.ConnectionState;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.cluster.RpcChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClientGauges}.
 */
@Timeout(60)
class ClientGaugesTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final FakeTransport transport = new FakeTransport();

	private final List<RpcChannel> channels = new ArrayList<>();

	private final ClientGauges gauges = new ClientGauges(() -> this.channels);

	@BeforeEach
	void bind() {
		this.gauges.bindTo(this.registry);
	}

	@AfterEach
	void close() {
		this.channels.forEach(RpcChannel::close);
	}

	@Test
	void everythingIsZeroWithoutAChannel() {
		assertThat(gauge("in.flight")).isZero();
		assertThat(gauge("pending")).isZero();
		for (ConnectionState state : ConnectionState.values()) {
			assertThat(connections(state.name().toLowerCase(Locale.ROOT))).as(state.name()).isZero();
		}
		assertThat(counter("pings.missed")).isZero();
		assertThat(counter("connections.dead")).isZero();
	}

	@Test
	void callsAndConnectionsOfAllChannelsAreAddedUp() throws Exception {
		CompletableFuture<String> first = call(channel(ConnectionPolicy.DEFAULT));
		assertThat(gauge("pending")).isEqualTo(1);
		assertThat(gauge("in.flight")).isEqualTo(1);
		assertThat(connections("connecting")).isEqualTo(1);
		assertThat(connections("ready")).isZero();
		call(channel(ConnectionPolicy.DEFAULT));
		assertThat(gauge("pending")).isEqualTo(2);
		assertThat(connections("connecting")).isEqualTo(2);
		FakeConnection connection = this.transport.attempts.get(0).accept();
		String seq = connection.awaitSeq();
		assertThat(gauge("pending")).isEqualTo(1);
		assertThat(gauge("in.flight")).isEqualTo(2);
		assertThat(connections("connecting")).isEqualTo(1);
		assertThat(connections("ready")).isEqualTo(1);
		connection.receive(seq + " ok done");
		assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("done");
		assertThat(gauge("in.flight")).isEqualTo(1);
	}

	@Test
	void silenceIsCounted() {
		Duration ask = Duration.ofMillis(20);
		Duration dead = Duration.ofMillis(100);
		RpcChannel channel = channel(new ConnectionPolicy(new ConnectionPolicy.Keepalive(ask, dead, ask, dead),
				Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO));
		CompletableFuture<String> call = call(channel);
		this.transport.attempts.get(0).accept().awaitSeq();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> call.get(10, TimeUnit.SECONDS))
			.withMessageContaining("was given up");
		NodeSnapshot node = channel.nodes().get(0);
		assertThat(counter("connections.dead")).isEqualTo(1).isEqualTo(node.deadConnections());
		assertThat(counter("pings.missed")).isGreaterThanOrEqualTo(1).isEqualTo(node.missedPings());
	}

	private RpcChannel channel(ConnectionPolicy policy) {
		RpcChannel channel = RpcChannel.builder()
			.name("test" + this.channels.size())
			.target("node:1234")
			.format(new FakeFormat())
			.transport(this.transport)
			.connectionPolicy(policy)
			.build();
		this.channels.add(channel);
		return channel;
	}

	private static CompletableFuture<String> call(RpcChannel channel) {
		return channel.callAsync("S.M", "x", String.class);
	}

	private double gauge(String name) {
		return this.registry.get("rpc.client." + name).gauge().value();
	}

	private double connections(String state) {
		return this.registry.get("rpc.client.connections").tag("state", state).gauge().value();
	}

	private double counter(String name) {
		return this.registry.get("rpc.client." + name).functionCounter().count();
	}

}
