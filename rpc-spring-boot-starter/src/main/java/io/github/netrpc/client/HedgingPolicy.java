package io.github.netrpc.client;

import java.time.Duration;
import java.util.Set;

/**
 * When a call that takes long is made at a second node as well, while the first one is
 * still at work. Only calls of idempotent methods are, and only where there is another
 * node that does its work.
 *
 * @param percentile the part of a method's calls that are faster than the wait for the
 * second node, 0.5 to 0.999
 * @param floor the shortest wait, 0 or more
 * @param maxExtraLoad how many second attempts there may be for each call of a method in
 * the last ten seconds, more than 0, at most 1; each counts as a retry too, and with
 * retries there are no more than their budget allows
 * @param maxErrorShare the part of a method's recent attempts whose failure stops second
 * attempts, more than 0, at most 1. Failures are those that a node in trouble makes:
 * unavailable, too busy, too late
 * @param minimumCalls how many calls must have been answered lately for the percentile to
 * say something, 1 or more
 * @param methods the methods that this is for, by their whole name, their own, or that as
 * Java writes it; empty for all that are idempotent
 * @since 0.1.0
 */
public record HedgingPolicy(double percentile, Duration floor, double maxExtraLoad, double maxErrorShare,
		int minimumCalls, Set<String> methods) {

	/**
	 * 95 %, but at least 1 ms; one more attempt for ten calls; none from a tenth of
	 * failures on; 50 calls; all idempotent methods.
	 */
	public static final HedgingPolicy DEFAULT = new HedgingPolicy(0.95, Duration.ofMillis(1), 0.1, 0.1, 50, Set.of());

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException if one is out of its range
	 */
	public HedgingPolicy {
		check("percentile", percentile, percentile >= 0.5 && percentile <= 0.999, "0.5 to 0.999");
		check("floor", floor, !floor.isNegative(), "0 or more");
		check("max extra load", maxExtraLoad, maxExtraLoad > 0 && maxExtraLoad <= 1, "more than 0, at most 1");
		check("max error share", maxErrorShare, maxErrorShare > 0 && maxErrorShare <= 1, "more than 0, at most 1");
		check("minimum calls", minimumCalls, minimumCalls > 0, "1 or more");
		methods = Set.copyOf(methods);
	}

	private static void check(String name, Object value, boolean fits, String expected) {
		if (!fits) {
			throw new IllegalArgumentException("hedging " + name + ": " + value + " (expected: " + expected + ")");
		}
	}

	/**
	 * The same policy for some methods only.
	 * @param methods the methods; empty for all that are idempotent
	 * @return a new policy
	 */
	public HedgingPolicy forMethods(Set<String> methods) {
		return new HedgingPolicy(this.percentile, this.floor, this.maxExtraLoad, this.maxErrorShare, this.minimumCalls,
				methods);
	}

}
