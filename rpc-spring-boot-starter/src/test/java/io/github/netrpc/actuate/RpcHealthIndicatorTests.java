package io.github.netrpc.actuate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.DirectorySnapshot;
import io.github.netrpc.cluster.NodeRegistrar;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.RegistrationSnapshot;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcRegistrationLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.context.RpcServerRegistration;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.transport.memory.MemoryTransport;

import static org.assertj.core.api.Assertions.assertThat;

class RpcHealthIndicatorTests {

	@Test
	void channelIsDownIfEveryNodeIsInFailure() {
		assertThat(status(NodeState.TRANSIENT_FAILURE, NodeState.TRANSIENT_FAILURE)).isEqualTo(Status.DOWN);
	}

	@Test
	void channelIsUpIfOneNodeIsConnected() {
		assertThat(status(NodeState.TRANSIENT_FAILURE, NodeState.READY)).isEqualTo(Status.UP);
	}

	@Test
	void channelThatNobodyCalledIsUp() {
		assertThat(status(NodeState.IDLE)).isEqualTo(Status.UP);
	}

	@Test
	void failedNodeThatIsTriedAgainIsStillInFailure() {
		NodeSnapshot retrying = NodeSnapshot.of("a:1", NodeState.CONNECTING, Instant.EPOCH, "refused");
		assertThat(RpcHealthIndicator.statusOf(List.of(retrying), directory(null))).isEqualTo(Status.DOWN);
		assertThat(status(NodeState.CONNECTING)).isEqualTo(Status.UP);
	}

	@Test
	void nodeThatDrainsDoesNotCount() {
		assertThat(status(NodeState.TRANSIENT_FAILURE, NodeState.DRAINING)).isEqualTo(Status.DOWN);
		assertThat(status(NodeState.READY, NodeState.DRAINING)).isEqualTo(Status.UP);
	}

	@Test
	void channelIsDownIfItsNodesAreLookedForInVain() {
		assertThat(RpcHealthIndicator.statusOf(List.of(), directory(null))).isEqualTo(Status.UP);
		assertThat(RpcHealthIndicator.statusOf(List.of(), directory("no such name"))).isEqualTo(Status.DOWN);
		// A list that works is kept.
		NodeSnapshot ready = NodeSnapshot.of("a:1", NodeState.READY, Instant.EPOCH, null);
		assertThat(RpcHealthIndicator.statusOf(List.of(ready), directory("no such name"))).isEqualTo(Status.UP);
	}

