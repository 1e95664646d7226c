package io.github.netrpc.discovery.etcd;

import java.time.Duration;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * What is promised to happen within a time, also where a busy machine keeps everybody
 * waiting: time passes in looks, each of which counts for little more than the pause
 * before it, however long it took.
 */
final class Promised {

	private static final long PAUSE_NANOS = 20_000_000;

	private Promised() {
	}

	/**
	 * Looks until an assertion holds.
	 * @throws AssertionError of the last look, if the time is over
	 */
	static void within(Duration time, ThrowingCallable assertion) throws Exception {
		long left = time.toNanos();
		while (true) {
			long began = System.nanoTime();
			try {
				assertion.call();
				return;
			}
			catch (Throwable ex) {
				if (left <= 0) {
					throw new AssertionError("within " + time + ": " + ex.getMessage(), ex);
				}
			}
			Thread.sleep(Duration.ofNanos(PAUSE_NANOS).toMillis());
			left -= Math.min(System.nanoTime() - began, 2 * PAUSE_NANOS);
		}
	}

}
