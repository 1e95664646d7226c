package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.work.RpcJob;
import io.github.netrpc.work.WorkerProgress;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes that come and go while a job goes on.
 */
@Timeout(60)
class JoiningNodeIntegrationTests {

	private static final int ITEMS = 200;

	private final List<RpcServer> servers = new ArrayList<>();

	private final ChangingList list = new ChangingList();

	private RpcChannel channel;

	@AfterEach
	void stop() {
		if (this.channel != null) {
			this.channel.close();
		}
		this.servers.forEach(RpcServer::close);
	}

	private int node(Counting service) {
		RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(service)
			.start();
		this.servers.add(server);
		return server.port();
	}

	@Test
	void nodeThatJoinsGetsWhatTheOthersCannotDo() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		Counting stuck = new Counting(never);
		this.list.ports(node(stuck));
		this.channel = RpcChannel.builder().name("jobs").directory(this.list).build();
		RpcJob<Integer> job = this.channel.cluster(CountingClient.class)
			.distribute(IntStream.range(0, ITEMS).boxed().toList(), CountingClient::same)
			.window(2)
			.start();
		CompletableFuture<Integer> sum = CompletableFuture
			.supplyAsync(() -> job.collect(Collectors.summingInt(Integer::intValue)));
		assertThat(stuck.begun.await(10, TimeUnit.SECONDS)).isTrue();
		Counting quick = new Counting(new CountDownLatch(0));
		int joined = node(quick);
		this.list.ports(this.servers.get(0).port(), joined);
		// All but those that the first node holds; it would never have done one of them.
		assertThat(quick.begun.await(10, TimeUnit.SECONDS)).isTrue();
		this.list.ports(joined);
		quick.awaitRuns(ITEMS - 2);
		never.countDown();
		assertThat(sum.get(20, TimeUnit.SECONDS)).isEqualTo(ITEMS * (ITEMS - 1) / 2);
		assertThat(job.progress().workers()).extracting(WorkerProgress::completed)
			.satisfies((completed) -> assertThat(completed.get(1)).isGreaterThanOrEqualTo(ITEMS - 2));
	}

	/**
	 * A list that the test changes.
	 */
	private static final class ChangingList implements NodeDirectory {

		private List<NodeEndpoint> nodes = List.of();

		private Listener listener;

		synchronized void ports(int... ports) {
			this.nodes = IntStream.of(ports).mapToObj((port) -> NodeEndpoint.of("127.0.0.1", port)).toList();
			if (this.listener != null) {
				this.listener.nodes(this.nodes);
			}
		}

		@Override
		public synchronized void watch(Listener listener) {
			this.listener = listener;
			listener.nodes(this.nodes);
		}

		@Override
		public void close() {
			// Nothing is open.
		}

	}

	/**
	 * The client's side.
	 */
	@RpcService("Counting")
	public interface CountingClient {

		int same(int number);

	}

	/**
	 * The server's side.
	 */
	@RpcService("Counting")
	public static final class Counting {

		final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch goOn;

		private final AtomicInteger runs = new AtomicInteger();

		Counting(CountDownLatch goOn) {
			this.goOn = goOn;
		}

		public int same(int number) throws InterruptedException {
			this.begun.countDown();
			this.goOn.await();
			this.runs.incrementAndGet();
			return number;
		}

		void awaitRuns(int wanted) {
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.runs.get() >= wanted);
		}

	}

}
