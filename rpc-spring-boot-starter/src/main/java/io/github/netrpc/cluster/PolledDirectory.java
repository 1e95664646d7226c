package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.ClientTimer;

/**
 * A directory that asks again and again, where nothing tells it of changes. One look-up
 * follows the other after the interval ±10 %. Sooner are those after a failure while
 * there is no list, and those when no node can be connected to. Thread-safe.
 * <pre class="code">
 * new PolledDirectory("inventory", context, Duration.ofSeconds(3), () -&gt; inventory.nodes())
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolledDirectory implements NodeDirectory {

	private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

	/**
	 * The first pause after a failure while there is no list; each further one is longer.
	 */
	private static final double FIRST_PAUSE_NANOS = Duration.ofMillis(250).toNanos();

	private static final double PAUSE_FACTOR = 1.6;

	/** From one look-up to the next at the least, when no node can be connected to. */
	private static final double SOONEST_NANOS = Duration.ofMillis(500).toNanos();

	/** After which nothing more is expected of a look-up, but still taken. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final String name;

	private final DirectoryContext context;

	private final ClientTimer timer;

	private final long intervalNanos;

	private final Lookup lookup;

	/** Held while the listener is told, so that it is told one thing after the other. */
	private final ReentrantLock telling = new ReentrantLock();

	// The rest is guarded by this.

	private @Nullable Listener listener;

	/** The number of the look-up that is under way, or 0. */
	private long current;

	private long begun;

	private long lastAnswered;

	private long beganNanos;

	private long nextNanos;

	private int failuresInARow;

	private Runnable cancelNext = () -> {
	};

	private Runnable cancelPatience = () -> {
	};

	private boolean closed;

	/**
	 * Creates a directory that has not asked yet.
	 * @param name what it is called in messages
	 * @param context what the channel has for it; its interval wins if there is one
	 * @param interval from one look-up to the next, 100 ms or more
	 * @param lookup looks the nodes up, one time at a time, and may block
	 * @throws IllegalArgumentException if the interval is too short
	 */
	public PolledDirectory(String name, DirectoryContext context, Duration interval, Lookup lookup) {
		Duration chosen = (context.refreshInterval() != null) ? context.refreshInterval() : interval;
		if (chosen.compareTo(SHORTEST_INTERVAL) < 0) {
			throw new IllegalArgumentException("refresh interval: " + chosen + " (expected: 100 ms or more)");
		}
		this.name = name;
		this.context = context;
		this.timer = context.timer();
		this.intervalNanos = chosen.toNanos();
		this.lookup = lookup;
	}

	@Override
	public void watch(Listener listener) {
		synchronized (this) {
			this.listener = listener;
		}
		begin();
	}

	@Override
	public void refresh() {
		synchronized (this) {
			if (this.listener == null || this.closed || this.current != 0) {
				return;
			}
			long at = this.beganNanos + (long) jittered(SOONEST_NANOS);
			if (at < this.nextNanos) {
				schedule(at);
			}
		}
	}

	private double jittered(double nanos) {
		return nanos * (0.9 + 0.2 * this.context.random().getAsDouble());
	}

	/**
	 * Has the next look-up begin at a time. Needs the lock.
	 */
	private void schedule(long at) {
		this.cancelNext.run();
		this.nextNanos = at;
		this.cancelNext = this.timer.schedule(this::begin, Math.max(0, at - this.timer.nanoTime()));
	}

	private void begin() {
		long number;
		synchronized (this) {
			if (this.closed || this.current != 0) {
				return;
			}
			this.cancelNext.run();
			this.begun++;
			number = this.begun;
			this.current = number;
			this.beganNanos = this.timer.nanoTime();
			this.cancelPatience = this.timer.schedule(() -> overdue(number), PATIENCE.toNanos());
		}
		try {
			this.context.lookups().execute(() -> lookUp(number));
		}
		catch (RejectedExecutionException ex) {
			failed(number, "there is no thread to look the nodes up, earlier look-ups have them all", ex);
		}
	}

	private void lookUp(long number) {
		List<NodeEndpoint> nodes;
		try {
			nodes = this.lookup.nodes();
		}
		catch (Throwable ex) {
			failed(number, (ex.getMessage() != null) ? ex.getMessage() : ex.toString(), ex);
			return;
		}
		answered(number, nodes);
	}

	private void answered(long number, List<NodeEndpoint> nodes) {
		this.telling.lock();
		try {
			Listener listener;
			synchronized (this) {
				listener = this.listener;
				if (this.closed || listener == null || number < this.lastAnswered) {
					// A later look-up was faster.
					return;
				}
				this.lastAnswered = number;
				this.failuresInARow = 0;
				end(number);
			}
			listener.nodes(nodes);
		}
		finally {
			this.telling.unlock();
		}
	}

	private void overdue(long number) {
		failed(number, "no answer within " + PATIENCE.toSeconds() + " s", null);
	}

	private void failed(long number, String reason, @Nullable Throwable cause) {
		this.telling.lock();
		try {
			Listener listener;
			synchronized (this) {
				listener = this.listener;
				if (this.closed || listener == null || this.current != number) {
					return;
				}
				this.failuresInARow++;
				end(number);
			}
			listener.failed(reason, cause);
		}
		finally {
			this.telling.unlock();
		}
	}

	/**
	 * Ends the look-up under way, if it is the one, and plans the next one. Needs the
	 * lock.
	 */
	private void end(long number) {
		if (this.current == number) {
			this.current = 0;
			this.cancelPatience.run();
			schedule(this.timer.nanoTime() + pauseNanos());
		}
	}

	private long pauseNanos() {
		double pause = this.intervalNanos;
		if (this.lastAnswered == 0 && this.failuresInARow > 0) {
			pause = Math.min(pause, FIRST_PAUSE_NANOS * Math.pow(PAUSE_FACTOR, this.failuresInARow - 1.0));
		}
		return (long) jittered(pause);
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.cancelNext.run();
		this.cancelPatience.run();
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * Looks the nodes up.
	 */
	@FunctionalInterface
	public interface Lookup {

		/**
		 * Asks for the nodes of the moment.
		 * @return all nodes
		 * @throws Exception if they cannot be found out; its message is what people see
		 */
		List<NodeEndpoint> nodes() throws Exception;

	}

}
