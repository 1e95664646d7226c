package io.github.netrpc.cluster;

/**
 * Where the end of each operation on a cluster is recorded. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClusterRecorder {

	/** Records nothing. */
	ClusterRecorder NONE = (channel, operation, outcome, nanos) -> {
	};

	/**
	 * Records the end of an operation.
	 * @param channel the name of the channel
	 * @param operation what was done
	 * @param outcome how it ended
	 * @param nanos how long it took, in nanoseconds
	 */
	void record(String channel, Operation operation, Outcome outcome, long nanos);

	/**
	 * What a cluster can do.
	 */
	enum Operation {

		/** {@link RpcCluster#broadcast} and its kind. */
		BROADCAST,

		/** {@link RpcCluster#race} and its kind. */
		RACE,

		/** {@link RpcCluster#quorum} and its kind. */
		QUORUM,

		/** {@link RpcCluster#onNode} and its kind. */
		ON_NODE

	}

	/**
	 * How an operation ended.
	 */
	enum Outcome {

		/** As many nodes have succeeded as it takes: all for a broadcast. */
		SUCCESS,

		/** Some nodes of a broadcast have failed. */
		PARTIAL,

		/** No node has succeeded, or not as many as it takes. */
		FAILURE,

		/** The caller has given it up. */
		CANCELLED

	}

}
