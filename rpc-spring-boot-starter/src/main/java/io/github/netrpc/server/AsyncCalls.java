package io.github.netrpc.server;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls of a server whose handlers have returned before their results are there. They
 * keep no thread, so that the bound of handlers does not bound them. Thread-safe.
 */
final class AsyncCalls {

	static final int DEFAULT_MAX = 10_000;

	private final int max;

	private final AtomicInteger count = new AtomicInteger();

	AsyncCalls(int max) {
		this.max = max;
	}

	/**
	 * Whether no more may begin. Calls that have begun may turn out to be asynchronous
	 * all the same, so there may be more by as many as there are handlers.
	 * @return whether there are as many as may be
	 */
	boolean isFull() {
		return this.count.get() >= this.max;
	}

	void begun() {
		this.count.incrementAndGet();
	}

	void ended() {
		this.count.decrementAndGet();
	}

	int max() {
		return this.max;
	}

	int count() {
		return this.count.get();
	}

}
