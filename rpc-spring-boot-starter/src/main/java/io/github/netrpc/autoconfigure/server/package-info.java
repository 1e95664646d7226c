/**
 * Wires the server: properties, executor, listener, and why it could not start. Start at
 * {@link io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration}.
 */
@NullMarked
package io.github.netrpc.autoconfigure.server;

import org.jspecify.annotations.NullMarked;
