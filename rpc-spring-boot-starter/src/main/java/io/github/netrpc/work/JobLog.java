package io.github.netrpc.work;

import java.util.Locale;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when a job begins, has done another tenth, and ends. Used by one thread at a time.
 */
final class JobLog {

	private static final Logger logger = LoggerFactory.getLogger(RpcJob.class);

	private static final int STEPS = 10;

	private final String job;

	private long step;

	JobLog(String job) {
		this.job = job;
	}

	void begun(JobProgress progress) {
		logger.info("{} has begun: {} items, {} nodes", this.job,
				progress.total().isPresent() ? progress.total().getAsLong() : "some", progress.workers().size());
	}

	void progress(JobProgress progress) {
		long total = progress.total().orElse(0);
		long reached = (total == 0) ? 0 : STEPS * progress.completed() / total;
		if (reached > this.step && reached < STEPS) {
			this.step = reached;
			logger.info("{}: {}", this.job, progress);
		}
	}

	void failed(String what, Throwable cause) {
		logger.warn("{}: {} has failed", this.job, what, cause);
	}

	void ended(JobProgress progress) {
		logger.info("{} has {} after {} ms: {}", this.job, progress.state().name().toLowerCase(Locale.ROOT),
				progress.elapsed().toMillis(), progress);
	}

}
