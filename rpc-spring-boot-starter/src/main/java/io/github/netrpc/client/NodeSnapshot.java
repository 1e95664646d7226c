package io.github.netrpc.client;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a node at one moment.
 *
 * @param address the address as configured, {@code host:port}
 * @param state the state of its connections
 * @param since when it came into that state
 * @param inFlight calls that were given to a connection and have not ended
 * @param waiting calls that wait for a connection, or for room on one
 * @param calls calls that were given to a connection since the channel was built, with
 * those that have not ended and those that could not be encoded; a call that found its
 * connection closed and went to another one counts twice
 * @param failures calls that ended without an answer of the node: lost, timed out, or
 * refused on this side
 * @param lastFailure why the last connection or attempt failed, or null
 * @param connections its connections, those that drain behind the others
 * @param missedPings pings that were not answered in time, since the channel was built
 * @param deadConnections connections that were given up because the node was silent,
 * since the channel was built
 * @since 0.1.0
 */
public record NodeSnapshot(String address, NodeState state, Instant since, int inFlight, int waiting, long calls,
		long failures, @Nullable String lastFailure, List<ConnectionSnapshot> connections, long missedPings,
		long deadConnections) {

	public NodeSnapshot {
		connections = List.copyOf(connections);
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
		return new NodeSnapshot(address, state, since, 0, 0, 0, 0, lastFailure, List.of(), 0, 0);
	}

}
