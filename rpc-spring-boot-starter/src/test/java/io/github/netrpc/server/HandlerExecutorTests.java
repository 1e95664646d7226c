package io.github.netrpc.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.exec.Unflushed;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandlerExecutor}.
 */
@Timeout(60)
class HandlerExecutorTests {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final CountDownLatch release = new CountDownLatch(1);

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	@AfterEach
	void end() throws InterruptedException {
		this.release.countDown();
		this.timer.shutdownNow();
		this.threads.shutdown();
		assertThat(this.threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void callsBehindOneThatBlocksAllRun() throws InterruptedException {
		ManualExecutor starts = new ManualExecutor();
		HandlerExecutor<TestWorker> executor = executor(starts, 200, 1024);
		CountDownLatch others = new CountDownLatch(63);
		submit(executor, blocking());
		for (int i = 0; i < 63; i++) {
			submit(executor, run(others::countDown));
		}
		starts.passOnTo(this.threads);
		assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void cheapCallsOfOneBatchShareOneStart() {
		ManualExecutor starts = new ManualExecutor();
		HandlerExecutor<TestWorker> executor = executor(starts, 200, 1024);
		AtomicInteger done = new AtomicInteger();
		for (int i = 0; i < 64; i++) {
			submit(executor, run(done::incrementAndGet));
		}
		assertThat(starts.waiting).hasSize(1);
		starts.runNext();
		assertThat(done).hasValue(64);
		assertThat(starts.waiting).isEmpty();
		assertThat(executor.runners()).isZero();
	}

	@Test
	void callsOfTwoProducersNeverWaitForOneAnother() throws Exception {
		for (int round = 0; round < 500; round++) {
			HandlerExecutor<TestWorker> executor = executor(this.threads, 8, 64);
			CyclicBarrier producers = new CyclicBarrier(2);
			CyclicBarrier calls = new CyclicBarrier(2);
			CountDownLatch met = new CountDownLatch(2);
			for (int i = 0; i < 2; i++) {
				this.threads.execute(() -> {
					awaitBarrier(producers);
					submit(executor, run(() -> {
						awaitBarrier(calls);
						met.countDown();
					}));
				});
			}
			assertThat(met.await(10, TimeUnit.SECONDS)).as("round " + round).isTrue();
		}
	}

	@Test
	void executorThatFailsOnceLosesNoLaterCall() {
		ManualExecutor starts = new ManualExecutor();
		AtomicBoolean fail = new AtomicBoolean(true);
		HandlerExecutor<TestWorker> executor = executor((task) -> {
			if (fail.getAndSet(false)) {
				throw new IllegalStateException("decorator is broken");
			}
			starts.execute(task);
		}, 4, 8);
		AtomicInteger refused = new AtomicInteger();
		submit(executor, new TestTask(() -> {
		}, refused));
		assertThat(refused).hasValue(1);
		AtomicBoolean ran = new AtomicBoolean();
		submit(executor, run(() -> ran.set(true)));
		starts.runNext();
		assertThat(ran).isTrue();
	}

	@Test
	void replyIsFlushedThoughTheNextCallBlocks() throws InterruptedException {
		Unflushed<Output> unflushed = new Unflushed<>();
		Output output = new Output();
		HandlerExecutor<TestWorker> executor = new HandlerExecutor<>(this.threads, 1, 8, TestWorker::new, unflushed,
				OverloadLimits.DEFAULT, () -> 0);
		CountDownLatch bothQueued = new CountDownLatch(1);
		submit(executor, run(() -> {
			awaitLatch(bothQueued);
			unflushed.add(output);
		}));
		submit(executor, blocking());
		bothQueued.countDown();
		assertThat(output.flushed.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void repliesOfABatchAreFlushedOnce() {
		ManualExecutor starts = new ManualExecutor();
		Unflushed<Output> unflushed = new Unflushed<>();
		Output output = new Output();
		HandlerExecutor<TestWorker> executor = new HandlerExecutor<>(starts, 1, 64, TestWorker::new, unflushed,
				OverloadLimits.DEFAULT, () -> 0);
		for (int i = 0; i < 64; i++) {
			submit(executor, run(() -> unflushed.add(output)));
		}
		starts.runNext();
		assertThat(output.flushes).hasValue(1);
	}

	@Test
	void runnersNeverExceedTheirBound() throws InterruptedException {
		HandlerExecutor<TestWorker> executor = executor(this.threads, 3, 1024);
		CountDownLatch blocked = new CountDownLatch(3);
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(100);
		for (int i = 0; i < 100; i++) {
			submit(executor, run(() -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				blocked.countDown();
				awaitRelease();
				running.decrementAndGet();
				done.countDown();
			}));
		}
		assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(executor.runners()).isEqualTo(3);
		assertThat(executor.queued()).isEqualTo(97);
		this.release.countDown();
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(most).hasValue(3);
	}

	@Test
	void callsBeyondTheQueueAreNotTaken() {
		ManualExecutor starts = new ManualExecutor();
		HandlerExecutor<TestWorker> executor = executor(starts, 1, 3);
		assertThat(submit(executor, run(() -> {
		}))).isTrue();
		assertThat(submit(executor, run(() -> {
		}))).isTrue();
		assertThat(submit(executor, run(() -> {
		}))).isTrue();
		assertThat(submit(executor, run(() -> {
		}))).isFalse();
		starts.runNext();
		assertThat(submit(executor, run(() -> {
		}))).isTrue();
	}

	@Test
	void interruptOfOneCallDoesNotReachTheNext() {
		ManualExecutor starts = new ManualExecutor();
		HandlerExecutor<TestWorker> executor = executor(starts, 1, 8);
		AtomicBoolean interrupted = new AtomicBoolean(true);
		submit(executor, run(() -> Thread.currentThread().interrupt()));
		submit(executor, run(() -> interrupted.set(Thread.currentThread().isInterrupted())));
		starts.runNext();
		assertThat(interrupted).isFalse();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void taskThatThrowsEndsItsRunnerButNotTheCallsBehindIt() {
		ManualExecutor starts = new ManualExecutor();
		HandlerExecutor<TestWorker> executor = executor(starts, 1, 8);
		AtomicBoolean ran = new AtomicBoolean();
		submit(executor, run(() -> {
			throw new IllegalStateException("broken task");
		}));
		submit(executor, run(() -> ran.set(true)));
		try {
			starts.runNext();
		}
		catch (IllegalStateException ex) {
			assertThat(ex).hasMessage("broken task");
		}
		starts.runNext();
		assertThat(ran).isTrue();
		assertThat(executor.runners()).isZero();
	}

	@Test
	void callThatCannotBeRefusedDoesNotKeepTheOthersFromIt() {
		AtomicLong now = new AtomicLong();
		OverloadLimits limits = OverloadLimits.of(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofMillis(100));
		HandlerExecutor<TestWorker> executor = new HandlerExecutor<>(new ManualExecutor(), 1, 8, TestWorker::new,
				new Unflushed<>(), limits, now::get);
		AtomicInteger refused = new AtomicInteger();
		for (int i = 0; i < 3; i++) {
			executor.submit(new TestTask(() -> {
			}, refused), (look, nanos) -> {
			});
		}
		executor.submit(new UnrefusableTask(), (look, nanos) -> {
		});
		executor.submit(new TestTask(() -> {
		}, refused), (look, nanos) -> {
		});
		for (int millis = 0; millis <= 201; millis++) {
			now.set(TimeUnit.MILLISECONDS.toNanos(millis));
			executor.looked();
		}
		assertThat(refused).hasValue(4);
		assertThat(executor.queued()).isZero();
	}

	@Test
	void callsThatAreKeptForLaterAreNotMeasuredAsHandled() {
		assertThat(measuredBound(true)).isEqualTo(10);
		assertThat(measuredBound(false)).isEqualTo(1);
	}

	// A handler takes 5 ms, and half of the longest wait is 50 ms.
	private int measuredBound(boolean handled) {
		ManualExecutor starts = new ManualExecutor();
		AtomicLong now = new AtomicLong();
		AtomicInteger bound = new AtomicInteger(64);
		OverloadLimits limits = OverloadLimits.of(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofMillis(100));
		HandlerExecutor<TestWorker> executor = new HandlerExecutor<>(starts, 1, 64, TestWorker::new, new Unflushed<>(),
				limits, now::get);
		for (int i = 0; i < 40; i++) {
			executor.submit(new TestTask(() -> {
				now.addAndGet(TimeUnit.MILLISECONDS.toNanos(5));
				executor.looked();
				bound.accumulateAndGet(executor.bound(), Math::min);
			}, new AtomicInteger(), handled), (look, nanos) -> {
			});
		}
		starts.runNext();
		return bound.get();
	}

	@Test
	void callsThatNoThreadWillTakeAreRefused() {
		AtomicInteger refused = new AtomicInteger();
		HandlerExecutor<TestWorker> executor = executor((task) -> {
			throw new RejectedExecutionException("shut down");
		}, 4, 8);
		assertThat(submit(executor, new TestTask(() -> {
		}, refused))).isTrue();
		assertThat(refused).hasValue(1);
		assertThat(executor.runners()).isZero();
	}

	@Test
	void workersAreClosedWhenTheirRunnersEnd() {
		ManualExecutor starts = new ManualExecutor();
		AtomicReference<TestWorker> worker = new AtomicReference<>();
		HandlerExecutor<TestWorker> executor = new HandlerExecutor<>(starts, 1, 8, () -> {
			worker.set(new TestWorker());
			return worker.get();
		}, new Unflushed<>(), OverloadLimits.DEFAULT, () -> 0);
		submit(executor, run(() -> assertThat(worker.get().closed).isFalse()));
		starts.runNext();
		assertThat(worker.get().closed).isTrue();
	}

	@Test
	void callAddedAfterTheLastLookOfTheOnlyRunnerRuns() {
		ManualExecutor starts = new ManualExecutor();
		AtomicReference<Runnable> afterLastLook = new AtomicReference<>();
		BoundedQueue<HandlerExecutor.Task<TestWorker>> queue = new BoundedQueue<>(8) {

			@Override
			HandlerExecutor.Task<TestWorker> poll() {
				HandlerExecutor.Task<TestWorker> task = super.poll();
				if (task == null) {
					afterLastLook.getAndSet(() -> {
					}).run();
				}
				return task;
			}

		};
		HandlerExecutor<TestWorker> executor = new HandlerExecutor<>(starts, 1, 8, TestWorker::new, new Unflushed<>(),
				OverloadLimits.DEFAULT, () -> 0, queue);
		AtomicBoolean ran = new AtomicBoolean();
		afterLastLook.set(() -> submit(executor, run(() -> ran.set(true))));
		submit(executor, run(() -> {
		}));
		starts.runNext();
		assertThat(ran).isTrue();
		assertThat(executor.runners()).isZero();
	}

	@Test
	void noCallIsForgottenBetweenRunnersThatEndAndProducers() throws InterruptedException {
		// One call at a time makes runner and producer meet at the moment that counts:
		// the
		// queue is empty, the runner is about to go.
		for (int maxRunners : new int[] { 1, 2, 8 }) {
			HandlerExecutor<TestWorker> executor = executor(this.threads, maxRunners, 64);
			AtomicInteger done = new AtomicInteger();
			for (int i = 1; i <= 60_000; i++) {
				while (!submit(executor, run(done::incrementAndGet))) {
					Thread.onSpinWait();
				}
				long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
				while (i % 3 == 0 && done.get() < i) {
					assertThat(System.nanoTime() - until).as("call " + i + " is stuck").isNegative();
					Thread.onSpinWait();
				}
			}
		}
	}

	@Test
	void noCallIsForgottenAmongManyProducers() throws InterruptedException {
		HandlerExecutor<TestWorker> executor = executor(this.threads, 4, 128);
		CountDownLatch done = new CountDownLatch(200_000);
		for (int producer = 0; producer < 4; producer++) {
			this.threads.execute(() -> {
				for (int i = 0; i < 50_000; i++) {
					while (!submit(executor, run(done::countDown))) {
						Thread.yield();
					}
				}
			});
		}
		assertThat(done.await(40, TimeUnit.SECONDS)).as("calls left: " + done.getCount()).isTrue();
	}

	private HandlerExecutor<TestWorker> executor(Executor threads, int maxRunners, int capacity) {
		return new HandlerExecutor<>(threads, maxRunners, capacity, TestWorker::new, new Unflushed<>(),
				OverloadLimits.DEFAULT, () -> 0);
	}

	private boolean submit(HandlerExecutor<TestWorker> executor, TestTask task) {
		return executor.submit(task, (look, nanos) -> this.timer.schedule(look, nanos, TimeUnit.NANOSECONDS));
	}

	private TestTask blocking() {
		return run(this::awaitRelease);
	}

	private static TestTask run(Runnable body) {
		return new TestTask(body, new AtomicInteger());
	}

	private void awaitRelease() {
		awaitLatch(this.release);
	}

	private static void awaitBarrier(CyclicBarrier barrier) {
		try {
			barrier.await(10, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static final class Output implements Unflushed.Flushable {

		private final AtomicBoolean marked = new AtomicBoolean();

		private final AtomicInteger flushes = new AtomicInteger();

		private final CountDownLatch flushed = new CountDownLatch(1);

		@Override
		public boolean markUnflushed() {
			return this.marked.compareAndSet(false, true);
		}

		@Override
		public void flush() {
			this.marked.set(false);
			this.flushes.incrementAndGet();
			this.flushed.countDown();
		}

	}

	private static final class TestWorker implements HandlerExecutor.Worker {

		private boolean closed;

		@Override
		public void close() {
			this.closed = true;
		}

	}

	private record TestTask(Runnable body, AtomicInteger refused,
			boolean handled) implements HandlerExecutor.Task<TestWorker> {

		TestTask(Runnable body, AtomicInteger refused) {
			this(body, refused, true);
		}

		@Override
		public boolean run(TestWorker worker) {
			this.body.run();
			return this.handled;
		}

		@Override
		public void refuse(RefusalReason reason) {
			this.refused.incrementAndGet();
		}

		@Override
		public boolean isOver() {
			return false;
		}

		@Override
		public long queuedNanos() {
			return 0;
		}

	}

	private static final class UnrefusableTask implements HandlerExecutor.Task<TestWorker> {

		@Override
		public boolean run(TestWorker worker) {
			return true;
		}

		@Override
		public void refuse(RefusalReason reason) {
			throw new IllegalStateException("thrown by a test");
		}

		@Override
		public boolean isOver() {
			return false;
		}

		@Override
		public long queuedNanos() {
			return 0;
		}

	}

	/**
	 * Starts nothing by itself.
	 */
	private static final class ManualExecutor implements Executor {

		private final List<Runnable> waiting = new ArrayList<>();

		private Executor next;

		@Override
		public synchronized void execute(Runnable task) {
			if (this.next != null) {
				this.next.execute(task);
			}
			else {
				this.waiting.add(task);
			}
		}

		void runNext() {
			this.waiting.remove(0).run();
		}

		synchronized void passOnTo(Executor executor) {
			this.next = executor;
			this.waiting.forEach(executor::execute);
			this.waiting.clear();
		}

	}

}
