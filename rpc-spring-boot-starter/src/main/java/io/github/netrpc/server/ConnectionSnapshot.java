package io.github.netrpc.server;

import java.net.SocketAddress;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A connection at one moment.
 *
 * @param remoteAddress the address of the peer
 * @param format what the peer speaks, null if it has not said anything yet
 * @param age how long the connection has been open
 * @param callsInFlight how many calls run or wait
 * @param callsTotal how many calls there have been, those in flight included
 * @since 0.1.0
 */
public record ConnectionSnapshot(SocketAddress remoteAddress, @Nullable String format, Duration age, long callsInFlight,
		long callsTotal) {

}
