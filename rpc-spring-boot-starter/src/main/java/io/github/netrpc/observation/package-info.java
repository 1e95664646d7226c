/**
 * Measures calls with Micrometer. Must not know Spring. Start at
 * {@link io.github.netrpc.observation.CallTimers}.
 */
@NullMarked
package io.github.netrpc.observation;

import org.jspecify.annotations.NullMarked;
