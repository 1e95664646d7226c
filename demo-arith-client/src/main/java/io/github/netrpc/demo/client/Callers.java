package io.github.netrpc.demo.client;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

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
	 * @return how many failed
	 */
	static int make(int calls, LongConsumer call) throws InterruptedException {
		AtomicInteger next = new AtomicInteger();
		AtomicInteger failed = new AtomicInteger();
		List<Thread> threads = Stream.generate(() -> new Thread(() -> {
			for (int number = next.incrementAndGet(); number <= calls; number = next.incrementAndGet()) {
				try {
					call.accept(number);
				}
				catch (RpcException ex) {
					failed.incrementAndGet();
				}
			}
		})).limit(THREADS).toList();
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		return failed.get();
	}

}
