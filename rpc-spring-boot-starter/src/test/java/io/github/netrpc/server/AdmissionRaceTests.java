package io.github.netrpc.server;

import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that were let go, and are looked at again by their handler's thread while the I/O
 * thread cancels them: each is counted out once.
 */
@Timeout(120)
class AdmissionRaceTests {

	private static final int ROUNDS = 500;

	private static final int LAST = 40;

	private static final String LARGE = "x".repeat(200_000);

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	private final ExecutorService threads = Executors.newFixedThreadPool(2);

	private final Random random = new Random(11);

	@AfterEach
	void end() throws InterruptedException {
		this.threads.shutdown();
		assertThat(this.threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void everyCallIsCountedOutOnce() {
		this.server.executor = this.threads;
		this.server.maxHandlers = 2;
		this.server.overload = OverloadLimits.of(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
		for (int round = 0; round < ROUNDS; round++) {
			ServerConnection opened = new ServerConnection(this.server.scope());
			FakeConnection connection = new FakeConnection(opened, this.server.nanoTime);
			connection.peerReads(false);
			StringBuilder requests = new StringBuilder(">>0;0 _goRPC_.Ping\n");
			for (int i = 1; i <= LAST; i++) {
				requests.append(i).append((i <= 8) ? ";0 Work.Later x\n" : ";0 Work.Large x\n");
			}
			connection.receive(requests.toString());
			awaitHandlers();
			connection.runTasks();
			for (int i = 0; i < 3; i++) {
				connection.advance(ConnectionDeadlines.ROOM_NANOS, TimeUnit.NANOSECONDS);
			}
			for (int i = 9; i <= LAST; i++) {
				for (int spin = this.random.nextInt(500); spin > 0; spin--) {
					Thread.onSpinWait();
				}
				connection.receive((1000 + i) + ";0 _goRPC_.Cancel " + i + "\n");
			}
			awaitHandlers();
			connection.peerReads(true);
			for (int i = 0; i < 100 && this.server.registry.callsInFlight() > 0; i++) {
				for (CompletableFuture<String> each = this.work.running.poll(); each != null; each = this.work.running
					.poll()) {
					each.complete("done");
				}
				connection.runTasks();
				connection.advance(ConnectionDeadlines.ROOM_NANOS, TimeUnit.NANOSECONDS);
				awaitHandlers();
			}
			assertThat(this.server.registry.callsInFlight()).as("round " + round).isZero();
			assertThat(opened.flow().running()).as("round " + round).isZero();
			connection.close();
			connection.runTasks();
		}
		assertThat(this.server.cutCalls()).isZero();
	}

	private void awaitHandlers() {
		HandlerExecutor<HandlerWorker> handlers = this.server.scope().handlers();
		while (handlers.queued() > 0 || handlers.runners() > 0) {
			Thread.onSpinWait();
		}
	}

	@RpcService("Work")
	public static class Work {

		final Queue<CompletableFuture<String>> running = new ConcurrentLinkedQueue<>();

		public CompletableFuture<String> later(String text) {
			CompletableFuture<String> later = new CompletableFuture<>();
			this.running.add(later);
			return later;
		}

		public String large(String text) {
			return LARGE;
		}

	}

}
