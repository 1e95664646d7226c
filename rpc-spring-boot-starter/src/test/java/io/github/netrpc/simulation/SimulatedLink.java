package io.github.netrpc.simulation;

/**
 * The way between the client and one host, both directions. Packets are never lost for
 * good while both ends live: as with TCP, they are sent again, so loss is delay.
 */
final class SimulatedLink {

	private static final long RETRANSMIT_NANOS = 200_000_000;

	private final SimulatedRandom random;

	private final long usualDelayNanos;

	private double loss;

	private long delayFactor = 1;

	private int blockedToNode;

	private int blockedToClient;

	SimulatedLink(SimulatedRandom random, long usualDelayNanos) {
		this.random = random;
		this.usualDelayNanos = usualDelayNanos;
	}

	/**
	 * How long the next packet travels, with being lost some times.
	 */
	long delayNanos() {
		long delay = this.usualDelayNanos * this.delayFactor;
		delay += this.random.between(0, delay / 2);
		for (long again = RETRANSMIT_NANOS; this.random.chance(this.loss); again *= 2) {
			delay += again;
		}
		return delay;
	}

	boolean isBlocked(boolean toNode) {
		return ((toNode) ? this.blockedToNode : this.blockedToClient) > 0;
	}

	void block(boolean toNode, boolean toClient) {
		this.blockedToNode += toNode ? 1 : 0;
		this.blockedToClient += toClient ? 1 : 0;
	}

	void unblock(boolean toNode, boolean toClient) {
		this.blockedToNode -= toNode ? 1 : 0;
		this.blockedToClient -= toClient ? 1 : 0;
	}

	void lose(double loss) {
		this.loss = loss;
	}

	void delay(long factor) {
		this.delayFactor = factor;
	}

}
