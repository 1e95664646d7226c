/**
 * Wires the meters, where Micrometer is there. Start at
 * {@link io.github.netrpc.autoconfigure.observation.RpcMetricsAutoConfiguration}.
 */
@NullMarked
package io.github.netrpc.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
