package io.github.netrpc.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(20)
class CallbackThreadsTests {

	private final Executor executor = CallbackThreads.executor("callback-");

	private final BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();

	@Test
	void callbackRunsOnADaemonThreadWithTheName() throws Exception {
		this.executor.execute(() -> this.ran.add(Thread.currentThread()));
		Thread thread = this.ran.poll(10, TimeUnit.SECONDS);
		assertThat(thread.getName()).startsWith("callback-");
		assertThat(thread.isDaemon()).isTrue();
	}

	@Test
	void callbacksRunWhileOthersBlock() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < 5; i++) {
			this.executor.execute(() -> {
				this.ran.add(Thread.currentThread());
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
		for (int i = 0; i < 5; i++) {
			assertThat(this.ran.poll(10, TimeUnit.SECONDS)).isNotNull();
		}
		release.countDown();
	}

	@Test
	void whatIsTooMuchIsRefused() {
		CountDownLatch release = new CountDownLatch(1);
		Executor two = CallbackThreads.threads("two-", null, 2, false);
		block(two, 2, release);
		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> two.execute(() -> this.ran.add(Thread.currentThread())));
		release.countDown();
	}

	@Test
	void whatIsTooMuchForSpareThreadsWaitsForOneAndNeverRunsInTheCaller() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		Executor two = CallbackThreads.threads("spare-", null, 2, true);
		block(two, 2, release);
		for (int i = 0; i < 100; i++) {
			two.execute(() -> this.ran.add(Thread.currentThread()));
		}
		assertThat(this.ran).isEmpty();
		release.countDown();
		for (int i = 0; i < 100; i++) {
			assertThat(this.ran.poll(10, TimeUnit.SECONDS).getName()).isIn("spare-0", "spare-1");
		}
	}

	@Test
	void spareThreadsAreStartedBeforeAnythingWaits() {
		CountDownLatch release = new CountDownLatch(1);
		block(CallbackThreads.threads("spare-", null, 20, true), 20, release);
		release.countDown();
	}

	private static void block(Executor executor, int tasks, CountDownLatch release) {
		CountDownLatch entered = new CountDownLatch(tasks);
		for (int i = 0; i < tasks; i++) {
			executor.execute(() -> {
				entered.countDown();
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
		}
		assertThat(entered).satisfies((latch) -> assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue());
	}

}
