package io.github.netrpc.benchmarks.reliability.node;

import java.io.IOException;
import java.lang.Thread.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;

/**
 * Watches I/O threads: each gets a small task every 10 ms, and one that does not run it
 * was blocked, if it has used the processor meanwhile, or waited for something, for more
 * than 50 ms. One that was late for want of a processor was starved, which is the
 * machine's doing and counted apart. A pause in which this watch stood still too (of the
 * process, of the machine) counts for nobody. Thread-safe.
 */
public final class LoopWatch {

	static final long BLOCKED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final int STACK_DEPTH = 30;

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final Map<Thread, Probe> probes = new ConcurrentHashMap<>();

	private long blocked;

	private long starved;

	private long worstNanos;

	/**
	 * A transport whose threads are watched from now on.
	 * @param threadNamePrefix begins the names of its threads
	 * @param daemon whether they let the JVM end
	 * @return a new transport
	 */
	public Transport watch(String threadNamePrefix, boolean daemon) {
		Transport.Provider provider = ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow();
		Thread thread = new Thread(this::run, "loop watch");
		thread.setDaemon(true);
		thread.start();
		return new WatchedTransport(provider.create(threadNamePrefix, 0, daemon));
	}

	private void run() {
		long before = System.nanoTime();
		while (true) {
			LockSupport.parkNanos(LOOK_NANOS);
			long now = System.nanoTime();
			long paused = Math.max(0, now - before - LOOK_NANOS);
			this.probes.forEach((thread, probe) -> look(probe, now, paused));
			before = System.nanoTime();
		}
	}

	/**
	 * Looks at a thread once.
	 * @param probe what it was given
	 * @param now the time
	 * @param pausedNanos how much later than meant this look comes
	 */
	synchronized void look(Probe probe, long now, long pausedNanos) {
		if (probe.hasRun()) {
			this.starved += probe.isLate() ? 1 : 0;
			probe.submit(now, cpuNanos(probe));
			return;
		}
		ThreadInfo info = this.threads.getThreadInfo(probe.threadId(), STACK_DEPTH);
		probe.lookedAt(now, pausedNanos, info != null && info.getThreadState() != State.RUNNABLE);
		long late = now - probe.submittedNanos();
		this.worstNanos = Math.max(this.worstNanos, late);
		if (late > BLOCKED_NANOS && !probe.isReported()) {
			long busy = cpuNanos(probe) - probe.cpuNanos() + probe.waitedNanos();
			if (busy > BLOCKED_NANOS) {
				this.blocked++;
				probe.reported();
				report(info, late);
			}
			else {
				probe.late();
			}
		}
	}

	private long cpuNanos(Probe probe) {
		return this.threads.getThreadCpuTime(probe.threadId());
	}

	private static void report(@Nullable ThreadInfo info, long late) {
		String stack = (info != null) ? Arrays.toString(info.getStackTrace()) : "has ended";
		System.err.println("I/O thread blocked for " + TimeUnit.NANOSECONDS.toMillis(late) + " ms: " + stack);
	}

	/**
	 * What was seen so far.
	 * @return for {@link Seen#parse}
	 */
	public synchronized String text() {
		return this.blocked + " " + this.starved + " " + TimeUnit.NANOSECONDS.toMillis(this.worstNanos);
	}

	/**
	 * What a watch has seen.
	 *
	 * @param blocked how often a thread was blocked
	 * @param starved how often a thread got no processor
	 * @param worstMillis the longest time that a task waited
	 */
	public record Seen(long blocked, long starved, long worstMillis) {

		/**
		 * Reads what a watch says.
		 * @param text what it says
		 * @return the same
		 */
		public static Seen parse(String text) {
			String[] words = text.split(" ");
			return new Seen(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
		}

		/**
		 * What two watches have seen.
		 * @param other the other one
		 * @return both
		 */
		public Seen and(Seen other) {
			return new Seen(this.blocked + other.blocked, this.starved + other.starved,
					Math.max(this.worstMillis, other.worstMillis));
		}

	}

	/**
	 * The task that a thread is given again and again.
	 */
	static final class Probe {

		private final Executor thread;

		private final long threadId;

		private volatile boolean run = true;

		private long submittedNanos;

		private long lookedNanos;

		private long waitedNanos;

		private long cpuNanos;

		private boolean late;

		private boolean reported;

		Probe(Executor thread, long threadId) {
			this.thread = thread;
			this.threadId = threadId;
		}

		void submit(long now, long cpuNanos) {
			this.submittedNanos = now;
			this.lookedNanos = now;
			this.waitedNanos = 0;
			this.cpuNanos = cpuNanos;
			this.late = false;
			this.reported = false;
			this.run = false;
			try {
				this.thread.execute(() -> this.run = true);
			}
			catch (RuntimeException ex) {
				// The transport was closed
				this.run = true;
			}
		}

		/**
		 * The task has not run.
		 * @param now the time
		 * @param pausedNanos for how long nobody could run
		 * @param waiting whether the thread waits for something
		 */
		void lookedAt(long now, long pausedNanos, boolean waiting) {
			this.submittedNanos += pausedNanos;
			if (waiting) {
				this.waitedNanos += Math.max(0, now - this.lookedNanos - pausedNanos);
			}
			this.lookedNanos = now;
		}

		boolean hasRun() {
			return this.run;
		}

		long submittedNanos() {
			return this.submittedNanos;
		}

		long cpuNanos() {
			return this.cpuNanos;
		}

		long threadId() {
			return this.threadId;
		}

		long waitedNanos() {
			return this.waitedNanos;
		}

		void late() {
			this.late = true;
		}

		boolean isLate() {
			return this.late && !this.reported;
		}

		boolean isReported() {
			return this.reported;
		}

		void reported() {
			this.reported = true;
		}

	}

	private final class WatchedTransport implements Transport {

		private final Transport transport;

		WatchedTransport(Transport transport) {
			this.transport = transport;
		}

		@Override
		public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) throws IOException {
			return this.transport.listen(address, () -> new WatchedHandler(handlers.get()));
		}

		@Override
		public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
			return this.transport.connect(address, timeout, new WatchedHandler(handler));
		}

		@Override
		public boolean inIoThread() {
			return this.transport.inIoThread();
		}

		@Override
		public void close() {
			this.transport.close();
		}

	}

	/** Finds out by which thread a connection is served. */
	private final class WatchedHandler implements ConnectionHandler {

		private final ConnectionHandler handler;

		WatchedHandler(ConnectionHandler handler) {
			this.handler = handler;
		}

		@Override
		public void resolved() {
			this.handler.resolved();
		}

		@Override
		public void opened(Connection connection) {
			LoopWatch.this.probes.computeIfAbsent(Thread.currentThread(),
					(thread) -> new Probe(connection::execute, thread.getId()));
			this.handler.opened(connection);
		}

		@Override
		public int received(byte[] buffer, int from, int to) {
			return this.handler.received(buffer, from, to);
		}

		@Override
		public void inputEnded() {
			this.handler.inputEnded();
		}

		@Override
		public void drained() {
			this.handler.drained();
		}

		@Override
		public void closed(@Nullable Throwable cause) {
			this.handler.closed(cause);
		}

	}

}
