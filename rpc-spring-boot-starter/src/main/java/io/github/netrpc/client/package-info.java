/**
 * Calls one node: its connection, the calls that wait for replies, deadlines,
 * reconnecting; and the proxies of client interfaces over anything that makes calls. Must
 * not know of several nodes, of Spring, or of a particular format or transport. Start at
 * {@link io.github.netrpc.client.NodeClient}.
 */
@NullMarked
package io.github.netrpc.client;

import org.jspecify.annotations.NullMarked;
