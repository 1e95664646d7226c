package io.github.netrpc.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.memory.MemoryTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls from several threads, made once, while the list changes under them: none may be
 * lost, and no node kept that is gone.
 */
@Timeout(60)
class ChangingNodesRaceTests {

	private static final int CALLERS = 3;

	private static final int CHANGES = 300;

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** More calls than there will be. */
	private static final int FAILED = Integer.MAX_VALUE / 2;

	private final MemoryTransport transport = new MemoryTransport();

	private final List<RpcServer> servers = new ArrayList<>();

	private final FakeDirectory directory = new FakeDirectory();

	@BeforeEach
	void start() {
		for (int port = 1; port <= 3; port++) {
			this.servers.add(RpcServer.builder()
				.transport(this.transport)
				.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
				.service("Arith", new Negator())
				// A machine that is busy with other things is no overload.
				.overload(PATIENCE, PATIENCE, PATIENCE)
				.start());
		}
	}

	@AfterEach
	void stop() {
		this.servers.forEach(RpcServer::close);
		this.transport.close();
	}

	@Test
	void noCallIsLostWhileNodesComeAndGo() throws Exception {
		try (RpcChannel channel = RpcChannel.builder()
			.directory(this.directory)
			.transport(this.transport)
			.timeout(PATIENCE)
			.build()) {
			CountDownLatch changed = new CountDownLatch(1);
			AtomicInteger calls = new AtomicInteger();
			List<CompletableFuture<@Nullable Throwable>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				CompletableFuture<@Nullable Throwable> result = new CompletableFuture<>();
				callers.add(result);
				new Thread(() -> result.complete(callUntil(channel, changed, calls))).start();
			}
			changeNodes(calls);
			changed.countDown();
			for (CompletableFuture<@Nullable Throwable> caller : callers) {
				assertThat(caller.get()).isNull();
			}
			assertThat(calls.get()).isGreaterThan(CHANGES);
			assertThat(channel.inFlight()).isZero();
			assertThat(channel.nodes()).noneMatch((node) -> node.state() == NodeState.SHUTDOWN)
				.extracting("id")
				.doesNotHaveDuplicates()
				.contains("127.0.0.1:1");
		}
	}

	/**
	 * Another list after each few calls, at the end one with the first node.
	 */
	private void changeNodes(AtomicInteger calls) {
		Random random = new Random(7);
		while (this.directory.watched == 0) {
			Thread.onSpinWait();
		}
		for (int i = 0; i < CHANGES; i++) {
			int seen = calls.get();
			int nodes = 1 + random.nextInt(7);
			List<String> listed = new ArrayList<>();
			for (int port = 1; port <= 3; port++) {
				if ((nodes & (1 << (port - 1))) != 0) {
					listed.add("127.0.0.1:" + port);
				}
			}
			this.directory.list(listed.toArray(String[]::new));
			while (calls.get() < seen + 3 && calls.get() < FAILED) {
				Thread.onSpinWait();
			}
		}
		this.directory.list("127.0.0.1:1");
	}

	private static @Nullable Throwable callUntil(RpcChannel channel, CountDownLatch changed, AtomicInteger calls) {
		try {
			while (changed.getCount() > 0) {
				assertThat(channel.call("Arith.Negate", 7, Integer.class, RpcOptions.NONE.noRetry())).isEqualTo(-7);
				calls.incrementAndGet();
			}
			return null;
		}
		catch (Throwable ex) {
			// The list goes on changing only while there are calls.
			calls.set(FAILED);
			return ex;
		}
	}

	/** What is called. */
	public static final class Negator {

		/**
		 * Negates a number.
		 * @param number the number
		 * @return minus that
		 */
		public int negate(int number) {
			return -number;
		}

	}

}
