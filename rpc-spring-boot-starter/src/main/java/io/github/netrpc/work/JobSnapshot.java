package io.github.netrpc.work;

import java.util.Map;

/**
 * What is known of a job at one moment, without the job itself, its items and its
 * results.
 *
 * @param id what tells it from all others
 * @param name what it is called in logs and metrics
 * @param labels what else is to be known of it
 * @param progress how far it is; at its end, what became of it
 * @since 0.1.0
 */
public record JobSnapshot(String id, String name, Map<String, String> labels, JobProgress progress) {

	/** Copies the labels. */
	public JobSnapshot {
		labels = Map.copyOf(labels);
	}

}
