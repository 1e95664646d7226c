package io.github.netrpc.client;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Backoff}.
 */
class BackoffTests {

	private static final ConnectionPolicy POLICY = ConnectionPolicy.DEFAULT;

	private static final long LONGEST = POLICY.longestRetry().toMillis();

	@Test
	void pausesGrowToTenSecondsSoThatNoJitterPassesFifteen() {
		Backoff backoff = new Backoff(POLICY, () -> 0.5);
		long[] millis = LongStream.generate(backoff::nextNanos).limit(13).map(TimeUnit.NANOSECONDS::toMillis).toArray();
		assertThat(millis).containsExactly(100, 160, 256, 409, 655, 1048, 1677, 2684, 4294, 6871, 10_000, 10_000,
				10_000);
		backoff.reset();
		assertThat(backoff.nextNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
	}

	@Test
	void pausesAtTheCapAreSpreadEvenlyUpToTheLongest() {
		DoubleSupplier random = new Random(7)::nextDouble;
		Backoff backoff = new Backoff(POLICY, random);
		for (int i = 0; i < 20; i++) {
			backoff.nextNanos();
		}
		int[] bins = new int[10];
		long most = 0;
		for (int i = 0; i < 100_000; i++) {
			long millis = TimeUnit.NANOSECONDS.toMillis(backoff.nextNanos());
			most = Math.max(most, millis);
			// From 5 s to 15 s, a second each.
			bins[(int) (millis / 1000) - 5]++;
		}
		assertThat(most).isBetween(LONGEST - 10, LONGEST);
		assertThat(Arrays.stream(bins).boxed()).as("pauses of each second")
			.allSatisfy((count) -> assertThat(count).isBetween(9_500, 10_500));
	}

	@Test
	void whoWasAwayForTenSecondsTriesAgainWithinTen() {
		DoubleSupplier random = new Random(7)::nextDouble;
		for (int client = 0; client < 100_000; client++) {
			Backoff backoff = new Backoff(POLICY, random);
			long millis = 0;
			while (millis < 10_000) {
				millis += TimeUnit.NANOSECONDS.toMillis(backoff.nextNanos());
			}
			assertThat(millis).isLessThan(19_500);
		}
	}

	@Test
	void firstPauseIsBoundedToo() {
		ConnectionPolicy policy = new ConnectionPolicy(POLICY.keepalive(), Duration.ofSeconds(2), Duration.ofSeconds(2),
				Duration.ZERO, Duration.ZERO);
		assertThat(new Backoff(policy, () -> 0.999_999).nextNanos()).isBetween(TimeUnit.MILLISECONDS.toNanos(1999),
				TimeUnit.SECONDS.toNanos(2));
	}

}