	@Test
	void channelWhoseNodesAreNotKnownIsDescribed() {
		RpcChannelRegistry channels = new RpcChannelRegistry(
				(name) -> RpcChannel.builder().name(name).target("dns://arith.invalid:1").build());
		try {
			channels.channel("arith");
			Health health = new RpcHealthIndicator(null, channels, null).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails().get("channels")).hasToString("{arith=no list of nodes yet}");
		}
		finally {
			channels.destroy();
		}
	}

	@Test
	void stoppedServerIsOutOfService() {
		RpcServerLifecycle stopped = new RpcServerLifecycle(() -> null, List.of(), (event) -> {
		});
		Health health = new RpcHealthIndicator(stopped, null, null).health();
		assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(health.getDetails()).containsEntry("server", "stopped");
	}

	@Test
	void serverThatBeginsToStopIsOutOfService() {
		RpcServerLifecycle lifecycle = new RpcServerLifecycle(() -> RpcServer.builder()
			.transport(new MemoryTransport())
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7))
			.service("Arith", new Negator()), List.of(), (event) -> {
			});
		lifecycle.start();
		RpcServer server = Objects.requireNonNull(lifecycle.server());
		RpcHealthIndicator indicator = new RpcHealthIndicator(lifecycle, null, null);
		assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		server.drain(Duration.ofSeconds(1));
		assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(indicator.health().getDetails()).containsEntry("server", "stopping");
		lifecycle.stop();
	}

	@Test
	void serverIsOutOfServiceBeforeItsListenerCloses() {
		ClosingTransport transport = new ClosingTransport();
		RpcServerLifecycle lifecycle = new RpcServerLifecycle(() -> RpcServer.builder()
			.transport(transport)
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7))
			.service("Arith", new Negator()), List.of(), (event) -> {
			});
		lifecycle.start();
		RpcHealthIndicator indicator = new RpcHealthIndicator(lifecycle, null, null);
		List<Status> whenClosed = new ArrayList<>();
		transport.closes = () -> whenClosed.add(indicator.health().getStatus());
		Objects.requireNonNull(lifecycle.server()).drain(Duration.ofSeconds(1));
		assertThat(whenClosed).containsExactly(Status.OUT_OF_SERVICE);
		lifecycle.stop();
	}

	@Test
	void idleChannelIsDescribed() {
		RpcChannelRegistry channels = new RpcChannelRegistry(
				(name) -> RpcChannel.builder().name(name).codec("json").target("localhost:1,localhost:2").build());
		try {
			channels.channel("arith");
			Health health = new RpcHealthIndicator(null, channels, null).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails().get("channels")).hasToString("{arith=2 IDLE}");
		}
		finally {
			channels.destroy();
		}
	}

	@Test
	void registrationIsToldAndChangesNothing() {
		RpcServerLifecycle lifecycle = new RpcServerLifecycle(() -> RpcServer.builder()
			.transport(new MemoryTransport())
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7))
			.service("Arith", new Negator()), List.of(), (event) -> {
			});
		lifecycle.start();
		List<RegistrationSnapshot> registrations = List.of(new RegistrationSnapshot("etcd", false, "refused"),
				new RegistrationSnapshot("spring-cloud", true, null));
		RpcHealthIndicator indicator = new RpcHealthIndicator(lifecycle, null,
				new RpcRegistrationLifecycle(new RpcServerRegistration(lifecycle, (address) -> null),
						registrations.stream().map(RpcHealthIndicatorTests::registrar).toList()));
		Health health = indicator.health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails().get("registrations"))
			.hasToString("{etcd=not registered: refused, spring-cloud=registered}");
		lifecycle.stop();
	}

	@Test
	void serverThatRegistersNowhereTellsNothingOfIt() {
		RpcServerLifecycle stopped = new RpcServerLifecycle(() -> null, List.of(), (event) -> {
		});
		RpcRegistrationLifecycle nowhere = new RpcRegistrationLifecycle(
				new RpcServerRegistration(stopped, (address) -> null), List.of());
		assertThat(new RpcHealthIndicator(stopped, null, nowhere).health().getDetails()).containsOnlyKeys("server");
	}

	@Test
	void refusedBundlesAreToldAndChangeNothing() {
		Health health = new RpcHealthIndicator(null, null, null, () -> Map.of("rpc.server.ssl.bundle", "no key"))
			.health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).hasToString("{tls={rpc.server.ssl.bundle=no key}}");
	}

	private static NodeRegistrar registrar(RegistrationSnapshot registration) {
		return new NodeRegistrar() {

			@Override
			public void register(NodeRegistration node) {
			}

			@Override
			public CompletionStage<Void> withdraw() {
				return CompletableFuture.completedStage(null);
			}

			@Override
			public RegistrationSnapshot registration() {
				return registration;
			}

		};
	}

	private static Status status(NodeState... states) {
		return RpcHealthIndicator.statusOf(
				Arrays.stream(states).map((state) -> NodeSnapshot.of("a:1", state, Instant.EPOCH, null)).toList(),
				directory(null));
	}

	private static DirectorySnapshot directory(String lastFailure) {
		return new DirectorySnapshot(false, null, 0, 0, 0, lastFailure, null);
	}

	public static class Negator {

		public long negate(long number) {
			return -number;
		}

	}

	/**
	 * Tells when its listener closes.
	 */
	private static final class ClosingTransport implements Transport {

		private final MemoryTransport delegate = new MemoryTransport();

		private Runnable closes = () -> {
		};

		@Override
		public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) throws IOException {
			Listener listener = this.delegate.listen(address, handlers);
			return new Listener() {

				@Override
				public SocketAddress localAddress() {
					return listener.localAddress();
				}

				@Override
				public void close() {
					ClosingTransport.this.closes.run();
					listener.close();
				}

			};
		}

		@Override
		public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
			return this.delegate.connect(address, timeout, handler);
		}

		@Override
		public void close() {
			this.delegate.close();
		}

	}

}
