/**
 * The side-by-side runner: starts servers and clients as processes of their own, measures
 * them in turns and judges the result. Must not know how a peer makes its calls. Start at
 * {@link io.github.netrpc.benchmarks.SideBySide}.
 */
@NullMarked
package io.github.netrpc.benchmarks;

import org.jspecify.annotations.NullMarked;
