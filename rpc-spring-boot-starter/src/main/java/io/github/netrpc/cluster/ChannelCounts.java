package io.github.netrpc.cluster;

/**
 * What the nodes of a channel have counted since it was built, those that are no longer
 * listed included.
 *
 * @param missedPings pings that were not answered in time
 * @param deadConnections connections that were given up because the node was silent
 * @since 0.1.0
 */
public record ChannelCounts(long missedPings, long deadConnections) {

}
