package io.github.netrpc.cluster;

/**
 * When an operation has what it wants, and how many nodes it asks at a time.
 *
 * @param operation what is done
 * @param name for messages
 * @param asyncMethod the method that takes lambdas which return stages
 * @param parallel how many nodes are at work at a time; as one fails, the next is asked
 * @param enough how many successes end the operation early
 */
record ClusterGoal(ClusterRecorder.Operation operation, String name, String asyncMethod, int parallel, int enough) {

	static final ClusterGoal BROADCAST = new ClusterGoal(ClusterRecorder.Operation.BROADCAST, "broadcast",
			"broadcastAsync", Integer.MAX_VALUE, Integer.MAX_VALUE);

	static final ClusterGoal ON_NODE = new ClusterGoal(ClusterRecorder.Operation.ON_NODE, "call", "onNodeAsync", 1, 1);

	static ClusterGoal race(int nodes) {
		return new ClusterGoal(ClusterRecorder.Operation.RACE, "race of " + positive("race", nodes), "raceAsync", nodes,
				1);
	}

	static ClusterGoal quorum(int nodes) {
		return new ClusterGoal(ClusterRecorder.Operation.QUORUM, "quorum of " + positive("quorum", nodes),
				"quorumAsync", Integer.MAX_VALUE, nodes);
	}

	private static int positive(String what, int nodes) {
		if (nodes < 1) {
			throw new IllegalArgumentException(what + ": " + nodes + " nodes (expected: 1 or more)");
		}
		return nodes;
	}

	/**
	 * How many of some nodes have to succeed.
	 */
	int required(int nodes) {
		return Math.min(nodes, this.enough);
	}

	/**
	 * Whether more outcomes would change nothing.
	 */
	boolean isReached(int succeeded, int failed, int nodes) {
		return succeeded >= this.enough || succeeded + failed == nodes
				|| (this.enough <= nodes && failed > nodes - this.enough);
	}

}
