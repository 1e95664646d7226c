package io.github.netrpc.client;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a node at one moment.
 *
 * @param address the address as configured, {@code host:port}
 * @param state the state of its connection
 * @param since when it came into that state
 * @param inFlight calls that were given to the connection and have not ended
 * @param waiting calls that wait for a connection
 * @param calls calls that were given to a connection since the channel was built, with
 * those that have not ended and those that could not be encoded; a call that found its
 * connection closed and went to another one counts twice
 * @param failures calls that ended without an answer of the node: lost, timed out, or
 * refused on this side
 * @param lastFailure why the last connection or attempt failed, or null
 * @since 0.1.0
 */
public record NodeSnapshot(String address, NodeState state, Instant since, int inFlight, int waiting, long calls,
		long failures, @Nullable String lastFailure) {

}
