/**
 * Fuzzing: targets, which live beside the code that they try, are listed in
 * {@link io.github.netrpc.fuzz.FuzzTargets}; every test run replays their corpora, and
 * {@code benchmarks/fuzz} has Jazzer look for more. Start reading at
 * {@link io.github.netrpc.fuzz.FuzzTarget}. Must not know what the bytes mean.
 */
@NullMarked
package io.github.netrpc.fuzz;

import org.jspecify.annotations.NullMarked;
