package io.github.netrpc.demo.client;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;

/**
 * Eight threads that make calls, each one after the other.
 */
final class Callers {

	static final int THREADS = 8;

	private Callers() {
	}

	/**
	 * Makes calls, and waits for all of them.
	 * @param calls how many
	 * @param call makes the call of a number, which begins at 1
	 * @return those that failed
	 */
	static Failed make(int calls, LongConsumer call) throws InterruptedException {
		AtomicInteger next = new AtomicInteger();
		Queue<RpcException> failures = new ConcurrentLinkedQueue<>();
		List<Thread> threads = Stream.generate(() -> new Thread(() -> {
			for (int number = next.incrementAndGet(); number <= calls; number = next.incrementAndGet()) {
				try {
					call.accept(number);
				}
				catch (RpcException ex) {
					failures.add(ex);
				}
			}
		})).limit(THREADS).toList();
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		return new Failed(failures.size(), failures.peek());
	}

	/**
	 * Calls that failed.
	 *
	 * @param count how many
	 * @param first why the first of them did, null if none did
	 */
	record Failed(int count, @Nullable RpcException first) {

		@Override
		public String toString() {
			return this.count + " failed"
					+ ((this.first != null) ? " (the first: " + this.first.getMessage() + ")" : "");
		}

	}

}
