package io.github.netrpc.interop;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.ConnectionPolicy.Keepalive;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes that stay connected and say nothing: a process that was stopped, and a proxy that
 * forwards nothing. Dead after 2 s, the tuned setting of the guide.
 */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class FrozenPeerIntegrationTests {

	private static final ConnectionPolicy POLICY = new ConnectionPolicy(
			new Keepalive(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(20),
					Duration.ofSeconds(30)),
			Duration.ofMillis(100), Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ZERO);

	private static RpcChannel channel(String target, boolean extensions) {
		return RpcChannel.builder()
			.target(target)
			.extensions(extensions)
			.connectionPolicy(POLICY)
			.nodeLimits(new ClientLimits(1, 1024, 1024, 4 << 20, Duration.ofSeconds(1)))
			.timeout(Duration.ofSeconds(10))
			.build();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void stoppedProcessIsFoundAndUsedAgainWhenItGoesOn(boolean extensions) throws Exception {
		Process node = new ProcessBuilder(
				System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-cp",
				System.getProperty("java.class.path"), FrozenNode.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try {
			String port = new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))
				.readLine();
			try (RpcChannel channel = channel("127.0.0.1:" + port, extensions)) {
				warmUp(channel);
				new StoppableProcess(node).stop();
				assertDies(channel);
				new StoppableProcess(node).goOn();
				assertComesBack(channel);
			}
		}
		finally {
			new StoppableProcess(node).goOn();
			node.destroyForcibly().waitFor();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void silentConnectionIsFoundAndReplacedWhenTheNetworkIsBack(boolean extensions) throws Exception {
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.start();
				FaultProxy proxy = new FaultProxy(server.address(), 1);
				RpcChannel channel = channel(proxy.address(), extensions)) {
			warmUp(channel);
			proxy.silent(true);
			assertDies(channel);
			proxy.silent(false);
			assertComesBack(channel);
		}
	}

	@Test
	void slowCallOfALivingNodeIsLeftAlone() throws Exception {
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.start(); RpcChannel channel = channel("127.0.0.1:" + server.port(), true)) {
			assertThat(channel.call("Arith.Sleep", 4_000L, Long.class)).isEqualTo(4_000);
			assertThat(channel.nodes().get(0).deadConnections()).isZero();
		}
	}

	private static void assertDies(RpcChannel channel) throws Exception {
		long dead = channel.nodes().get(0).deadConnections();
		long begin = System.nanoTime();
		List<CompletableFuture<Long>> calls = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			calls.add(channel.callAsync("Arith.Add", new Args(i, 1), Long.class));
		}
		for (CompletableFuture<Long> call : calls) {
			RpcException failure = failure(call);
			assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
			assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
			assertThat(failure.getMessage()).contains("nothing was received for");
		}
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(1_900),
				Duration.ofSeconds(8));
		// It accepts connections, and still gets no calls.
		RpcException refused = failure(channel.callAsync("Arith.Add", new Args(1, 1), Long.class));
		assertThat(refused.known()).isEqualTo(Known.NOT_RUN);
		assertThat(channel.nodes().get(0).state()).isNotEqualTo(NodeState.READY);
		assertThat(channel.nodes().get(0).deadConnections()).isEqualTo(dead + 1);
	}

	/**
	 * The first reply of a process that has just begun may take long on a busy machine.
	 */
	private static void warmUp(RpcChannel channel) {
		for (int i = 0; i < 10; i++) {
			try {
				assertThat(channel.call("Arith.Add", new Args(7, 8), Long.class)).isEqualTo(15);
				return;
			}
			catch (RpcException ex) {
				assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE);
				LockSupport.parkNanos(500_000_000);
			}
		}
		throw new AssertionError("no reply");
	}

	private static void assertComesBack(RpcChannel channel) throws Exception {
		long begin = System.nanoTime();
		while (true) {
			try {
				assertThat(channel.call("Arith.Add", new Args(7, 8), Long.class)).isEqualTo(15);
				break;
			}
			catch (RpcException ex) {
				assertThat(ex.known()).isEqualTo(Known.NOT_RUN);
				LockSupport.parkNanos(1_000_000);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
		}
	}

	private static RpcException failure(CompletableFuture<?> call) throws Exception {
		try {
			throw new AssertionError("succeeded: " + call.get(20, TimeUnit.SECONDS));
		}
		catch (ExecutionException ex) {
			return (RpcException) ex.getCause();
		}
	}

}
