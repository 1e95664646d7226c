package io.github.netrpc.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimeLimit}.
 */
class TimeLimitTests {

	private final List<Runnable> threads = new ArrayList<>();

	private final List<Long> waits = new ArrayList<>();

	private final TimeLimit limit = new TimeLimit(this.threads::add, (future, nanos) -> {
		this.waits.add(nanos);
		if (!future.isDone()) {
			throw new TimeoutException();
		}
	});

	private final CompletableFuture<String> awaited = new CompletableFuture<>();

	@Test
	void futureThatTakesLongerEndsWithTheLateResult() {
		CompletableFuture<String> limited = this.limit.of(this.awaited, Duration.ofMillis(70), "late");
		assertThat(limited).isNotDone();
		this.threads.remove(0).run();
		assertThat(limited).isCompletedWithValue("late");
		assertThat(this.waits).containsExactly(70_000_000L);
		assertThat(this.awaited).as("is not affected").isNotDone();
	}

	@Test
	void futureThatEndsInTimeEndsAsItDoes() {
		CompletableFuture<String> limited = this.limit.of(this.awaited, Duration.ofMillis(70), "late");
		this.awaited.complete("in time");
		this.threads.remove(0).run();
		assertThat(limited).isCompletedWithValue("in time");
	}

	@Test
	void futureThatHasEndedNeedsNoThread() {
		this.awaited.complete("before");
		assertThat(this.limit.of(this.awaited, Duration.ZERO, "late")).isCompletedWithValue("before");
		assertThat(this.threads).isEmpty();
	}

	@Test
	void limitMayBeLongerThanNanosecondsCanTell() {
		this.limit.of(this.awaited, Duration.ofSeconds(Long.MAX_VALUE), "late");
		this.threads.remove(0).run();
		assertThat(this.waits).containsExactly(Long.MAX_VALUE);
	}

}
