package io.github.netrpc.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a node at one moment.
 *
 * @param id what tells it from the other nodes, its address if it has no other name
 * @param address the address as configured, {@code host:port}
 * @param tags words to choose it by
 * @param weight the share of calls that it gets, 1 if nothing else is known
 * @param state the state of its connections
 * @param since when it came into that state
 * @param inFlight calls that were given to a connection and have not ended
 * @param waiting calls that wait for a connection, or for room on one
 * @param calls calls that were given to a connection since the channel was built, with
 * those that have not ended and those that could not be encoded; a call that found its
 * connection closed and went to another one counts twice
 * @param failures calls that ended without an answer of the node: lost, timed out, or
 * refused on this side, but not those that this side has cancelled
 * @param lastFailure why the last connection or attempt failed, or null
 * @param connections its connections, those that drain behind the others
 * @param missedPings pings that were not answered in time, since the channel was built
 * @param deadConnections connections that were given up because the node was silent,
 * since the channel was built
 * @param circuit whether it gets calls, as far as the outcomes of its calls decide
 * @param latency how long calls took lately, a moving average; 0 if nothing is known, as
 * for the only node of a fixed target
 * @since 0.1.0
 */
public record NodeSnapshot(String id, String address, Set<String> tags, double weight, NodeState state, Instant since,
		int inFlight, int waiting, long calls, long failures, @Nullable String lastFailure,
		List<ConnectionSnapshot> connections, long missedPings, long deadConnections, CircuitState circuit,
		Duration latency) {

	public NodeSnapshot {
		tags = Set.copyOf(tags);
		connections = List.copyOf(connections);
	}

	/**
	 * Adds what is known of the node from elsewhere.
	 * @param tags words to choose it by
	 * @param weight the share of calls that it gets
	 * @return a new snapshot
	 */
	public NodeSnapshot listed(Set<String> tags, double weight) {
		return new NodeSnapshot(this.id, this.address, tags, weight, this.state, this.since, this.inFlight,
				this.waiting, this.calls, this.failures, this.lastFailure, this.connections, this.missedPings,
				this.deadConnections, this.circuit, this.latency);
	}

	/**
	 * Adds what the calls of the node have shown.
	 * @param circuit whether it gets calls
	 * @param latency how long calls took lately
	 * @return a new snapshot
	 */
	public NodeSnapshot measured(CircuitState circuit, Duration latency) {
		return new NodeSnapshot(this.id, this.address, this.tags, this.weight, this.state, this.since, this.inFlight,
				this.waiting, this.calls, this.failures, this.lastFailure, this.connections, this.missedPings,
				this.deadConnections, circuit, latency);
	}

	/**
	 * What is known of a node without connections.
	 * @param address the address as configured, {@code host:port}
	 * @param state the state
	 * @param since when it came into that state
	 * @param lastFailure why the last attempt failed, or null
	 * @return the snapshot
	 */
	public static NodeSnapshot of(String address, NodeState state, Instant since, @Nullable String lastFailure) {
		return new NodeSnapshot(address, address, Set.of(), 1, state, since, 0, 0, 0, 0, lastFailure, List.of(), 0, 0,
				CircuitState.CLOSED, Duration.ZERO);
	}

}
