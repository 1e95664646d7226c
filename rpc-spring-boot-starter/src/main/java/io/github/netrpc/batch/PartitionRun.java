package io.github.netrpc.batch;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.StoppableTasklet;
import org.springframework.batch.core.step.tasklet.TaskletStep;

/**
 * A partition that this node runs, to be stopped in Batch's way: after the chunk that it
 * is at. Its thread is never interrupted. Batch takes a chunk-oriented step whose thread
 * is interrupted for one that is complete, whatever it has left. Thread-safe.
 */
final class PartitionRun {

	private final PartitionRequest request;

	// Guarded by this.
	private @Nullable String stopped;

	// Guarded by this.
	private @Nullable Step step;

	// Guarded by this.
	private @Nullable StepExecution execution;

	PartitionRun(PartitionRequest request) {
		this.request = request;
	}

	PartitionRequest request() {
		return this.request;
	}

	/**
	 * Why it was stopped by this node.
	 * @return the reason, or null if it was not
	 */
	synchronized @Nullable String stopped() {
		return this.stopped;
	}

	/**
	 * The step is about to be executed.
	 */
	synchronized void begin(Step step, StepExecution execution) {
		this.step = step;
		this.execution = execution;
		if (this.stopped != null) {
			execution.setTerminateOnly();
		}
	}

	/**
	 * The step has been executed.
	 */
	synchronized void end() {
		this.execution = null;
	}

	/**
	 * Has the step end after the chunk that it is at.
	 * @param why for people
	 */
	synchronized void stop(String why) {
		if (this.stopped != null) {
			return;
		}
		this.stopped = why;
		if (this.execution == null) {
			return;
		}
		this.execution.setTerminateOnly();
		if (this.step instanceof TaskletStep tasklet && tasklet.getTasklet() instanceof StoppableTasklet stoppable) {
			StepSynchronizationManager.register(this.execution);
			try {
				stoppable.stop(this.execution);
			}
			finally {
				StepSynchronizationManager.release();
			}
		}
	}

}
