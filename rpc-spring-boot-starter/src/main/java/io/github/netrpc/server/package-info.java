/**
 * Serves beans to callers: finds the method of each request, runs it and sends the reply.
 * Must not know clients, Netty or any particular format. Start at
 * {@link io.github.netrpc.server.RpcServer}.
 */
@NullMarked
package io.github.netrpc.server;

import org.jspecify.annotations.NullMarked;
