package io.github.netrpc.cluster;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.work.JobContext;

/**
 * What operations on a cluster need of its channel.
 *
 * @param <T> the client interface
 * @param channel the name of the channel
 * @param source where the nodes are, as configured
 * @param timeoutNanos how long an operation takes if nothing else is said
 * @param nodes the nodes
 * @param timer tells the time
 * @param open the operations that have not ended
 * @param callbacks runs what neither the timer nor a directory may
 * @param spare runs what must not wait for a callback to end
 * @param lambdas runs lambdas that block; refuses rather than queue
 * @param inIoThread whether the current thread must not wait
 * @param recorder where operations are recorded
 * @param report told of code that is not the client's and has failed
 * @param jobs what jobs need
 * @param lease how nodes learn that nobody waits for the items of a job
 * @param binder makes what lambdas get
 */
record ClusterContext<T>(String channel, String source, long timeoutNanos, ClusterNodes nodes, ClientTimer timer,
		OpenOperations open, Executor callbacks, Executor spare, Executor lambdas, BooleanSupplier inIoThread,
		ClusterRecorder recorder, BiConsumer<String, Throwable> report, JobContext jobs, JobLease lease,
		Binder<T> binder) {

	/**
	 * Records the end of an operation, whatever the recorder thinks of it.
	 */
	void recorded(ClusterGoal goal, ClusterRecorder.Outcome outcome, long startNanos) {
		try {
			this.recorder.record(this.channel, goal.operation(), outcome, this.timer.nanoTime() - startNanos);
		}
		catch (Throwable ex) {
			this.report.accept("A " + goal.name() + " could not be recorded", ex);
		}
	}

	/**
	 * Makes what lambdas get.
	 */
	@FunctionalInterface
	interface Binder<T> {

		/**
		 * Makes an object whose calls belong to a scope.
		 */
		T bind(CallScope scope, RpcOptions options);

	}

}
