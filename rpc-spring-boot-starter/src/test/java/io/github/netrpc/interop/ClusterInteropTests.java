package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.cluster.ClusterResult;
import io.github.netrpc.cluster.NodeOutcome;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.interop.Types.Quotient;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster of two real Go servers and one of ours: stock nodes take part like any other.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClusterInteropTests {

	private GoServer first;

	private GoServer second;

	private RpcServer ours;

	private RpcChannel channel;

	private RpcCluster<Arith> cluster;

	@BeforeEach
	void start() {
		this.first = new GoServer();
		this.second = new GoServer();
		this.ours = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.start();
		this.channel = RpcChannel.builder()
			.name("mixed")
			.target(this.first.address("gob") + "," + this.second.address("gob") + ",127.0.0.1:"
					+ this.ours.address().getPort())
			.build();
		this.cluster = this.channel.cluster(Arith.class);
	}

	@AfterEach
	void stop() throws Exception {
		this.channel.close();
		this.ours.close();
		this.second.close();
		this.first.close();
	}

	@Test
	void broadcastAsksThemAll() {
		ClusterResult<Long> sums = this.cluster.broadcast((arith) -> arith.add(new Args(7, 8)));
		assertThat(sums.orThrow().values()).containsExactly(15L, 15L, 15L);
		assertThat(sums.reduce(Collectors.summingLong(Long::longValue))).isEqualTo(45);
		assertThat(sums.outcomes()).extracting((outcome) -> outcome.node().id())
			.containsExactly(this.first.address("gob"), this.second.address("gob"),
					"127.0.0.1:" + this.ours.address().getPort());
	}

	@Test
	void errorsOfGoAreOutcomesLikeOurs() {
		ClusterResult<Quotient> quotients = this.cluster.broadcast((arith) -> arith.divide(new Args(1, 0)));
		assertThat(quotients.failures()).hasSize(3)
			.extracting(NodeOutcome::failure)
			.allSatisfy((failure) -> assertThat(failure).hasMessage("divide by zero"));
		assertThat(quotients.failures()).extracting((outcome) -> outcome.failure().code())
			.containsExactly(RpcCode.UNKNOWN, RpcCode.UNKNOWN, RpcCode.INVALID_ARGUMENT);
	}

	@Test
	void raceAndQuorumDoNotWaitForTheSlow() {
		AtomicInteger asked = new AtomicInteger();
		long fastest = this.cluster.raceAsync(3, (arith) -> arith.sleep((asked.incrementAndGet() == 3) ? 1 : 5_000))
			.orTimeout(4, TimeUnit.SECONDS)
			.join();
		assertThat(fastest).isEqualTo(1);
		ClusterResult<Long> two = this.cluster.quorum(2, (arith) -> arith.multiply(new Args(6, 7)));
		assertThat(two.isComplete()).isTrue();
		assertThat(two.values()).contains(42L).hasSizeGreaterThanOrEqualTo(2);
	}

	@Test
	void deadAndSlowGoNodesHaveOutcomesInTime() throws Exception {
		long sum = this.cluster.onNode(this.first.address("gob"), (arith) -> arith.add(new Args(1, 2)));
		assertThat(sum).isEqualTo(3);
		this.second.close();
		long start = System.nanoTime();
		ClusterResult<Long> result = this.cluster.withTimeout(Duration.ofSeconds(1))
			.broadcastAsync((arith) -> arith.sleep(10_000))
			.join();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
		assertThat(result.failures()).extracting((outcome) -> outcome.failure().code())
			.containsExactly(RpcCode.DEADLINE_EXCEEDED, RpcCode.UNAVAILABLE, RpcCode.DEADLINE_EXCEEDED);
		assertThat(result.failures()).extracting((outcome) -> outcome.failure().known())
			.containsExactly(Known.MAYBE_RAN, Known.NOT_RUN, Known.MAYBE_RAN);
	}

}
