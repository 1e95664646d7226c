package io.github.netrpc.work;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.RpcException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What is over when a job says that it has ended.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
@ExtendWith(OutputCaptureExtension.class)
class RpcJobEndTests {

	private final JobFixture fixture = new JobFixture();

	private final FakeWorkers workers = this.fixture.workers;

	private final List<String> events = new ArrayList<>();

	private RpcJob<String> start(ItemSource<Integer> items) {
		return new RpcJobBuilder<>("numbers", items, this.workers, this.fixture.context).start();
	}

	private Stream<Integer> numbers(int items) {
		return IntStream.range(0, items)
			.boxed()
			.onClose(() -> this.events.add("closed, open: " + this.fixture.jobs.jobs().size() + ", timers: "
					+ this.fixture.timer.scheduled()));
	}

	@Test
	void futureCompletesWhenNothingOfTheJobGoesOn() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = start(ItemSource.of(numbers(10)));
		job.future().thenRun(() -> this.events.add("future"));
		job.onProgress((progress) -> {
			if (progress.state() != JobProgress.State.RUNNING) {
				this.events.add("told");
			}
		}).forEach((result) -> {
		});
		assertThat(this.events).containsExactly("closed, open: 0, timers: 0", "told", "future");
	}

	@Test
	void errorsOfOthersLeaveNobodyWaiting() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		Stream<Integer> items = numbers(10).onClose(() -> {
			throw new AssertionError("cannot be closed");
		});
		RpcJob<String> job = start(ItemSource.of(items));
		job.onProgress((progress) -> {
			throw new NoClassDefFoundError("org/example/Bar");
		});
		assertThat(job.collect(Collectors.counting())).isEqualTo(10);
		assertThat(job.future()).isCompleted();
	}

	@Test
	void collectorThatCannotBeginEndsTheJob() {
		this.workers.with("a", 2);
		RpcJob<String> job = start(ItemSource.of(numbers(10)));
		Collector<String, List<String>, Long> broken = Collector.of(() -> {
			throw new IllegalStateException("no container");
		}, List::add, (left, right) -> left, (list) -> 0L);
		assertThatIllegalStateException().isThrownBy(() -> job.collect(broken)).withMessage("no container");
		assertThat(job.progress().state()).isEqualTo(JobProgress.State.CANCELLED);
		assertThat(this.workers.running).isEmpty();
		assertThat(this.events).containsExactly("closed, open: 0, timers: 0");
		assertThat(job.future()).isCompletedExceptionally();
	}

	@Test
	void sourceOfAJobThatMayNotBeginIsClosed() {
		this.fixture.jobs.close();
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> start(ItemSource.of(numbers(10))))
			.withMessageContaining("the channel is closed");
		assertThat(this.events).hasSize(1);
	}

	@Test
	void sourceIsNotClosedWhileItIsRead() {
		this.workers.with("a", 2);
		RpcJob<String> job = start(ItemSource.of(new ClosingChannel(this.fixture.jobs, this.events)));
		assertThat(this.events).containsExactly("reads", "has read", "closed");
		assertThat(job.future()).isCompletedExceptionally();
	}

	@Test
	void iteratorsThatCanBeClosedAre() {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		start(ItemSource.of(new ClosingChannel(null, this.events))).drain();
		Iterable<Integer> items = () -> new ClosingChannel(null, this.events);
		start(ItemSource.of(items)).drain();
		assertThat(this.events).containsExactly("reads", "has read", "closed", "reads", "has read", "closed");
	}

	@Test
	void awaitWaitsForTheEndAndNoLonger() throws Exception {
		this.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = start(ItemSource.of(numbers(10)));
		assertThat(job.await(Duration.ZERO)).isFalse();
		assertThat(job.await(Duration.ofNanos(1))).isFalse();
		assertThat(job.await(ChronoUnit.FOREVER.getDuration().negated())).isFalse();
		job.drain();
		assertThat(job.await(Duration.ZERO)).isTrue();
		assertThat(job.await(ChronoUnit.FOREVER.getDuration())).isTrue();
		RpcJob<String> cancelled = start(ItemSource.of(numbers(10)));
		cancelled.cancel();
		assertThat(cancelled.await(Duration.ofDays(1))).isTrue();
	}

	@Test
	void jobThatCannotBeginIsNotLeftBehind() {
		WorkerPool<Integer, String> broken = new WorkerPool<>() {

			@Override
			public List<Worker> workers() {
				throw new IllegalStateException("no list");
			}

			@Override
			public String missing() {
				return "none";
			}

			@Override
			public RunningItem begin(String worker, Integer item, long deadlineNanos, ItemListener<String> listener) {
				throw new AssertionError("nobody is there");
			}

		};
		RpcJobBuilder<Integer, String> job = new RpcJobBuilder<>("numbers", ItemSource.<Integer>of(numbers(10)), broken,
				this.fixture.context);
		assertThatIllegalStateException().isThrownBy(job::start).withMessage("no list");
		assertThat(this.fixture.jobs.jobs()).isEmpty();
		assertThat(this.events).containsExactly("closed, open: 0, timers: 0");
	}

	@Test
	void beginningIsLoggedBeforeTheEnd(CapturedOutput output) {
		this.workers.with("a", 2);
		Stream<Integer> items = Stream.of("one").map(Integer::valueOf);
		start(ItemSource.of(items));
		assertThat(output.getOut()).containsSubsequence("job numbers (job-1) has begun",
				"job numbers (job-1) has failed");
	}

	/**
	 * One number; while it is read, the channel of the job is closed, if there is one.
	 */
	private static final class ClosingChannel implements Iterator<Integer>, AutoCloseable {

		private final JobRegistry jobs;

		private final List<String> events;

		private boolean read;

		ClosingChannel(JobRegistry jobs, List<String> events) {
			this.jobs = jobs;
			this.events = events;
		}

		@Override
		public boolean hasNext() {
			return !this.read;
		}

		@Override
		public Integer next() {
			this.read = true;
			this.events.add("reads");
			if (this.jobs != null) {
				this.jobs.close();
			}
			this.events.add("has read");
			return 1;
		}

		@Override
		public void close() {
			this.events.add("closed");
		}

	}

}
