/**
 * The Java processes that are measured: servers and clients, driven by lines on their
 * standard input. Must not know the runner. Start at
 * {@link io.github.netrpc.benchmarks.peer.LoadWindow}.
 */
@NullMarked
package io.github.netrpc.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
