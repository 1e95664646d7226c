/**
 * The reliability rows: puts nodes under faults, measures what callers see, and judges it
 * by written targets. Must not know how the faults are survived. Start at
 * {@link io.github.netrpc.benchmarks.reliability.Reliability}.
 */
@NullMarked
package io.github.netrpc.benchmarks.reliability;

import org.jspecify.annotations.NullMarked;
