package io.github.netrpc.work;

import java.util.Map;

/**
 * What the caller of a job has chosen.
 *
 * @param name what it is called in logs and metrics
 * @param labels what else is to be known of it
 * @param attempts how often an item may fail
 * @param speculate whether stragglers are copied
 * @param itemTimeoutNanos how long an attempt may take
 * @param window how many items a worker gets at a time, 0 for what it says itself
 * @param ordered whether results come in the order of the items
 * @param allowParked how many items may fail for good
 */
record JobOptions(String name, Map<String, String> labels, int attempts, boolean speculate, long itemTimeoutNanos,
		int window, boolean ordered, int allowParked) {

}
