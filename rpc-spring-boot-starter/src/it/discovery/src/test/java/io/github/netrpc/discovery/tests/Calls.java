package io.github.netrpc.discovery.tests;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.assertj.core.api.Assertions;

/**
 * Calls that go on in the background until this is closed, and who answered them.
 */
final class Calls implements AutoCloseable {

	private final AtomicLong count = new AtomicLong();

	private final Map<String, Long> last = new ConcurrentHashMap<>();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final Thread thread;

	private volatile boolean closed;

	Calls(Whoami service) {
		this.thread = new Thread(() -> run(service), "calls");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void run(Whoami service) {
		while (!this.closed) {
			try {
				this.last.put(service.name(), this.count.incrementAndGet());
			}
			catch (RuntimeException ex) {
				this.failures.add(ex);
			}
			LockSupport.parkNanos(1_000_000);
		}
	}

	long count() {
		return this.count.get();
	}

	/**
	 * The number of the last call that a node answered, 0 if it never did.
	 */
	long last(String node) {
		return this.last.getOrDefault(node, 0L);
	}

	void assertNoneFailed() {
		Assertions.assertThat(this.failures).as("failed of %s calls", this.count).isEmpty();
	}

	@Override
	public void close() throws InterruptedException {
		this.closed = true;
		this.thread.join(10_000);
	}

}
