package io.github.netrpc.batch;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;

/**
 * A partition as an item of work. Its first worker gets it as it was made. Before each
 * further one it is taken away from the last, of whom nobody knows whether it still runs.
 * Thread-safe.
 */
final class Partition {

	private final String step;

	private final StepExecution execution;

	private final int version;

	private final PartitionRepository repository;

	private final Executor executor;

	// Guarded by this.
	private boolean begun;

	Partition(String step, StepExecution execution, PartitionRepository repository, Executor executor) {
		this.step = step;
		this.execution = execution;
		this.version = version(execution);
		this.repository = repository;
		this.executor = executor;
	}

	long id() {
		return this.execution.getId();
	}

	CompletionStage<PartitionResult> runOn(PartitionService node) {
		synchronized (this) {
			if (!this.begun) {
				this.begun = true;
				return node.run(PartitionRequest.of(this.step, this.execution, this.version));
			}
		}
		return CompletableFuture.supplyAsync(() -> this.repository.reclaim(id()), this.executor)
			.thenCompose((stored) -> (stored.getStatus() == BatchStatus.STARTING)
					? node.run(PartitionRequest.of(this.step, stored, version(stored)))
					: CompletableFuture.completedFuture(PartitionResult.of(stored.getStatus())));
	}

	private static int version(StepExecution execution) {
		return Objects.requireNonNull(execution.getVersion(), "version");
	}

	@Override
	public String toString() {
		return this.execution.getStepName();
	}

}
