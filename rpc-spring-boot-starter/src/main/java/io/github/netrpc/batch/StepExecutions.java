package io.github.netrpc.batch;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;

/**
 * Step executions beside what the job repository has of them.
 */
final class StepExecutions {

	private StepExecutions() {
	}

	/**
	 * Makes one say what the other says.
	 * @param stored what is true
	 * @param target what is to say the same
	 */
	static void copy(StepExecution stored, StepExecution target) {
		Integer version = stored.getVersion();
		if (version != null) {
			target.setVersion(version);
		}
		target.setStatus(stored.getStatus());
		target.setExitStatus(stored.getExitStatus());
		target.setReadCount(stored.getReadCount());
		target.setWriteCount(stored.getWriteCount());
		target.setFilterCount(stored.getFilterCount());
		target.setCommitCount(stored.getCommitCount());
		target.setRollbackCount(stored.getRollbackCount());
		target.setReadSkipCount(stored.getReadSkipCount());
		target.setProcessSkipCount(stored.getProcessSkipCount());
		target.setWriteSkipCount(stored.getWriteSkipCount());
		target.setCreateTime(stored.getCreateTime());
		if (stored.getStartTime() != null) {
			target.setStartTime(stored.getStartTime());
		}
		if (stored.getEndTime() != null) {
			target.setEndTime(stored.getEndTime());
		}
		if (stored.getLastUpdated() != null) {
			target.setLastUpdated(stored.getLastUpdated());
		}
		target.setExecutionContext(stored.getExecutionContext());
	}

	/**
	 * Whether its whole job is being stopped, or has ended.
	 */
	static boolean jobEnds(StepExecution execution) {
		return isEnding(execution.getJobExecution());
	}

	/**
	 * Whether it is being stopped, or has ended.
	 */
	static boolean isEnding(JobExecution execution) {
		BatchStatus status = execution.getStatus();
		return status == BatchStatus.COMPLETED || !status.isLessThan(BatchStatus.STOPPING);
	}

	/**
	 * Whether there is work left: it has not ended, or its node gave it back.
	 */
	static boolean isUnfinished(StepExecution execution) {
		return execution.getStatus().isRunning()
				|| (execution.getStatus() == BatchStatus.STOPPED && !jobEnds(execution));
	}

}
