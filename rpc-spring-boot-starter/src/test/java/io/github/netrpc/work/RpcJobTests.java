package io.github.netrpc.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServedCall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a job does for who consumes it.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class RpcJobTests {

	private final JobFixture fixture = new JobFixture();

	private final FakeWorkers workers = this.fixture.workers;

	@Test
	void collectFoldsAllResults() {
		this.workers.with("a", 2).with("b", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = this.fixture.job(1_000).name("sum").label("team", "blue").start();
		assertThat(job.collect(Collectors.toSet())).hasSize(1_000);
		assertThat(job.progress().state()).isEqualTo(JobProgress.State.SUCCEEDED);
		assertThat(job.future()).isCompletedWithValueMatching((end) -> end.completed() == 1_000);
		assertThat(job.name()).isEqualTo("sum");
		assertThat(job.id()).isEqualTo("job-1");
		assertThat(job.labels()).containsEntry("team", "blue");
		assertThat(this.fixture.timer.scheduled()).isZero();
	}

	@Test
	void orderedResultsAreThoseOfTheItems() {
		this.workers.with("a", 3).with("b", 3).doing(FakeWorkers.Run::succeed);
		List<String> results = new ArrayList<>();
		this.fixture.job(500).ordered().start().forEach(results::add);
		assertThat(results).extracting((text) -> Integer.parseInt(text.substring(2)))
			.containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
	}

	@Test
	void nothingIsLostWhenItemsFail() {
		this.workers.with("a", 2).with("b", 2).doing((run) -> {
			if (run.item % 100 == 7) {
				run.fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN);
			}
			else {
				run.succeed();
			}
		});
		RpcJob<String> job = this.fixture.job(1_000).start();
		assertThatExceptionOfType(RpcJobException.class).isThrownBy(() -> job.collect(Collectors.counting()))
			.satisfies((ex) -> {
				assertThat(ex.partial()).isEqualTo(990L);
				assertThat(ex.parked()).hasSize(10).first().extracting(ParkedItem::item).isEqualTo(7);
				assertThat(ex.code()).isEqualTo(RpcCode.INVALID_ARGUMENT);
				assertThat(ex).hasMessageContaining("job numbers: 10 items have failed for good")
					.hasMessageContaining("item 7 [attempt 1 at ")
					.hasMessageContaining("and 7 more");
			});
		assertThat(job.future()).isCompletedExceptionally();
	}

	@Test
	void asManyAsAreAllowedMayFail() {
		this.workers.with("a", 2).doing((run) -> {
			if (run.item % 100 == 7) {
				run.fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN);
			}
			else {
				run.succeed();
			}
		});
		RpcJob<String> job = this.fixture.job(1_000).allowParked(10).start();
		assertThat(job.drain().parked()).isEqualTo(10);
		assertThat(job.parked()).hasSize(10);
	}

	@Test
	void streamGoesAsFarAsItIsRead() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = this.fixture.job(1_000_000).start();
		try (Stream<String> results = job.stream()) {
			assertThat(results.limit(100)).hasSize(100);
		}
		assertThat(this.fixture.pulled).isLessThan(1_000);
		assertThat(job.progress().state()).isEqualTo(JobProgress.State.CANCELLED);
	}

	@Test
	void streamThatIsReadToItsEndSaysWhatIsMissing() {
		this.workers.with("a", 2).doing((run) -> {
			if (run.item == 3) {
				run.fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN);
			}
			else {
				run.succeed();
			}
		});
		List<String> read = new ArrayList<>();
		try (Stream<String> results = this.fixture.job(10).start().stream()) {
			assertThatExceptionOfType(RpcJobException.class).isThrownBy(() -> results.forEach(read::add));
		}
		assertThat(read).hasSize(9);
	}

	@Test
	void thereIsOneTerminalOperation() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = this.fixture.job(10).start();
		job.drain();
		assertThatIllegalStateException().isThrownBy(job::stream)
			.withMessage("job numbers: stream after drain (expected: one terminal operation)");
	}

	@Test
	void interruptOfTheConsumerEndsTheJob() throws Exception {
		this.workers.with("a", 2);
		RpcJob<String> job = this.fixture.job(10).start();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread consumer = new Thread(() -> {
			try {
				job.drain();
			}
			catch (Throwable ex) {
				interrupted.complete(Thread.currentThread().isInterrupted());
				failure.complete(ex);
			}
		});
		consumer.start();
		consumer.interrupt();
		assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(RpcJobException.class,
				(ex) -> assertThat(ex.code()).isEqualTo(RpcCode.CANCELLED));
		assertThat(interrupted.join()).isTrue();
		assertThat(this.workers.running).isEmpty();
		consumer.join();
	}

	@Test
	void consumerThatFailsEndsTheJob() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = this.fixture.job(1_000_000).start();
		assertThatIllegalStateException().isThrownBy(() -> job.forEach((result) -> {
			throw new IllegalStateException("full");
		})).withMessage("full");
		assertThat(job.progress().state()).isEqualTo(JobProgress.State.CANCELLED);
		assertThat(job.future()).isCompletedExceptionally();
	}

	@Test
	void cancelWithoutTerminalOperationEndsTheJob() {
		this.workers.with("a", 2);
		RpcJob<String> job = this.fixture.job(10).start();
		job.cancel();
		assertThat(this.workers.running).isEmpty();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> job.future().get())
			.withCauseInstanceOf(RpcJobException.class);
		assertThatExceptionOfType(RpcJobException.class).isThrownBy(job::drain)
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.CANCELLED));
		assertThat(this.fixture.pulled).isEqualTo(2);
	}

	@Test
	void streamThatNobodyReadsEndsWithItsJob() {
		this.workers.with("a", 2);
		List<String> closed = new ArrayList<>();
		Stream<Integer> items = IntStream.range(0, 10).boxed().onClose(() -> closed.add("closed"));
		RpcJob<String> job = new RpcJobBuilder<>("numbers", ItemSource.<Integer>of(items), this.workers,
				this.fixture.context)
			.start();
		Stream<String> results = job.stream();
		job.cancel();
		assertThat(job.future()).isCompletedExceptionally();
		assertThat(closed).containsExactly("closed");
		assertThatExceptionOfType(RpcJobException.class).isThrownBy(results::count);
		assertThat(closed).containsExactly("closed");
	}

	@Test
	void streamThatIsReadNoFurtherEndsWithItsJob() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = this.fixture.job(1_000).start();
		Iterator<String> results = job.stream().iterator();
		results.next();
		assertThat(job.future()).isNotDone();
		job.cancel();
		assertThat(job.future()).isCompletedExceptionally();
	}

	@Test
	void cancelOfAJobThatHasSucceededUnseenEndsItAllTheSame() {
		this.workers.with("a", 20).doing(FakeWorkers.Run::succeed);
		RpcJob<String> unread = this.fixture.job(10).start();
		unread.stream().limit(3).forEach((result) -> {
		});
		RpcJob<String> unused = this.fixture.job(10).start();
		assertThat(List.of(unread, unused)).allMatch((job) -> !job.future().isDone());
		unread.cancel();
		unused.cancel();
		assertThat(unread.future()).isCompleted();
		assertThat(unused.future()).isDone();
	}

	@Test
	void jobThatFailsByItselfSaysSoThoughNobodyConsumesIt() {
		this.workers.with("a", 2);
		RpcJob<String> job = this.fixture.job(10).start();
		this.workers.listed.clear();
		this.fixture.timer.advance(Duration.ofMinutes(15));
		assertThat(job.future()).isNotDone();
		this.fixture.timer.advance(Duration.ofMinutes(10));
		assertThat(job.future()).isCompletedExceptionally();
		assertThat(this.fixture.timer.scheduled()).isZero();
		assertThatExceptionOfType(RpcJobException.class).isThrownBy(job::drain)
			.withMessageContaining("nobody has taken an item");
	}

	@Test
	void collectorThatCannotFinishDoesNotHideWhatIsMissing() {
		this.workers.with("a", 2).doing((run) -> run.fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN));
		RpcJob<String> job = this.fixture.job(2).start();
		assertThatExceptionOfType(RpcJobException.class).isThrownBy(() -> job.collect(notFinishing()))
			.satisfies((ex) -> {
				assertThat(ex.parked()).hasSize(2);
				assertThat(ex.partial()).isNull();
				assertThat(ex.getSuppressed()).singleElement().isInstanceOf(NoSuchElementException.class);
			});
	}

	@Test
	void collectorThatCannotFinishFailsByItself() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = this.fixture.job(2).start();
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> job.collect(notFinishing()));
		assertThat(job.progress().state()).isEqualTo(JobProgress.State.SUCCEEDED);
	}

	private static Collector<String, ?, String> notFinishing() {
		return Collectors.collectingAndThen(Collectors.toList(), (results) -> {
			throw new NoSuchElementException("no result is good enough");
		});
	}

	@Test
	void jobOfAHandlerEndsWithItsCallWhoeverConsumesIt() throws Exception {
		this.workers.with("a", 2);
		ServedCall serving = new ServedCall(null);
		RpcContextSlot slot = RpcContextSlot.ofCurrentThread();
		slot.set(serving);
		RpcJob<String> job;
		try {
			job = this.fixture.job(10).start();
		}
		finally {
			slot.set(null);
		}
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		Thread consumer = new Thread(() -> {
			try {
				job.drain();
			}
			catch (RuntimeException ex) {
				failure.complete(ex);
			}
		});
		consumer.start();
		assertThat(job.progress().running()).isEqualTo(2);
		serving.cancel();
		assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(RpcJobException.class)
			.hasMessageContaining("the call that it is part of was cancelled");
		assertThat(this.workers.running).isEmpty();
		consumer.join();
	}

	@Test
	void jobOfAHandlerWhoseCallIsCancelledAlreadyEndsAtOnce() {
		this.workers.with("a", 2);
		ServedCall serving = new ServedCall(null);
		serving.cancel();
		RpcContextSlot slot = RpcContextSlot.ofCurrentThread();
		slot.set(serving);
		try {
			RpcJob<String> job = this.fixture.job(10).start();
			assertThat(job.future()).isCompletedExceptionally();
			assertThat(this.workers.running).isEmpty();
		}
		finally {
			slot.set(null);
		}
	}

	@Test
	void closedRegistryEndsJobsAndTakesNoOthers() {
		this.workers.with("a", 2);
		RpcJob<String> job = this.fixture.job(10).start();
		assertThat(this.fixture.jobs.jobs()).containsExactly(job);
		this.fixture.jobs.close();
		assertThat(job.progress().state()).isEqualTo(JobProgress.State.FAILED);
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> this.fixture.job(10).start())
			.withMessageContaining("the channel is closed");
	}

	@Test
	void misuseIsSaidAsSuch() {
		this.workers.with("a", 2).doing((run) -> run.listener.misused("use distributeAsync"));
		RpcJob<String> job = this.fixture.job(10).start();
		assertThatIllegalArgumentException().isThrownBy(job::drain).withMessage("use distributeAsync");
	}

	@Test
	void progressIsToldOnTheConsumersThreadAndAtTheEnd() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		List<JobProgress> told = new ArrayList<>();
		this.fixture.job(100).start().onProgress(told::add).drain();
		assertThat(told).isNotEmpty();
		assertThat(told.get(told.size() - 1).state()).isEqualTo(JobProgress.State.SUCCEEDED);
		assertThat(told.get(told.size() - 1).completed()).isEqualTo(100);
	}

	@Test
	void listenerThatFailsCostsNothing() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		Stream<Integer> items = IntStream.range(0, 100).boxed().onClose(() -> {
			throw new IllegalStateException("cannot be closed");
		});
		RpcJob<String> job = new RpcJobBuilder<>("numbers", ItemSource.<Integer>of(items), this.workers,
				this.fixture.context)
			.start()
			.onProgress((progress) -> {
				throw new IllegalStateException("no terminal");
			});
		assertThat(job.collect(Collectors.counting())).isEqualTo(100);
		assertThat(job.future()).isCompleted();
	}

	@Test
	void whatTheSourceThrowsIsNoMisuse() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		Stream<Integer> items = Stream.of("1", "2", "three").map(Integer::valueOf);
		RpcJob<String> job = new RpcJobBuilder<>("numbers", ItemSource.<Integer>of(items), this.workers,
				this.fixture.context)
			.start();
		assertThatExceptionOfType(RpcJobException.class).isThrownBy(() -> job.collect(Collectors.counting()))
			.withCauseInstanceOf(NumberFormatException.class);
	}

	@Test
	void streamOfItemsIsClosedAtTheEnd() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		List<String> closed = new ArrayList<>();
		Stream<Integer> items = IntStream.range(0, 10).boxed().onClose(() -> closed.add("closed"));
		new RpcJobBuilder<>("numbers", ItemSource.<Integer>of(items), this.workers, this.fixture.context).start()
			.drain();
		assertThat(closed).containsExactly("closed");
	}

	@Test
	void wrongChoicesAreRefused() {
		RpcJobBuilder<Integer, String> job = this.fixture.job(1);
		assertThatIllegalArgumentException().isThrownBy(() -> job.attempts(0))
			.withMessage("attempts: 0 (expected: 1 or more)");
		assertThatIllegalArgumentException().isThrownBy(() -> job.allowParked(1_001))
			.withMessage("allowParked: 1001 (expected: 0 to 1000)");
		assertThatIllegalArgumentException().isThrownBy(() -> job.name(" "));
		job.start();
		assertThatIllegalStateException().isThrownBy(job::start);
	}

}
