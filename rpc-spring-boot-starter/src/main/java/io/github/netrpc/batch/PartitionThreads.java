package io.github.netrpc.batch;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A thread for each task. Partitions are few and take long. The threads do not keep the
 * process alive: what they do is safe to be cut off at any point.
 */
final class PartitionThreads {

	private PartitionThreads() {
	}

	static Executor each(String namePrefix) {
		AtomicLong number = new AtomicLong();
		return (task) -> {
			Thread thread = new Thread(task, namePrefix + number.incrementAndGet());
			thread.setDaemon(true);
			thread.start();
		};
	}

}
