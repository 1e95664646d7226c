package io.github.netrpc.work;

import io.github.netrpc.work.JobProgress.State;

/**
 * What all jobs of one name have come to, those that go on included.
 *
 * @param open jobs that go on
 * @param succeeded jobs that have succeeded
 * @param failed jobs that have failed
 * @param cancelled jobs that were cancelled
 * @param running items that are being run
 * @param completed items that have a result
 * @param reassigned attempts that may have run and led to another one
 * @param refused attempts that did not begin
 * @param speculated copies of items that took too long
 * @param late answers and results that came too late and were not counted
 * @param parked items that have failed for good
 * @since 0.1.0
 */
public record JobTotals(long open, long succeeded, long failed, long cancelled, long running, long completed,
		long reassigned, long refused, long speculated, long late, long parked) {

	/** Of no job. */
	static final JobTotals NONE = new JobTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

	JobTotals plus(JobProgress job) {
		State state = job.state();
		return new JobTotals(this.open + one(state == State.RUNNING), this.succeeded + one(state == State.SUCCEEDED),
				this.failed + one(state == State.FAILED), this.cancelled + one(state == State.CANCELLED),
				this.running + job.running(), this.completed + job.completed(), this.reassigned + job.reassigned(),
				this.refused + job.refused(), this.speculated + job.speculated(), this.late + job.late(),
				this.parked + job.parked());
	}

	/**
	 * The same, and one more late answer.
	 */
	JobTotals plusLate() {
		return new JobTotals(this.open, this.succeeded, this.failed, this.cancelled, this.running, this.completed,
				this.reassigned, this.refused, this.speculated, this.late + 1, this.parked);
	}

	private static int one(boolean is) {
		return is ? 1 : 0;
	}

}
