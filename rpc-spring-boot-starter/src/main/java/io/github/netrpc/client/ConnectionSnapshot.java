package io.github.netrpc.client;

import java.time.Instant;

/**
 * What is known of one connection to a node at one moment.
 *
 * @param state what it does
 * @param since when it began to
 * @param inFlight calls that were given to it and have not ended
 * @param unsentBytes bytes that wait for the network
 * @since 0.1.0
 */
public record ConnectionSnapshot(ConnectionState state, Instant since, int inFlight, long unsentBytes) {

}
