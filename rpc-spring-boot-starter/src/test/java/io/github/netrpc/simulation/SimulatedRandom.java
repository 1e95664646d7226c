package io.github.netrpc.simulation;

import java.util.List;
import java.util.SplittableRandom;

/**
 * All chance of one simulation: the same seed, asked in the same order, gives the same
 * answers.
 */
final class SimulatedRandom {

	private final SplittableRandom random;

	SimulatedRandom(long seed) {
		this.random = new SplittableRandom(seed);
	}

	private SimulatedRandom(SplittableRandom random) {
		this.random = random;
	}

	/**
	 * Another source, whose answers do not depend on what this one is asked from now on.
	 */
	SimulatedRandom split() {
		return new SimulatedRandom(this.random.split());
	}

	double nextDouble() {
		return this.random.nextDouble();
	}

	boolean chance(double probability) {
		return probability > 0 && this.random.nextDouble() < probability;
	}

	int below(int bound) {
		return this.random.nextInt(bound);
	}

	long between(long least, long most) {
		return (most <= least) ? least : this.random.nextLong(least, most + 1);
	}

	/**
	 * A time that is short most of the time, and ten times the mean at most.
	 */
	long around(long mean) {
		return (long) Math.min(10.0 * mean, -Math.log(1 - this.random.nextDouble()) * mean);
	}

	<T> T pick(List<T> from) {
		return from.get(this.random.nextInt(from.size()));
	}

}
