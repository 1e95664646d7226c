package io.github.netrpc.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTimer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs that are consumed, cancelled and closed by several threads at once, over workers
 * with threads of their own.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RpcJobRaceTests {

	private static final int ROUNDS = 1_500;

	private static final int ITEMS = 40;

	private final ExecutorService threads = Executors.newFixedThreadPool(4);

	private final ExecutorService users = Executors.newFixedThreadPool(3);

	private final FakeTimer timer = new FakeTimer();

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.users.shutdownNow();
	}

	@Test
	void jobEndsOnceHoweverManyEndIt() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			round(new Random(round));
		}
		assertThat(this.timer.scheduled()).isZero();
	}

	@Test
	void ofTwoAttemptsThatWantToDoWhatMayBeDoneOnceOneMay() throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(2);
		for (int round = 0; round < ROUNDS; round++) {
			JobFixture fixture = new JobFixture();
			fixture.workers.with("a", 1).with("b", 1);
			JobScheduler<Integer, String> job = fixture.scheduler(10);
			int slow = fixture.workers.items("b").get(0);
			while (fixture.workers.begunTimes(slow) == 1) {
				fixture.consume(job);
				fixture.workers.running.stream()
					.filter((run) -> run.item != slow)
					.findFirst()
					.ifPresent(FakeWorkers.Run::succeed);
				fixture.timer.advance(Duration.ofMillis(10));
			}
			List<FakeWorkers.Run> attempts = List.copyOf(fixture.workers.running);
			assertThat(attempts).hasSize(2);
			List<Future<Boolean>> claims = new ArrayList<>();
			for (FakeWorkers.Run attempt : attempts) {
				claims.add(this.users.submit(() -> {
					barrier.await();
					return attempt.listener.claim();
				}));
			}
			int winner = claims.get(0).get() ? 0 : 1;
			assertThat(claims.get(1).get()).isEqualTo(winner == 1);
			assertThat(fixture.workers.running).containsExactly(attempts.get(winner));
			attempts.get(winner).succeed();
			assertThat(fixture.consume(job).last()).isTrue();
		}
	}

	private void round(Random random) throws Exception {
		JobRegistry jobs = new JobRegistry();
		JobContext context = new JobContext(this.timer, this.threads, () -> false, () -> "id", jobs);
		AtomicInteger closed = new AtomicInteger();
		AtomicInteger open = new AtomicInteger();
		Stream<Integer> items = IntStream.range(0, ITEMS).boxed().onClose(closed::incrementAndGet);
		RpcJob<Integer> job = new RpcJobBuilder<>("race", ItemSource.<Integer>of(items), new Threaded(open), context)
			.start();
		ConcurrentLinkedQueue<Integer> results = new ConcurrentLinkedQueue<>();
		CyclicBarrier barrier = new CyclicBarrier(3);
		int kind = random.nextInt(3);
		int after = random.nextInt(ITEMS);
		List<Future<?>> all = new ArrayList<>();
		all.add(this.users.submit(() -> {
			barrier.await();
			consume(job, kind, after, results);
			return null;
		}));
		boolean cancels = random.nextInt(4) > 0;
		all.add(this.users.submit(() -> {
			barrier.await();
			pause(random.nextInt(200));
			if (cancels) {
				job.cancel();
			}
			return null;
		}));
		boolean closes = random.nextInt(4) == 0;
		all.add(this.users.submit(() -> {
			barrier.await();
			if (closes) {
				jobs.close();
			}
			return null;
		}));
		for (Future<?> each : all) {
			try {
				each.get(10, TimeUnit.SECONDS);
			}
			catch (TimeoutException ex) {
				throw new AssertionError("round of kind " + kind + " hangs: " + job.progress().workers()
						+ job.progress() + " " + results, ex);
			}
		}
		if (kind == 2) {
			// Nobody has closed the stream, nor read it to its end.
			job.cancel();
		}
		// Another thread may be about to tell the end.
		job.future().handle((progress, failure) -> 0).get(10, TimeUnit.SECONDS);
		assertThat(closed).hasValue(1);
		assertThat(job.progress().state()).isNotEqualTo(JobProgress.State.RUNNING);
		assertThat(jobs.jobs()).isEmpty();
		assertThat(jobs.snapshots()).hasSize(1);
		assertThat(results).doesNotHaveDuplicates();
		if (kind == 0 && !cancels && !closes) {
			assertThat(results).hasSize(ITEMS);
		}
	}

	private static void consume(RpcJob<Integer> job, int kind, int after, ConcurrentLinkedQueue<Integer> results) {
		try {
			switch (kind) {
				case 0 -> job.forEach(results::add);
				case 1 -> {
					try (Stream<Integer> stream = job.stream()) {
						stream.limit(after).forEach(results::add);
					}
				}
				default -> job.stream().limit(after).forEach(results::add);
			}
		}
		catch (RpcJobException ex) {
			// As it may be.
		}
	}

	@SuppressWarnings("ThreadPriorityCheck")
	private static void pause(int yields) {
		for (int i = 0; i < yields; i++) {
			Thread.yield();
		}
	}

	/**
	 * Three workers that run their items on threads.
	 */
	private final class Threaded implements WorkerPool<Integer, Integer> {

		private final AtomicInteger open;

		Threaded(AtomicInteger open) {
			this.open = open;
		}

		@Override
		public List<Worker> workers() {
			return List.of(new Worker("a", 4, Worker.State.READY), new Worker("b", 2, Worker.State.UNPROVEN),
					new Worker("c", 3, Worker.State.SUSPECT));
		}

		@Override
		public String missing() {
			return "none";
		}

		@Override
		public RunningItem begin(String worker, Integer item, long deadlineNanos, ItemListener<Integer> listener) {
			this.open.incrementAndGet();
			RpcJobRaceTests.this.threads.execute(() -> {
				this.open.decrementAndGet();
				if (item % 7 == 3 && worker.equals("b")) {
					listener.failed(new RpcCallException(RpcCode.INTERNAL, Known.RAN_AND_FAILED, "no", null));
				}
				else {
					listener.succeeded(item);
				}
			});
			return new RunningItem() {

				@Override
				public boolean mayRunTwice() {
					return true;
				}

				@Override
				public void abandon(String why) {
					// Ends all the same, and too late.
				}

			};
		}

	}

}
