/**
 * Spring's side of server and client: finds services, binds and drains with the
 * application context, and registers a proxy for each client interface. Must not know the
 * auto-configuration, meters or Actuator. Start at
 * {@link io.github.netrpc.context.RpcServerLifecycle} and
 * {@link io.github.netrpc.context.RpcClientRegistrar}.
 */
@NullMarked
package io.github.netrpc.context;

import org.jspecify.annotations.NullMarked;
