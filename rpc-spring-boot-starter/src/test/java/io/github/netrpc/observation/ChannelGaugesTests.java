package io.github.netrpc.observation;

import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.RpcChannel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChannelGauges}.
 */
class ChannelGaugesTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final FakeTransport transport = new FakeTransport();

	private NodeDirectory.@Nullable Listener listener;

	private final RpcChannel channel = RpcChannel.builder()
		.name("arith")
		.directory(new ListedByTest())
		.format(new FakeFormat())
		.transport(this.transport)
		.build();

	@AfterEach
	void close() {
		this.channel.close();
	}

	@Test
	void ageAndAnswersOfTheListAreMetered() {
		new ChannelGauges(this.registry).bind(this.channel);
		assertThat(age()).isNaN();
		this.channel.callAsync("S.M", "x", String.class);
		this.listener.failed("no such name", null);
		this.listener.nodes(List.of());
		assertThat(age()).isNaN();
		this.listener.nodes(List.of(NodeEndpoint.of("a", 1)));
		this.listener.nodes(List.of(NodeEndpoint.of("a", 1)));
		assertThat(age()).isBetween(0.0, 60.0);
		assertThat(answers("good")).isEqualTo(2);
		assertThat(answers("empty")).isOne();
		assertThat(answers("failed")).isOne();
	}

	@Test
	void listThatNeverChangesHasNoMeters() {
		try (RpcChannel fixed = RpcChannel.builder()
			.target("a:1")
			.format(new FakeFormat())
			.transport(this.transport)
			.build()) {
			new ChannelGauges(this.registry).bind(fixed);
			assertThat(this.registry.getMeters()).isEmpty();
		}
	}

	private double age() {
		return this.registry.get("rpc.directory.age").tag("channel", "arith").timeGauge().value();
	}

	private double answers(String outcome) {
		return this.registry.get("rpc.directory.answers")
			.tag("channel", "arith")
			.tag("outcome", outcome)
			.functionCounter()
			.count();
	}

	/** Lists what a test says. */
	private final class ListedByTest implements NodeDirectory {

		@Override
		public void watch(Listener listener) {
			ChannelGaugesTests.this.listener = listener;
		}

		@Override
		public void close() {
		}

	}

}
