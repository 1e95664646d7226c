package io.github.netrpc.transport.netty;

import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.Future;

/**
 * The only place of this package where a thread waits: binding, releasing a port and
 * ending the threads are promised to be done when the call returns. The waiting thread is
 * the caller's; Netty refuses to wait on an I/O thread for itself.
 */
final class CallerWait {

	private CallerWait() {
	}

	static void until(Future<?> done) {
		done.awaitUninterruptibly();
	}

	static void until(Future<?> done, long seconds) {
		done.awaitUninterruptibly(seconds, TimeUnit.SECONDS);
	}

}
