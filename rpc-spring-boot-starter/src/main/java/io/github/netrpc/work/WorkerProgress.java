package io.github.netrpc.work;

import java.time.Duration;

/**
 * What one worker has done for a job.
 *
 * @param id the worker
 * @param completed items whose result counted
 * @param time how long these took together, each from its beginning to its result; more
 * than the time of the job if several ran at a time
 * @param running items that it runs now
 * @param reassigned items that it was given and may have begun, and that went to another
 * one, or to itself once more, because it failed or was lost
 * @param refused items that it was given and did not begin, because it had no room or
 * could not be reached
 * @param speculated copies of items that it was given
 * @param listed whether it is still among the workers
 * @since 0.1.0
 */
public record WorkerProgress(String id, long completed, Duration time, int running, long reassigned, long refused,
		long speculated, boolean listed) {

}
