/**
 * Calls a service that runs on several nodes: where the nodes are, and which one takes a
 * call. Must not know Spring, or a particular format or transport. Start at
 * {@link io.github.netrpc.cluster.RpcChannel}.
 */
@NullMarked
package io.github.netrpc.cluster;

import org.jspecify.annotations.NullMarked;
