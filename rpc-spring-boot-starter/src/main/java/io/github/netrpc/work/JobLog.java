package io.github.netrpc.work;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when a job begins, has done another tenth, or another minute where nobody knows
 * what a tenth is, and ends. Used by one thread at a time.
 */
final class JobLog {

	private static final Logger logger = LoggerFactory.getLogger(RpcJob.class);

	private static final int STEPS = 10;

	/** Where nobody knows what a tenth is. */
	private static final Duration PACE = Duration.ofMinutes(1);

	private final String job;

	private long step;

	private Duration last = Duration.ZERO;

	JobLog(String job) {
		this.job = job;
	}

	void begun(JobProgress progress) {
		logger.info("{} has begun: {} items, {} nodes", this.job,
				progress.total().isPresent() ? progress.total().getAsLong() : "some", progress.workers().size());
	}

	void progress(JobProgress progress) {
		long total = progress.total().orElse(0);
		long reached = (total == 0) ? 0 : STEPS * (progress.completed() + progress.parked()) / total;
		boolean due = (total == 0) ? progress.elapsed().minus(this.last).compareTo(PACE) >= 0 : reached > this.step;
		if (due && reached < STEPS) {
			this.step = reached;
			this.last = progress.elapsed();
			logger.info("{}: {}", this.job, progress);
		}
	}

	void failed(String what, Throwable cause) {
		logger.warn("{}: {} has failed", this.job, what, cause);
	}

	void ended(JobProgress progress) {
		logger.info("{} {} after {} ms: {}", this.job, outcome(progress.state()), progress.elapsed().toMillis(),
				progress);
	}

	private static String outcome(JobProgress.State state) {
		return switch (state) {
			case SUCCEEDED -> "has succeeded";
			case FAILED -> "has failed";
			case CANCELLED -> "was cancelled";
			case RUNNING -> "goes on";
		};
	}

}
