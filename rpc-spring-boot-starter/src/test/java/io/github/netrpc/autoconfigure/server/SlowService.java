package io.github.netrpc.autoconfigure.server;

import java.util.concurrent.CountDownLatch;

import io.github.netrpc.annotation.RpcService;

/**
 * A service whose only method waits until it is let go.
 */
@RpcService("Slow")
public class SlowService {

	final CountDownLatch entered = new CountDownLatch(1);

	final CountDownLatch released = new CountDownLatch(1);

	public String answer() throws InterruptedException {
		this.entered.countDown();
		this.released.await();
		return "late";
	}

}
