/**
 * The partitions of a Spring Batch step, run by the nodes of a channel: jobs that outlive
 * their coordinator. What was done is known by Batch's job repository alone, which all
 * nodes share; calls only say who does what next. Start at
 * {@link io.github.netrpc.batch.RpcPartitionHandler} and
 * {@link io.github.netrpc.batch.RpcPartitionWorker}.
 */
@NullMarked
package io.github.netrpc.batch;

import org.jspecify.annotations.NullMarked;
