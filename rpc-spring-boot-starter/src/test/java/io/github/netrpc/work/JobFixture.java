package io.github.netrpc.work;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.netrpc.client.FakeTimer;

/**
 * A scheduler on time that stands still, consumed by hand.
 */
final class JobFixture {

	final FakeTimer timer = new FakeTimer();

	final FakeWorkers workers = new FakeWorkers();

	final JobRegistry jobs = new JobRegistry();

	final JobContext context = new JobContext(this.timer, Runnable::run, () -> false, () -> "job-1", this.jobs);

	final List<String> consumed = new ArrayList<>();

	int ended;

	int pulled;

	JobScheduler.Turn<String> last;

	RpcJobBuilder<Integer, String> job(int items) {
		return new RpcJobBuilder<>("numbers", ItemSource.of(numbers(items)), this.workers, this.context);
	}

	/**
	 * The numbers from 0, counted as they are pulled.
	 */
	Iterable<Integer> numbers(int items) {
		return () -> IntStream.range(0, items).peek((number) -> this.pulled++).iterator();
	}

	static JobOptions options() {
		return new JobOptions("numbers", Map.of(), 3, true, TimeUnit.MINUTES.toNanos(10), 0, false, 0);
	}

	static JobOptions ordered() {
		return new JobOptions("numbers", Map.of(), 3, true, TimeUnit.MINUTES.toNanos(10), 0, true, 0);
	}

	JobScheduler<Integer, String> scheduler(int items) {
		return scheduler(items, options());
	}

	JobScheduler<Integer, String> scheduler(int items, JobOptions options) {
		JobScheduler<Integer, String> scheduler = new JobScheduler<>(options, ItemSource.of(numbers(items)),
				this.workers, this.context, () -> this.ended++);
		begin(scheduler);
		return scheduler;
	}

	static void begin(JobScheduler<?, ?> scheduler) {
		scheduler.start((progress) -> {
		});
	}

	/**
	 * Consumes what there is.
	 */
	JobScheduler.Turn<String> consume(JobScheduler<Integer, String> scheduler) {
		try {
			this.last = scheduler.next(false);
			this.last.results().forEach((slot) -> this.consumed.add(slot.result()));
			return this.last;
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
