package io.github.netrpc.batch;

import org.springframework.batch.core.step.StepExecution;

/**
 * A partition to be run. Its id alone would find it; the rest shows that both sides mean
 * the same job repository.
 *
 * @param step the name of the step that does the work
 * @param partition the name of the step execution
 * @param stepExecutionId its id
 * @param jobExecutionId the id of the job execution that it belongs to
 * @param job the name of that job
 * @param version the version that the step execution must have: whoever was given a lower
 * one has lost it
 */
record PartitionRequest(String step, String partition, long stepExecutionId, long jobExecutionId, String job,
		int version) {

	static PartitionRequest of(String step, StepExecution partition, int version) {
		return new PartitionRequest(step, partition.getStepName(), partition.getId(), partition.getJobExecutionId(),
				partition.getJobExecution().getJobInstance().getJobName(), version);
	}

	/**
	 * Whether this is the step execution that is meant.
	 */
	boolean isOf(StepExecution stored) {
		return stored.getStepName().equals(this.partition) && stored.getJobExecutionId() == this.jobExecutionId
				&& stored.getJobExecution().getJobInstance().getJobName().equals(this.job);
	}

	@Override
	public String toString() {
		return "partition " + this.partition + " (step execution " + this.stepExecutionId + " of job " + this.job + ", "
				+ this.jobExecutionId + ")";
	}

}
