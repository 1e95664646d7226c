package io.github.netrpc.benchmarks.reliability.node;

import java.nio.channels.Selector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.benchmarks.reliability.node.LoopWatch.Probe;
import io.github.netrpc.benchmarks.reliability.node.LoopWatch.Seen;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoopWatch}, with a clock that stands still.
 */
class LoopWatchTests {

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private final ExecutorService loop = Executors.newSingleThreadExecutor();

	private final CountDownLatch release = new CountDownLatch(1);

	private final LoopWatch watch = new LoopWatch();

	private Thread thread;

	private Probe probe;

	@BeforeEach
	void startLoop() throws Exception {
		this.thread = this.loop.submit(Thread::currentThread).get();
		this.probe = new Probe(this.loop, this.thread.getId());
	}

	@AfterEach
	void endLoop() {
		this.release.countDown();
		this.loop.shutdownNow();
	}

	private Seen seen() {
		return Seen.parse(this.watch.text());
	}

	/** A look whose task is run at once. */
	private void lookAndLetRun(long now) throws Exception {
		this.watch.look(this.probe, now, 0);
		Future<?> behind = this.loop.submit(() -> {
		});
		behind.get();
	}

	/** Has the loop wait for something, and gives it a task. */
	private void block(long now) throws InterruptedException {
		CountDownLatch entered = new CountDownLatch(1);
		this.loop.execute(() -> {
			entered.countDown();
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		this.watch.look(this.probe, now, 0);
		entered.await();
		awaitState(Thread.State.WAITING);
	}

	private void awaitState(Thread.State state) {
		while (this.thread.getState() != state) {
			Thread.onSpinWait();
		}
	}

	@Test
	void loopThatRunsItsTasksIsNotBlocked() throws Exception {
		lookAndLetRun(0);
		lookAndLetRun(100 * MILLI);
		lookAndLetRun(200 * MILLI);
		assertThat(seen()).isEqualTo(new Seen(0, 0, 0));
	}

	@Test
	void loopThatWaitsForSomethingIsBlockedOnce() throws Exception {
		block(0);
		this.watch.look(this.probe, 50 * MILLI, 0);
		assertThat(seen()).isEqualTo(new Seen(0, 0, 50));
		this.watch.look(this.probe, 51 * MILLI, 0);
		this.watch.look(this.probe, 60 * MILLI, 0);
		assertThat(seen()).isEqualTo(new Seen(1, 0, 60));
	}

	/** A thread that selects is runnable, and uses no processor. */
	@Test
	void loopThatGotNoProcessorIsStarvedOnceItRuns() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		try (Selector selector = Selector.open()) {
			selector.selectNow();
			Future<?> selecting = this.loop.submit(() -> {
				entered.countDown();
				return selector.select();
			});
			this.watch.look(this.probe, 0, 0);
			entered.await();
			this.watch.look(this.probe, 60 * MILLI, 0);
			assertThat(seen()).isEqualTo(new Seen(0, 0, 60));
			selector.wakeup();
			selecting.get();
		}
		lookAndLetRun(70 * MILLI);
		assertThat(seen().blocked()).isZero();
		lookAndLetRun(80 * MILLI);
		assertThat(seen()).isEqualTo(new Seen(0, 1, seen().worstMillis()));
	}

	@Test
	void pauseOfTheWatchItselfIsNobodysFault() throws Exception {
		block(0);
		this.watch.look(this.probe, 2000 * MILLI, 1990 * MILLI);
		assertThat(seen()).isEqualTo(new Seen(0, 0, 10));
	}

	@Test
	void twoWatchesAreAdded() {
		assertThat(new Seen(1, 2, 30).and(new Seen(4, 5, 6))).isEqualTo(new Seen(5, 7, 30));
	}

}
