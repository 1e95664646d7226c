/**
 * What Actuator shows of the server and the channels. Must not know the
 * auto-configuration. Start at {@link io.github.netrpc.actuate.RpcEndpoint}.
 */
@NullMarked
package io.github.netrpc.actuate;

import org.jspecify.annotations.NullMarked;
