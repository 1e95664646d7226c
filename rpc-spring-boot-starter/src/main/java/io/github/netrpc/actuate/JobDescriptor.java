package io.github.netrpc.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.work.JobProgress;
import io.github.netrpc.work.JobSnapshot;
import io.github.netrpc.work.WorkerProgress;

/**
 * A job, as the endpoint shows it. Neither its items nor its results are shown.
 *
 * @param id what tells it from all others; of a job that a handler has begun, the id of
 * the call, with a number behind it if it is not the first
 * @param name what it is called
 * @param labels what else is to be known of it
 * @param state whether it goes on
 * @param total how many items there are, null while only the source knows
 * @param completed items that have a result
 * @param running items that are being run
 * @param reassigned attempts that may have run, have failed or were lost, and led to
 * another one
 * @param refused attempts that did not begin
 * @param speculated copies of items that took too long
 * @param late answers and results that came too late and were not counted
 * @param parked items that have failed for good
 * @param rate items completed per second, over the last ten seconds
 * @param elapsed the time since the beginning
 * @param timeLeft an estimate of the time to the end, null if there is none
 * @param nodes what each node has done, the first hundred
 * @since 0.1.0
 */
public record JobDescriptor(String id, String name, Map<String, String> labels, JobProgress.State state,
		@Nullable Long total, long completed, int running, long reassigned, long refused, long speculated, long late,
		long parked, double rate, Duration elapsed, @Nullable Duration timeLeft, List<WorkerProgress> nodes) {

	private static final int MOST_NODES = 100;

	static JobDescriptor of(JobSnapshot job) {
		JobProgress progress = job.progress();
		return new JobDescriptor(job.id(), job.name(), job.labels(), progress.state(),
				progress.total().isPresent() ? progress.total().getAsLong() : null, progress.completed(),
				progress.running(), progress.reassigned(), progress.refused(), progress.speculated(), progress.late(),
				progress.parked(), progress.rate(), progress.elapsed(), progress.timeLeft(),
				progress.workers().stream().limit(MOST_NODES).toList());
	}

}
