package io.github.netrpc.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How often files are looked at, by whom, and when it is told that they cannot be used.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class VerifiedBundleTests {

	private static final String TOLD = "The files of the SSL bundle 'server' cannot be used";

	// Such clocks overflow.
	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3));

	private final AtomicInteger looks = new AtomicInteger();

	private @Nullable String wrong;

	private final VerifiedBundle bundle = bundle(() -> {
		this.looks.incrementAndGet();
		return (this.wrong != null) ? new IllegalStateException(this.wrong) : null;
	});

	private VerifiedBundle bundle(Supplier<@Nullable RuntimeException> look) {
		return new VerifiedBundle("server", Duration.ofSeconds(10), look, this.nanoTime::get);
	}

	private void pass(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
	}

	@Test
	void filesAreReadOnceASecondHoweverManyAsk() {
		for (int second = 1; second <= 3; second++) {
			for (int i = 0; i < 1000; i++) {
				assertThat(this.bundle.refused()).isNull();
			}
			pass(Duration.ofMillis(999));
			this.bundle.refused();
			assertThat(this.looks).hasValue(second);
			pass(Duration.ofMillis(1));
		}
	}

	@Test
	void secondFileThatComesWithinTheQuietPeriodIsWaitedFor(CapturedOutput output) {
		this.wrong = "the key is of another certificate";
		assertThat(this.bundle.refused()).isNull();
		pass(Duration.ofMillis(9_999));
		assertThat(this.bundle.refused()).isNull();
		this.wrong = null;
		pass(Duration.ofSeconds(1));
		assertThat(this.bundle.refused()).isNull();
		// The next one begins anew, however long ago the last look was.
		this.wrong = "the key is of another certificate";
		pass(Duration.ofHours(1));
		assertThat(this.bundle.refused()).isNull();
		assertThat(output).doesNotContain(TOLD);
	}

	@Test
	void whatCannotBeUsedForTheQuietPeriodIsToldOnceUntilItChanges(CapturedOutput output) {
		this.wrong = "the key is of another certificate";
		this.bundle.refused();
		pass(Duration.ofSeconds(10));
		for (int i = 0; i < 5; i++) {
			assertThat(this.bundle.refused()).isEqualTo("the key is of another certificate");
			pass(Duration.ofSeconds(1));
		}
		assertThat(output.getOut().split(TOLD)).hasSize(2);
		this.wrong = "no key";
		assertThat(this.bundle.refused()).isEqualTo("no key");
		assertThat(output.getOut().split(TOLD)).hasSize(3);
		this.wrong = null;
		pass(Duration.ofSeconds(1));
		assertThat(this.bundle.refused()).isNull();
	}

	@Test
	void quietPeriodBeginsWhenTheFirstLookHasEnded() {
		VerifiedBundle slow = bundle(() -> {
			pass(Duration.ofSeconds(9));
			return new IllegalStateException("the disk is slow");
		});
		assertThat(slow.refused()).isNull();
		pass(Duration.ofSeconds(1));
		assertThat(slow.refused()).isNull();
		assertThat(slow.refused()).isNull();
		pass(Duration.ofSeconds(1));
		assertThat(slow.refused()).isEqualTo("the disk is slow");
	}

	@Test
	void threadThatHangsWithTheDiskHoldsUpNobodyElse() throws Exception {
		CountDownLatch hangs = new CountDownLatch(1);
		CountDownLatch back = new CountDownLatch(1);
		AtomicInteger begun = new AtomicInteger();
		VerifiedBundle hanging = bundle(() -> {
			if (begun.incrementAndGet() == 3) {
				hangs.countDown();
				awaitUninterruptibly(back);
				return null;
			}
			return new IllegalStateException("no key");
		});
		hanging.refused();
		pass(Duration.ofSeconds(10));
		assertThat(hanging.refused()).isEqualTo("no key");
		pass(Duration.ofSeconds(1));
		CompletableFuture<@Nullable String> first = CompletableFuture.supplyAsync(hanging::refused, (task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			thread.start();
		});
		try {
			hangs.await();
			pass(Duration.ofSeconds(60));
			assertThat(hanging.refused()).isEqualTo("no key");
			assertThat(begun).hasValue(3);
			assertThat(first).isNotDone();
		}
		finally {
			back.countDown();
		}
		assertThat(first.get()).isNull();
		assertThat(hanging.refused()).isNull();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
