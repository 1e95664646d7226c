package io.github.netrpc.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

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

}
