package io.github.netrpc.batch;

import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * A partition in the hands of one worker, who keeps it only as long as nobody else raises
 * its version. Batch's own check of versions does the same, but for one case: while a job
 * is being stopped it takes over the version that it finds. A worker that was frozen, and
 * whose partition another one has had since, would then save a chunk for a second time.
 */
final class ClaimedStepExecution extends StepExecution {

	ClaimedStepExecution(StepExecution stored) {
		super(stored.getId(), stored.getStepName(), stored.getJobExecution());
		StepExecutions.copy(stored, this);
	}

	@Override
	public void setVersion(Integer version) {
		Integer own = getVersion();
		// A lower one is that of a transaction that was rolled back.
		if (own != null && version > own) {
			throw new OptimisticLockingFailureException("step execution " + getId() + " (" + getStepName()
					+ "): version " + version + " (expected: " + own + "); it was given to another node");
		}
		super.setVersion(version);
	}

}
