/**
 * Calls one node: its connection, the calls that wait for replies, deadlines,
 * reconnecting; and the proxies of client interfaces over anything that makes calls. Must
 * not know of several nodes, of Spring, or of a particular format or transport. Start at
 * {@link io.github.netrpc.client.NodeClient}.
 * <p>
 * A {@code ClientCall} is offered to a {@code NodeClient}, finds a connection by
 * {@code NodeRoutes} or stays among the {@code WaitingCalls}, is in the
 * {@code PendingTable} of a {@code NodeConnection} while the node has it, leaves through
 * a {@code ConnectionOutput}, and is found by its {@code ReplyReader}. The connections
 * themselves come and go in {@code ConnectionSlots}.
 */
@NullMarked
package io.github.netrpc.client;

import org.jspecify.annotations.NullMarked;
