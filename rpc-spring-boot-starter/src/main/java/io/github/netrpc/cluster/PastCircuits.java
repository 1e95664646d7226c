package io.github.netrpc.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The circuits of nodes that have left the list a short time ago. A node that fails, and
 * comes and goes besides, would otherwise be as good as new each time. Thread-safe.
 */
final class PastCircuits {

	/** Nodes may come and go for ever; a thousand are more than fail at a time. */
	private static final int MOST = 1_000;

	// Guarded by this; the oldest first.
	private final Map<String, Past> past = new LinkedHashMap<>();

	/**
	 * Keeps the circuit of a node that has left the list, if it was ever open.
	 */
	synchronized void keep(NodeEndpoint endpoint, NodeCircuit circuit, long now) {
		if (circuit.ejectionsInARow() > 0) {
			this.past.remove(key(endpoint));
			this.past.put(key(endpoint), new Past(circuit, now));
			if (this.past.size() > MOST) {
				this.past.remove(this.past.keySet().iterator().next());
			}
		}
	}

	/**
	 * Takes the circuit of a node that is on the list.
	 * @return the circuit, or null if there was none in the last minute
	 */
	synchronized @Nullable NodeCircuit take(NodeEndpoint endpoint, long now) {
		Past past = this.past.remove(key(endpoint));
		return (past != null && now - past.leftNanos() < NodeCircuit.FORGET_NANOS) ? past.circuit() : null;
	}

	/**
	 * The same id at another address is another node.
	 */
	private static String key(NodeEndpoint endpoint) {
		return endpoint.id() + " " + endpoint.address();
	}

	private record Past(NodeCircuit circuit, long leftNanos) {

	}

}
