package io.github.netrpc.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls of one connection that end on several threads at the same time: one of them, and
 * only one, is the last, and what waits for that goes on.
 */
@Timeout(60)
class CallCountRaceTests {

	private static final int THREADS = 3;

	private static final int ROUNDS = 3_000;

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	private final CyclicBarrier barrier = new CyclicBarrier(THREADS);

	@AfterEach
	void end() throws InterruptedException {
		this.threads.shutdown();
		assertThat(this.threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void connectionWhoseInputHasEndedClosesAfterItsLastCall() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			FakeConnection connection = begin();
			connection.endInput();
			assertThat(connection.isGracefullyClosed()).isFalse();
			endAll();
			connection.runTasks();
			assertThat(connection.isGracefullyClosed()).as("round " + round).isTrue();
			connection.close();
			connection.runTasks();
		}
		assertThat(this.server.registry.count()).isZero();
	}

	@Test
	void lostConnectionIsForgottenAfterItsLastCall() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			FakeConnection connection = begin();
			connection.reset();
			endAll();
		}
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(this.server.registry.drain()).as("no connection is waited for").isDone();
	}

	private FakeConnection begin() {
		this.work.running.clear();
		FakeConnection connection = this.server.open().receive(">>1 Work.Later x\n2 Work.Later x\n3 Work.Later x\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(this.work.running).hasSize(THREADS);
		return connection;
	}

	private void endAll() throws Exception {
		List<Future<?>> ends = new ArrayList<>();
		for (CompletableFuture<String> each : this.work.running) {
			ends.add(this.threads.submit(() -> {
				this.barrier.await(10, TimeUnit.SECONDS);
				return each.complete("done");
			}));
		}
		for (Future<?> each : ends) {
			each.get(10, TimeUnit.SECONDS);
		}
	}

	@RpcService("Work")
	public static class Work {

		final List<CompletableFuture<String>> running = new ArrayList<>();

		public CompletableFuture<String> later(String text) {
			CompletableFuture<String> later = new CompletableFuture<>();
			this.running.add(later);
			return later;
		}

	}

}
