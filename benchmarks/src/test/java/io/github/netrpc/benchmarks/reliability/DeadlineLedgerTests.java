package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.netrpc.benchmarks.reliability.node.Work;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeadlineLedger}.
 */
class DeadlineLedgerTests {

	private static final Duration TIMEOUT = Duration.ofMillis(300);

	private long nanos = 17;

	private final DeadlineLedger ledger = new DeadlineLedger(() -> this.nanos);

	private final DeadlineLedger.Tally tally = this.ledger.tally("frozen");

	private final CompletableFuture<Work.Done> end = new CompletableFuture<>();

	@Test
	void callThatEndsBeforeItsDeadlineIsNotLate() {
		begin();
		end(250);
		assertThat(this.tally.late()).isZero();
		assertThat(this.tally.latestMillis()).isEqualTo(-50);
	}

	@Test
	void callMayEndAHundredMillisecondsAfterItsDeadline() {
		begin();
		end(400);
		assertThat(this.tally.late()).isZero();
		assertThat(this.tally.latestMillis()).isEqualTo(100);
	}

	@Test
	void callThatEndsLaterIsLateAlsoIfItSucceeds() {
		begin();
		end(401);
		assertThat(this.tally.late()).isEqualTo(1);
	}

	@Test
	void callThatFailsLateIsLate() {
		begin();
		pass(500);
		this.end.completeExceptionally(new IllegalStateException());
		assertThat(this.tally.late()).isEqualTo(1);
	}

	@Test
	void callThatNeverEndsIsLate() {
		begin();
		assertThat(this.tally.calls()).isEqualTo(1);
		assertThat(this.tally.neverEnded()).isEqualTo(1);
		assertThat(this.tally.late()).isEqualTo(1);
	}

	@Test
	void callerThatThrowsHasEnded() {
		CompletableFuture<Work.Done> call = this.tally.watch(TIMEOUT, (token) -> {
			throw new IllegalStateException("closed");
		}).call(1);
		assertThat(call).isCompletedExceptionally();
		assertThat(this.tally.neverEnded()).isZero();
	}

	@Test
	void callThatAThreadWaitsForIsLateIfItReturnsLate() {
		CompletableFuture<Work.Done> call = this.tally.watchWaiting(TIMEOUT, (token) -> {
			pass(401);
			return new Work.Done(token, new byte[0]);
		}, Runnable::run).call(1);
		assertThat(call).isCompleted();
		assertThat(this.tally.late()).isEqualTo(1);
		assertThat(this.tally.waitedFor()).isEqualTo(1);
	}

	@Test
	void callThatAThreadWaitsForHasEndedAlsoIfItThrows() {
		CompletableFuture<Work.Done> call = this.tally.watchWaiting(TIMEOUT, (token) -> {
			throw new IllegalStateException("refused");
		}, Runnable::run).call(1);
		assertThat(call).isCompletedExceptionally();
		assertThat(this.tally.calls()).isEqualTo(1);
		assertThat(this.tally.late()).isZero();
	}

	@Test
	void talliesOfOneFaultAreOne() {
		assertThat(this.ledger.tally("frozen")).isSameAs(this.tally);
		this.ledger.tally("killed");
		assertThat(this.ledger.tallies()).extracting(DeadlineLedger.Tally::fault).containsExactly("frozen", "killed");
	}

	private void begin() {
		assertThat(this.tally.watch(TIMEOUT, (token) -> this.end).call(1)).isNotDone();
	}

	private void end(long afterMillis) {
		pass(afterMillis);
		this.end.complete(new Work.Done(1, new byte[0]));
	}

	private void pass(long millis) {
		this.nanos += TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
