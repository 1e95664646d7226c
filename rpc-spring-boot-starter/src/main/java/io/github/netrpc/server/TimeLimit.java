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

	/** On threads of this name, in real time. */
	static final TimeLimit DRAIN = new TimeLimit((task) -> {
		Thread waiting = new Thread(task, "rpc-server-drain");
		waiting.setDaemon(true);
		waiting.start();
	}, (future, nanos) -> future.get(nanos, TimeUnit.NANOSECONDS));

	private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

	private final Threads threads;

	private final Clock clock;

	TimeLimit(Threads threads, Clock clock) {
		this.threads = threads;
		this.clock = clock;
	}

	/**
	 * A future that ends with another one, or after a time.
	 * @param <T> the type of the result
	 * @param awaited the other future; not affected
	 * @param limit how long to wait for it; what is longer than 292 years is as long
	 * @param late the result if it takes longer
	 * @return a new future
	 */
	<T> CompletableFuture<T> of(CompletableFuture<T> awaited, Duration limit, T late) {
		CompletableFuture<T> limited = awaited.copy();
		if (!limited.isDone()) {
			long nanos = (limit.compareTo(LONGEST) < 0) ? limit.toNanos() : Long.MAX_VALUE;
			this.threads.start(() -> await(limited, nanos, late));
		}
		return limited;
	}

	private <T> void await(CompletableFuture<T> limited, long nanos, T late) {
		try {
			this.clock.await(limited, nanos);
		}
		catch (TimeoutException | InterruptedException ex) {
			limited.complete(late);
		}
		catch (ExecutionException | CancellationException ex) {
			// It has ended, and whoever holds it knows how.
		}
	}

	/**
	 * Starts a thread that may wait.
	 */
	@FunctionalInterface
	interface Threads {

		void start(Runnable task);

	}

	/**
	 * Waits for a future as {@link CompletableFuture#get(long, TimeUnit)} does.
	 */
	@FunctionalInterface
	interface Clock {

		void await(CompletableFuture<?> future, long nanos)
				throws TimeoutException, InterruptedException, ExecutionException;

	}

}
