package io.github.netrpc.work;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTimer;

/**
 * A job to which everything has happened that is counted, and each thing another number
 * of times, so that no figure can stand in the place of another.
 */
public final class EventfulJob {

	public static final int REASSIGNED = 1;

	public static final int REFUSED = 2;

	public static final int SPECULATED = 3;

	public static final int LATE = 4;

	public static final int PARKED = 5;

	/** Those that were copied, and their copies. */
	public static final int RUNNING = 2 * SPECULATED;

	public static final int TOTAL = 60;

	public static final int COMPLETED = TOTAL - PARKED - SPECULATED;

	private EventfulJob() {
	}

	/**
	 * Begins a job, which goes on.
	 * @param name what it is called
	 * @param jobs where it is to be found
	 * @return the job
	 */
	public static RpcJob<String> begin(String name, JobRegistry jobs) {
		FakeTimer timer = new FakeTimer();
		FakeWorkers workers = new FakeWorkers().with("a", TOTAL).with("b", TOTAL);
		List<Integer> items = IntStream.range(0, TOTAL).boxed().toList();
		RpcJob<String> job = new RpcJobBuilder<>(name, ItemSource.of(items), workers,
				new JobContext(timer, Runnable::run, () -> false, () -> "eventful", jobs))
			.allowParked(PARKED)
			.start();
		timer.advance(Duration.ofMillis(10));
		times(REASSIGNED, () -> workers.running.get(0).fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED));
		times(REFUSED, () -> workers.running.get(0).fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN));
		times(LATE, () -> workers.running.get(0).listener.late());
		times(PARKED, () -> workers.running.get(0).fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN));
		times(COMPLETED, () -> workers.running.get(0).succeed());
		// The rest takes too long, and is copied.
		timer.advance(Duration.ofSeconds(5));
		return job;
	}

	private static void times(int count, Runnable event) {
		for (int i = 0; i < count; i++) {
			event.run();
		}
	}

}
