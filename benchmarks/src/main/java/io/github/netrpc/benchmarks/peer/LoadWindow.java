package io.github.netrpc.benchmarks.peer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * One run of a closed loop: so many calls in flight, each sent anew when it has ended.
 * Calls that end while the run warms up are not counted. Each writer has a histogram of
 * its own, so that callbacks of several threads share no memory; the calls of one writer
 * must follow one another.
 */
final class LoadWindow {

	private static final int WARMING_UP = 0;

	private static final int MEASURING = 1;

	private static final int ENDED = 2;

	private final LatencyHistogram[] histograms;

	private final CountDownLatch inFlight;

	private final CountDownLatch failed = new CountDownLatch(1);

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private volatile int phase = WARMING_UP;

	LoadWindow(int inFlight, int writers) {
		this.inFlight = new CountDownLatch(inFlight);
		this.histograms = new LatencyHistogram[writers];
		for (int i = 0; i < writers; i++) {
			this.histograms[i] = new LatencyHistogram();
		}
	}

	/**
	 * A call has ended well.
	 * @param writer whose histogram takes it
	 * @param nanos how long it took
	 * @return whether to send the next one in its place
	 */
	boolean completed(int writer, long nanos) {
		int now = this.phase;
		if (now == MEASURING) {
			this.histograms[writer].record(nanos);
		}
		else if (now == ENDED) {
			this.inFlight.countDown();
			return false;
		}
		return true;
	}

	/**
	 * A call has failed, so the run has.
	 * @param cause the failure
	 */
	void failed(Throwable cause) {
		this.failure.compareAndSet(null, cause);
		this.failed.countDown();
	}

	/**
	 * Waits while others call, and measures.
	 * @param warmUp seconds to leave out
	 * @param measured seconds to measure
	 * @param measuring run when the warm-up is over
	 * @return what was found
	 * @throws InterruptedException if interrupted
	 */
	Sample measure(double warmUp, double measured, Runnable measuring) throws InterruptedException {
		await(this.failed, warmUp);
		long begin = System.nanoTime();
		long cpu = ProcessCpu.micros();
		this.phase = MEASURING;
		measuring.run();
		await(this.failed, measured);
		this.phase = ENDED;
		double seconds = (System.nanoTime() - begin) / 1e9;
		cpu = ProcessCpu.micros() - cpu;
		boolean drained = await(this.inFlight, 10);
		Throwable cause = this.failure.get();
		if (cause != null) {
			throw new IllegalStateException("a call failed", cause);
		}
		if (!drained) {
			throw new IllegalStateException(this.inFlight.getCount() + " calls have not ended after 10 s");
		}
		LatencyHistogram all = new LatencyHistogram();
		for (LatencyHistogram histogram : this.histograms) {
			all.add(histogram);
		}
		return new Sample(all.count(), seconds, all.micros(0.5), all.micros(0.99), all.micros(0.999), cpu);
	}

	private boolean await(CountDownLatch latch, double seconds) throws InterruptedException {
		return (this.failure.get() == null) && latch.await((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
	}

}
