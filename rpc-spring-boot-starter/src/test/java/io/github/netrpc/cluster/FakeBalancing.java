package io.github.netrpc.cluster;

import java.time.Duration;

/**
 * Makes balancing that a test can foretell.
 */
final class FakeBalancing {

	private FakeBalancing() {
	}

	/**
	 * One node after the other, also new ones; the usual ejection.
	 */
	static Balancing inTurn() {
		return new Balancing(new RoundRobinBalancer(() -> 0), OutlierPolicy.DEFAULT, Duration.ZERO);
	}

}
