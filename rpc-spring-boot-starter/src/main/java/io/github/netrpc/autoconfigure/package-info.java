/**
 * What the auto-configurations of server and client share: limits, formats and hooks.
 * Nothing of ours may use this package or those below it. Start at
 * {@link io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration} and
 * {@link io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration}.
 */
@NullMarked
package io.github.netrpc.autoconfigure;

import org.jspecify.annotations.NullMarked;
