/**
 * Wires what Actuator shows of the server and the channels, where Actuator is there.
 * Start at {@link io.github.netrpc.autoconfigure.actuate.RpcEndpointAutoConfiguration}.
 */
@NullMarked
package io.github.netrpc.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
