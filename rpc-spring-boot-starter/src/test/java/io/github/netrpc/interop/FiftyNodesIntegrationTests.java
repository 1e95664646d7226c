package io.github.netrpc.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.ClusterResult;
import io.github.netrpc.cluster.NodeOutcome;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.netty.NettyTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A broadcast to fifty nodes, five of them dead and five slower than anybody waits: each
 * has an outcome, and the broadcast takes no longer than it may.
 */
@Timeout(60)
class FiftyNodesIntegrationTests {

	private static final int NODES = 50;

	/** A machine that has much else to do may need the longer ones. */
	private static final List<Duration> SOFT_DEADLINES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(2),
			Duration.ofSeconds(4), Duration.ofSeconds(8));

	private final NettyTransport transport = new NettyTransport("fifty-", 2, true);

	private final ExecutorService handlers = Executors.newFixedThreadPool(8);

	private final List<RpcServer> servers = new ArrayList<>();

	private final List<Socket> deadPorts = new ArrayList<>();

	private RpcChannel channel;

	private RpcCluster<Work> cluster;

	@BeforeEach
	void start() throws IOException {
		List<String> addresses = new ArrayList<>();
		for (int i = 0; i < NODES; i++) {
			boolean dead = i % 10 == 3;
			addresses.add("127.0.0.1:" + (dead ? deadPort() : serve(i)));
		}
		this.channel = RpcChannel.builder()
			.name("fifty")
			.target(String.join(",", addresses))
			.transport(this.transport)
			.build();
		this.cluster = this.channel.cluster(Work.class);
	}

	private int serve(int number) {
		boolean slow = number % 10 == 7;
		RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.transport(this.transport)
			.handlers(this.handlers, 8)
			.service((Work) () -> slow ? new CompletableFuture<>() : CompletableFuture.completedFuture(number),
					Work.class)
			.start();
		this.servers.add(server);
		return server.address().getPort();
	}

	/**
	 * A port that refuses connections, and that nobody else gets meanwhile.
	 */
	private int deadPort() throws IOException {
		Socket bound = new Socket();
		this.deadPorts.add(bound);
		bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		return bound.getLocalPort();
	}

	@AfterEach
	void stop() throws IOException {
		this.channel.close();
		this.servers.forEach(RpcServer::close);
		for (Socket each : this.deadPorts) {
			each.close();
		}
		this.handlers.shutdownNow();
		this.transport.close();
	}

	@Test
	void everyNodeHasAnOutcomeInTime() {
		check("lambdas that return stages", (cluster) -> cluster.broadcastAsync(Work::number).join());
	}

	@Test
	void everyNodeHasAnOutcomeInTimeWithLambdasThatBlock() {
		check("lambdas that block", (cluster) -> cluster.broadcast((work) -> work.number().get()));
	}

	private void check(String kind, Function<RpcCluster<Work>, ClusterResult<Integer>> broadcast) {
		for (Duration softDeadline : SOFT_DEADLINES) {
			try {
				check(kind, softDeadline, broadcast);
				return;
			}
			catch (AssertionError | RpcException ex) {
				if (softDeadline.equals(SOFT_DEADLINES.get(SOFT_DEADLINES.size() - 1))) {
					throw ex;
				}
			}
		}
	}

	private void check(String kind, Duration softDeadline,
			Function<RpcCluster<Work>, ClusterResult<Integer>> broadcast) {
		long start = System.nanoTime();
		ClusterResult<Integer> result = broadcast.apply(this.cluster.withTimeout(softDeadline));
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		assertThat(result.outcomes()).hasSize(NODES);
		for (int i = 0; i < NODES; i++) {
			NodeOutcome<Integer> outcome = result.outcomes().get(i);
			switch (i % 10) {
				case 3 -> {
					assertThat(outcome.failure().code()).isEqualTo(RpcCode.UNAVAILABLE);
					assertThat(outcome.failure().known()).isEqualTo(Known.NOT_RUN);
				}
				case 7 -> {
					assertThat(outcome.failure().code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
					assertThat(outcome.failure().known()).isEqualTo(Known.MAYBE_RAN);
				}
				default -> assertThat(outcome.value()).isEqualTo(i);
			}
		}
		assertThat(took).as("time with " + kind).isBetween(softDeadline, softDeadline.multipliedBy(12).dividedBy(10));
	}

	/**
	 * What the nodes do.
	 */
	@RpcService
	interface Work {

		CompletableFuture<Integer> number();

	}

}
