package io.github.netrpc.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A server with a number of handlers and a queue under {@link OverloadControl}, in
 * simulated time: calls come at random, and each takes a random time around a mean.
 */
final class OverloadSimulation {

	private static final long STEP = TimeUnit.MICROSECONDS.toNanos(100);

	private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(250);

	private final Random random;

	private final int handlers;

	private final int capacity;

	private final OverloadControl control;

	private final Deque<Long> queue = new ArrayDeque<>();

	/** When each busy handler is done, and when its call came. */
	private final List<long[]> busy = new ArrayList<>();

	private long now;

	private long taken;

	private boolean stuck;

	OverloadSimulation(int handlers, int capacity, long seed) {
		this.handlers = handlers;
		this.capacity = capacity;
		this.control = new OverloadControl(OverloadLimits.DEFAULT, capacity);
		this.random = new Random(seed);
	}

	OverloadControl control() {
		return this.control;
	}

	int queued() {
		return this.queue.size();
	}

	/**
	 * Handlers end no more, or do again.
	 */
	void stuck(boolean stuck) {
		this.stuck = stuck;
	}

	/**
	 * Lets time pass.
	 * @param seconds how long
	 * @param callsPerSecond how many calls come
	 * @param meanMillis how long each takes
	 * @return what became of the calls that ended
	 */
	Result run(double seconds, double callsPerSecond, double meanMillis) {
		Result result = new Result();
		long until = this.now + (long) (seconds * 1e9);
		double next = this.now;
		while (this.now < until) {
			while (next <= this.now) {
				arrive(result);
				next += -Math.log(1 - this.random.nextDouble()) * 1e9 / callsPerSecond;
			}
			work(result, meanMillis);
			if (this.now % TimeUnit.MILLISECONDS.toNanos(1) < STEP) {
				look(result);
			}
			this.now += STEP;
		}
		result.seconds = seconds;
		return result;
	}

	private void arrive(Result result) {
		int size = this.queue.size();
		if (size < this.control.bound() || (size < this.capacity && this.busy.size() < this.handlers)) {
			this.queue.add(this.now);
		}
		else {
			result.refusals.add(0L);
		}
	}

	private void work(Result result, double meanMillis) {
		if (!this.stuck) {
			this.busy.removeIf((call) -> {
				boolean done = call[0] <= this.now;
				if (done) {
					result.accepted.add(this.now - call[1]);
				}
				return done;
			});
		}
		while (this.busy.size() < this.handlers && !this.queue.isEmpty()) {
			long came = this.queue.poll();
			if (this.control.overloaded() && this.control.isTooLong(this.now - came)) {
				result.refusals.add(this.now - came);
				continue;
			}
			this.taken++;
			double millis = meanMillis * (0.5 + this.random.nextDouble());
			this.busy.add(new long[] { this.now + (long) (millis * 1e6), came });
		}
		if (this.busy.size() < this.handlers && this.control.overloaded()) {
			this.control.ranDry(this.now);
		}
	}

	private void look(Result result) {
		Long head = this.queue.peek();
		this.control.look(this.now, (head != null) ? this.now - head : 0, this.taken,
				this.busy.size() >= this.handlers);
		while (this.control.overloaded() && !this.queue.isEmpty()
				&& this.control.isTooLong(this.now - this.queue.peek())) {
			result.refusals.add(this.now - this.queue.poll());
		}
	}

	/**
	 * What became of calls.
	 */
	static final class Result {

		private final List<Long> accepted = new ArrayList<>();

		private final List<Long> refusals = new ArrayList<>();

		private double seconds;

		/**
		 * How many calls a second were answered in time.
		 */
		double goodput() {
			return this.accepted.stream().filter((nanos) -> nanos <= LIMIT).count() / this.seconds;
		}

		int accepted() {
			return this.accepted.size();
		}

		int refused() {
			return this.refusals.size();
		}

		double acceptedMillis(double quantile) {
			return quantile(this.accepted, quantile);
		}

		double refusalMillis(double quantile) {
			return quantile(this.refusals, quantile);
		}

		private static double quantile(List<Long> nanos, double quantile) {
			long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
			Arrays.sort(sorted);
			return (sorted.length == 0) ? 0 : sorted[(int) ((sorted.length - 1) * quantile)] / 1e6;
		}

	}

}
