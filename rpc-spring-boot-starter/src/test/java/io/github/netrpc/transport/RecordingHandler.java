package io.github.netrpc.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Notes the events of one connection. Consumes all bytes unless a test overrides
 * {@link #consume}.
 */
class RecordingHandler implements ConnectionHandler {

	final BlockingQueue<String> events = new LinkedBlockingQueue<>();

	final CompletableFuture<Connection> connection = new CompletableFuture<>();

	final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();

	final AtomicInteger closedCount = new AtomicInteger();

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private final AtomicInteger inEvent = new AtomicInteger();

	private @Nullable Thread thread;

	@Override
	public void opened(Connection connection) {
		event("opened", () -> this.connection.complete(connection));
	}

	@Override
	public int received(byte[] buffer, int from, int to) {
		int[] consumed = new int[1];
		event("received", () -> {
			consumed[0] = consume(buffer, from, to);
			synchronized (this.received) {
				this.received.write(buffer, from, consumed[0]);
				this.received.notifyAll();
			}
		});
		return consumed[0];
	}

	int consume(byte[] buffer, int from, int to) {
		return to - from;
	}

	@Override
	public void inputEnded() {
		event("inputEnded", () -> {
		});
	}

	@Override
	public void drained() {
		event("drained", () -> {
		});
	}

	@Override
	public void closed(@Nullable Throwable cause) {
		event("closed", () -> {
			this.closedCount.incrementAndGet();
			this.closed.complete(cause);
		});
	}

	private void event(String name, Runnable action) {
		if (this.thread == null) {
			this.thread = Thread.currentThread();
		}
		if (this.inEvent.getAndIncrement() != 0 || this.thread != Thread.currentThread()) {
			this.events.add("overlap in " + name);
		}
		try {
			action.run();
		}
		finally {
			this.inEvent.decrementAndGet();
			this.events.add(name);
		}
	}

	Connection connection() throws Exception {
		return this.connection.get(10, TimeUnit.SECONDS);
	}

	/**
	 * Waits for an event and drops those before it.
	 */
	void await(String event) throws InterruptedException {
		String next;
		do {
			next = this.events.poll(10, TimeUnit.SECONDS);
			assertThat(next).as("waiting for %s", event).isNotNull().doesNotStartWith("overlap");
		}
		while (!event.equals(next));
	}

	@Nullable Throwable awaitClosed() throws Exception {
		return this.closed.get(10, TimeUnit.SECONDS);
	}

	byte[] awaitBytes(int count) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		synchronized (this.received) {
			while (this.received.size() < count && System.nanoTime() < end) {
				this.received.wait(100);
			}
			assertThat(this.received.size()).as("bytes received").isEqualTo(count);
			return this.received.toByteArray();
		}
	}

	String awaitText(int count) throws InterruptedException {
		return new String(awaitBytes(count), StandardCharsets.US_ASCII);
	}

}
