package io.github.netrpc.work;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.netrpc.client.ClientTimer;

/**
 * What jobs need of whoever runs them.
 *
 * @param timer tells the time
 * @param spare runs short tasks that must not wait for anybody's callbacks
 * @param inIoThread whether the current thread must not wait
 * @param ids makes the ids of jobs, unique for all practical purposes
 * @param jobs the jobs that go on
 * @since 0.1.0
 */
public record JobContext(ClientTimer timer, Executor spare, BooleanSupplier inIoThread, Supplier<String> ids,
		JobRegistry jobs) {

}
