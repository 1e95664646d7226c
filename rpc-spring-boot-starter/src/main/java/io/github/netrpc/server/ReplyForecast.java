package io.github.netrpc.server;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many calls of a connection may run at a time, so that their replies do not fill the
 * memory if its peer does not read them. Each running call is expected to be answered
 * with as much as the large ones among the last replies; and all that is expected and
 * unsent has to fit into a window. <pre>
 * expected   128 KiB before the first reply; then the largest reply, less an eighth for each smaller one since
 * window     1 MiB; doubled up to 16 MiB for each time that a peer has read all of it
 * </pre> One call may always run. Thread-safe and lock-free.
 */
final class ReplyForecast {

	/** What is expected before anything is known, in bytes. */
	static final int UNKNOWN = 128 * 1024;

	/** What is not worth expecting, in bytes. */
	private static final int SMALL = 1024;

	private static final int DECAY = 8;

	private static final int LARGEST_WINDOW = 16;

	private static final AtomicIntegerFieldUpdater<ReplyForecast> RUNNING = AtomicIntegerFieldUpdater
		.newUpdater(ReplyForecast.class, "running");

	private final long initialWindow;

	/**
	 * What is expected at least: all calls of a connection may be answered with so much.
	 */
	private final int least;

	/** Calls that run and will be answered. */
	private volatile int running;

	/** What each of them is expected to be answered with, in bytes. */
	private volatile int expected = UNKNOWN;

	/** Whether a reply has been seen. */
	private volatile boolean informed;

	/** Whether there was a reply since the last {@link #ease()}. */
	private volatile boolean heard;

	/** Whether calls wait for this. */
	private volatile boolean limiting;

	private volatile long window;

	/** Bytes of replies since the window was set, while calls waited. */
	private final LongAdder replied = new LongAdder();

	/**
	 * Creates a forecast.
	 * @param window how many bytes may be expected or unsent at first
	 * @param calls how many calls there may be
	 */
	ReplyForecast(long window, int calls) {
		this.initialWindow = window;
		this.least = (int) Math.max(1, Math.min(SMALL, window / calls));
		this.window = window;
	}

	/**
	 * Counts a call in if it may run.
	 * @param unsent what waits for the peer, in bytes
	 * @param scarce whether memory is: then only the first window counts
	 * @return whether it was counted; it is counted out by {@link #answered} or
	 * {@link #dropped}
	 */
	boolean start(long unsent, boolean scarce) {
		if (fits(RUNNING.incrementAndGet(this), unsent, scarce)) {
			return true;
		}
		RUNNING.decrementAndGet(this);
		return false;
	}

	/**
	 * Whether the calls that are counted in may all run.
	 * @param unsent what waits for the peer, in bytes
	 * @param scarce whether memory is
	 * @return whether their replies fit, or there is but one
	 */
	boolean isWithin(long unsent, boolean scarce) {
		return fits(this.running, unsent, scarce);
	}

	/**
	 * Counts a call in without asking.
	 */
	void admit() {
		RUNNING.incrementAndGet(this);
	}

	/**
	 * How many more calls may run now.
	 * @param unsent what waits for the peer, in bytes
	 * @param scarce whether memory is
	 * @return the number of calls
	 */
	int room(long unsent, boolean scarce) {
		long left = (scarce ? this.initialWindow : this.window) - unsent;
		int runs = this.running;
		return (int) Math.max((runs == 0) ? 1 : 0, left / this.expected - runs);
	}

	private boolean fits(int runs, long unsent, boolean scarce) {
		return runs <= 1 || unsent + (long) runs * this.expected <= (scarce ? this.initialWindow : this.window);
	}

	/**
	 * A running call was answered.
	 * @param bytes the size of its reply
	 */
	void answered(int bytes) {
		int before = this.expected;
		int now = Math.max(this.least, this.informed ? Math.max(bytes, before - before / DECAY) : bytes);
		if (now != before) {
			this.expected = now;
		}
		if (!this.informed) {
			this.informed = true;
		}
		if (this.limiting) {
			this.heard = true;
			this.replied.add(bytes);
		}
		RUNNING.decrementAndGet(this);
	}

	/**
	 * A running call will not be answered, or was so before its end.
	 */
	void dropped() {
		RUNNING.decrementAndGet(this);
	}

	/**
	 * Tells whether calls wait for this.
	 * @param limiting whether they do
	 */
	void limiting(boolean limiting) {
		if (this.limiting != limiting) {
			this.limiting = limiting;
			this.replied.reset();
		}
	}

	/**
	 * The peer has read all there was while calls waited. By one thread.
	 */
	void allRead() {
		if (this.replied.sum() >= this.window && this.window < LARGEST_WINDOW * this.initialWindow) {
			this.window *= 2;
			this.replied.reset();
		}
	}

	/**
	 * Some time has passed while calls waited. If none was answered meanwhile, what runs
	 * takes its time, and its replies are unlike the last ones for all that is known: so
	 * that a large reply does not make slow calls wait for each other. By one thread.
	 */
	void ease() {
		if (!this.heard) {
			this.expected = Math.max(this.least, this.expected / 2);
		}
		this.heard = false;
	}

	int expected() {
		return this.expected;
	}

	int running() {
		return this.running;
	}

}
