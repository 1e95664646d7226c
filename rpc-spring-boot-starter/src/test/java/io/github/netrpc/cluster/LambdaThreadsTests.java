package io.github.netrpc.cluster;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.exec.VirtualThreads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(20)
class LambdaThreadsTests {

	@Test
	void eachLambdaHasAThreadAtOnce() throws Exception {
		LambdaThreads threads = new LambdaThreads("lambda-");
		CountDownLatch together = new CountDownLatch(300);
		for (int i = 0; i < 300; i++) {
			threads.execute(() -> {
				together.countDown();
				await(together);
			});
		}
		assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void lambdaBeyondTheLastPlatformThreadIsRefusedRatherThanQueued() throws Exception {
		LambdaThreads threads = new LambdaThreads("lambda-", null, 2);
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch ended = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			threads.execute(() -> {
				await(release);
				ended.countDown();
			});
		}
		AtomicInteger ran = new AtomicInteger();
		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> threads.execute(ran::incrementAndGet))
			.withMessage("2 lambdas run already (limit before Java 21)");
		release.countDown();
		assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(ran).hasValue(0);
	}

	@Test
	void threadsAreVirtualWhereThereAreAny() throws Exception {
		CountDownLatch ran = new CountDownLatch(1);
		Thread[] thread = new Thread[1];
		new LambdaThreads("lambda-").execute(() -> {
			thread[0] = Thread.currentThread();
			ran.countDown();
		});
		assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(thread[0].isDaemon()).isTrue();
		assertThat(thread[0].getName()).startsWith("lambda-");
		boolean virtual = !thread[0].getClass().equals(Thread.class);
		assertThat(virtual).isEqualTo(VirtualThreads.factory("x") != null);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
