package io.github.netrpc.batch;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.function.Consumer;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * What the coordinator does to partitions in the job repository. Each change raises the
 * version of the step execution, and so takes it away from whoever had it. Thread-safe.
 */
final class PartitionRepository {

	/** A worker that goes on saves a chunk between each look and its change, at worst. */
	private static final int MOST_LOOKS = 20;

	private final JobRepository jobs;

	private final Clock clock;

	PartitionRepository(JobRepository jobs, Clock clock) {
		this.jobs = jobs;
		this.clock = clock;
	}

	/**
	 * The job execution as it is now, with all its step executions.
	 */
	JobExecution job(long id) {
		return Objects.requireNonNull(this.jobs.getJobExecution(id), () -> "job execution " + id + " is gone");
	}

	/**
	 * Whether the job of a step execution is being stopped, or has ended.
	 */
	boolean isJobEnding(long stepExecutionId) {
		return StepExecutions.jobEnds(stored(stepExecutionId));
	}

	/**
	 * Takes a partition away from the worker that had it, for another one to go on from
	 * what is committed.
	 * @param id the step execution
	 * @return as it is now: to be run, or ended
	 */
	StepExecution reclaim(long id) {
		return change(id, (stored) -> {
			stored.setStatus(BatchStatus.STARTING);
			stored.setExitStatus(ExitStatus.EXECUTING);
		});
	}

	/**
	 * Ends a partition that nobody is going to run, unless it has ended.
	 * @param id the step execution
	 * @param usual stopped or failed; stopped in any case if the job is being stopped
	 * @param why for people
	 * @return as it is now, ended
	 */
	StepExecution end(long id, BatchStatus usual, String why) {
		return change(id, (stored) -> {
			BatchStatus status = StepExecutions.jobEnds(stored) ? BatchStatus.STOPPED : usual;
			stored.setStatus(status);
			stored.setExitStatus(
					((status == BatchStatus.STOPPED) ? ExitStatus.STOPPED : ExitStatus.FAILED).addExitDescription(why));
			stored.setEndTime(LocalDateTime.ofInstant(this.clock.instant(), this.clock.getZone()));
		});
	}

	private StepExecution change(long id, Consumer<StepExecution> change) {
		for (int look = 1;; look++) {
			StepExecution stored = stored(id);
			if (!StepExecutions.isUnfinished(stored)) {
				return stored;
			}
			change.accept(stored);
			try {
				this.jobs.update(stored);
				return stored;
			}
			catch (OptimisticLockingFailureException ex) {
				if (look == MOST_LOOKS) {
					throw ex;
				}
			}
		}
	}

	private StepExecution stored(long id) {
		return Objects.requireNonNull(this.jobs.getStepExecution(id), () -> "step execution " + id + " is gone");
	}

}
