package io.github.netrpc.cluster;

/**
 * How much of something is left after a time in which half of it goes. Exact at the
 * half-lives, and less than one percent off between them: a parabola with the right slope
 * at its beginning, since most steps are short.
 */
final class Decay {

	private static final double SLOPE = Math.log(2);

	private Decay() {
	}

	/**
	 * The part that is left.
	 * @return 1 for no time or less, 0.5 for a half-life, near 0 for ever
	 */
	static double left(long nanos, long halfLifeNanos) {
		if (nanos <= 0) {
			return 1;
		}
		long halvings = nanos / halfLifeNanos;
		double beyond = (double) (nanos - halvings * halfLifeNanos) / halfLifeNanos;
		return (1 - beyond * (SLOPE - beyond * (SLOPE - 0.5))) / (1L << Math.min(halvings, 62));
	}

}
