package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What became of the calls of an open loop, in the order in which they were to begin.
 * Written by many threads, each call by one; read when the calls have ended.
 */
final class OpenSamples {

	private final double callsPerSecond;

	private final long[] nanos;

	private final Kind[] kinds;

	OpenSamples(double callsPerSecond, int calls) {
		this.callsPerSecond = callsPerSecond;
		this.nanos = new long[calls];
		this.kinds = new Kind[calls];
		Arrays.fill(this.kinds, Kind.OPEN);
	}

	/**
	 * A call has ended.
	 * @param index which one
	 * @param nanos how long after the moment it was to begin
	 * @param kind how
	 */
	void ended(int index, long nanos, Kind kind) {
		this.nanos[index] = nanos;
		this.kinds[index] = kind;
	}

	int calls() {
		return this.nanos.length;
	}

	/**
	 * How long calls were begun.
	 * @return the time
	 */
	Duration length() {
		return Duration.ofNanos((long) (calls() / this.callsPerSecond * 1e9));
	}

	int count(Kind kind) {
		return (int) Arrays.stream(this.kinds).filter((each) -> each == kind).count();
	}

	Latencies latencies(Kind kind) {
		return new Latencies(IntStream.range(0, this.nanos.length)
			.filter((index) -> this.kinds[index] == kind)
			.mapToLong((index) -> this.nanos[index])
			.toArray());
	}

	/**
	 * The calls of a kind that took longer than a time.
	 * @param kind the kind
	 * @param from the first one was to begin then or later
	 * @param to the last one was to begin before
	 * @param bound the time
	 * @return how many
	 */
	long slow(Kind kind, Duration from, Duration to, Duration bound) {
		return IntStream.range(indexOf(from), indexOf(to))
			.filter((index) -> this.kinds[index] == kind && this.nanos[index] > bound.toNanos())
			.count();
	}

	/**
	 * Good calls for each second in which calls were begun.
	 * @param limit a reply that comes later is not good
	 * @return calls per second
	 */
	double goodPerSecond(Duration limit) {
		return good(0, calls(), limit) * this.callsPerSecond / calls();
	}

	/**
	 * The good ones among the calls that were to begin in a time.
	 * @param from where the time begins
	 * @param to where it ends
	 * @param limit a reply that comes later is not good
	 * @return the share, 0 to 1, NaN if there was no call
	 */
	double goodShare(Duration from, Duration to, Duration limit) {
		int first = indexOf(from);
		int last = indexOf(to);
		return (last > first) ? good(first, last, limit) / (double) (last - first) : Double.NaN;
	}

	int callsBetween(Duration from, Duration to) {
		return Math.max(0, indexOf(to) - indexOf(from));
	}

	/**
	 * From when on a share of all later calls was good.
	 * @param from where to begin to look
	 * @param share the share
	 * @param limit a reply that comes later is not good
	 * @return the time after {@code from}, of the whole rest if there is none
	 */
	Duration healedAfter(Duration from, double share, Duration limit) {
		int first = indexOf(from);
		int healed = calls();
		int bad = 0;
		for (int i = calls() - 1; i >= first; i--) {
			bad += isGood(i, limit) ? 0 : 1;
			if (bad <= (1 - share) * (calls() - i) + 1e-9) {
				healed = i;
			}
		}
		return Duration.ofNanos((long) ((healed - first) / this.callsPerSecond * 1e9));
	}

	private int indexOf(Duration time) {
		return (int) Math.min(calls(), Math.round(time.toNanos() / 1e9 * this.callsPerSecond));
	}

	private long good(int first, int last, Duration limit) {
		return IntStream.range(first, last).filter((index) -> isGood(index, limit)).count();
	}

	private boolean isGood(int index, Duration limit) {
		return this.kinds[index] == Kind.ANSWERED && this.nanos[index] <= limit.toNanos();
	}

	/**
	 * How a call has ended.
	 */
	enum Kind {

		/** It has not. */
		OPEN,

		/** With its reply. */
		ANSWERED,

		/** The node, or the client, had no room. */
		REFUSED,

		/** Its time was over. */
		TIMED_OUT,

		/** Otherwise. */
		FAILED

	}

}
