package io.github.netrpc.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.RpcContext;
import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Cancels that come at any moment of a call's life: while it waits, starts, runs, ends,
 * and after it. One thread runs all calls, one after another, so that an interrupt that
 * comes late hits the wrong one.
 */
@Timeout(120)
class CancelRaceTests {

	private static final int ROUNDS = 20_000;

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	@Test
	void interruptHitsNoOtherCallAndEachCallHasOneAnswer() throws InterruptedException {
		ExecutorService thread = Executors.newSingleThreadExecutor();
		this.server.executor = thread;
		this.server.maxHandlers = 1;
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping\n");
		Random random = new Random(5);
		Map<String, Integer> answers = new HashMap<>();
		for (int round = 0; round < ROUNDS; round++) {
			connection.forgetSent();
			// Now and then the cancel comes before the call can run, or after its end:
			// the
			// other rounds decide for themselves.
			CountDownLatch gate = (round % 100 == 0) ? occupy(thread) : new CountDownLatch(0);
			connection.receive("1;0 Work.Short x\n2;0 Work.Check x\n");
			for (int spin = random.nextInt(2000); spin > 0; spin--) {
				Thread.onSpinWait();
			}
			while (round % 100 == 1 && this.server.registry.callsInFlight() > 0) {
				Thread.onSpinWait();
			}
			connection.receive("3;0 _goRPC_.Cancel 1\n");
			gate.countDown();
			while (this.server.registry.callsInFlight() > 0) {
				Thread.onSpinWait();
			}
			String sent = connection.sent();
			assertThat(sent.lines()).as("round " + round).hasSize(3);
			assertThat(sent).as("round " + round).contains("2=calm\n").contains("3=null\n");
			String answer = sent.lines().filter((line) -> line.startsWith("1")).findFirst().orElseThrow();
			answers.merge(answer, 1, Integer::sum);
		}
		thread.shutdown();
		assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.work.strays).hasValue(0);
		assertThat(answers.keySet()).isSubsetOf("1=short", "1!CANCELLED null the call was cancelled by its caller",
				"1!CANCELLED NOT_RUN the call was cancelled while it waited");
		assertThat(answers.keySet()).contains("1=short", "1!CANCELLED NOT_RUN the call was cancelled while it waited");
		assertThat(this.server.cutCalls()).isZero();
		assertThat(this.server.records).hasSize(2 * ROUNDS);
	}

	private static CountDownLatch occupy(Executor thread) {
		CountDownLatch gate = new CountDownLatch(1);
		thread.execute(() -> {
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		return gate;
	}

	@RpcService("Work")
	public static class Work {

		final AtomicInteger strays = new AtomicInteger();

		@RpcMethod("Short")
		public String brief(String text) {
			if (Thread.currentThread().isInterrupted() && !RpcContext.current().cancelled()) {
				this.strays.incrementAndGet();
			}
			for (int spin = 0; spin < 200; spin++) {
				Thread.onSpinWait();
			}
			return "short";
		}

		public String check(String text) {
			for (int spin = 0; spin < 300; spin++) {
				if (Thread.currentThread().isInterrupted()) {
					this.strays.incrementAndGet();
					return "interrupted";
				}
				Thread.onSpinWait();
			}
			return "calm";
		}

	}

}
