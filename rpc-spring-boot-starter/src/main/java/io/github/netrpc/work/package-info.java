/**
 * Hands many items of work to idle workers and folds the results together: a pull
 * scheduler, reassignment, copies of stragglers, progress. Must not know what a worker
 * is; package {@code cluster} makes the nodes of a channel workers. Start at
 * {@link io.github.netrpc.work.RpcJob}.
 */
@NullMarked
package io.github.netrpc.work;

import org.jspecify.annotations.NullMarked;
