/**
 * Wires the client: properties, channels, proxies, and why they could not be made. Start
 * at {@link io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration}.
 */
@NullMarked
package io.github.netrpc.autoconfigure.client;

import org.jspecify.annotations.NullMarked;
