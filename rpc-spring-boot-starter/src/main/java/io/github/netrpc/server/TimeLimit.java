package io.github.netrpc.server;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends a future after a time, on a thread of its own.
 * {@link CompletableFuture#completeOnTimeout} would leave that to the common pool (since
 * Java 25), which the very handlers that hang may have filled.
 */
final class TimeLimit {

	private TimeLimit() {
	}

	/**
	 * A future that ends with another one, or after a time.
	 * @param <T> the type of the result
	 * @param awaited the other future; not affected
	 * @param limit how long to wait for it
	 * @param late the result if it takes longer
	 * @param thread the name of the thread that waits
	 * @return a new future
	 */
	static <T> CompletableFuture<T> of(CompletableFuture<T> awaited, Duration limit, T late, String thread) {
		CompletableFuture<T> limited = awaited.copy();
		if (!limited.isDone()) {
			Thread waiting = new Thread(() -> await(limited, limit, late), thread);
			waiting.setDaemon(true);
			waiting.start();
		}
		return limited;
	}

	private static <T> void await(CompletableFuture<T> limited, Duration limit, T late) {
		try {
			limited.get(limit.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | InterruptedException ex) {
			limited.complete(late);
		}
		catch (ExecutionException | CancellationException ex) {
			// It has ended, and whoever holds it knows how.
		}
	}

}
