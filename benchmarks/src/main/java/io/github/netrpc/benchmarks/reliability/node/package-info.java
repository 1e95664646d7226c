/**
 * The process under fault: a node that works, and leaves traces that outlive it. Must not
 * know which fault it will meet. Start at
 * {@link io.github.netrpc.benchmarks.reliability.node.WorkNode}.
 */
@NullMarked
package io.github.netrpc.benchmarks.reliability.node;

import org.jspecify.annotations.NullMarked;
