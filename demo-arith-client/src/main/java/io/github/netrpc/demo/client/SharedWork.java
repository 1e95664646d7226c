package io.github.netrpc.demo.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.demo.client.Arith.Args;

/**
 * Many calls, each of which goes to one node: to the less loaded of two, so that a slow
 * one gets few.
 */
@Component
@Order(2)
class SharedWork implements Scene {

	private static final int CALLS = 600;

	private static final Duration SLOW = Duration.ofMillis(20);

	private final ArithClient arith;

	private final RpcChannelRegistry channels;

	private final Optional<EmbeddedNodes> embedded;

	SharedWork(ArithClient arith, RpcChannelRegistry channels, Optional<EmbeddedNodes> embedded) {
		this.arith = arith;
		this.channels = channels;
		this.embedded = embedded;
	}

	@Override
	public void play() throws InterruptedException {
		System.out.printf("%n%d calls by %d threads", CALLS, Callers.THREADS);
		sumOfSquares();
		if (this.embedded.isPresent()) {
			EmbeddedNode slow = this.embedded.get().last();
			System.out.printf("%d calls, while %s takes %d ms for each", CALLS, slow.address(), SLOW.toMillis());
			slow.arith().takes(SLOW);
			sumOfSquares();
			slow.arith().takes(Duration.ZERO);
		}
	}

	private void sumOfSquares() throws InterruptedException {
		NodeTable table = NodeTable.startingNow(this.channels.channel("arith"));
		AtomicLong sum = new AtomicLong();
		Callers.Failed failed = Callers.make(CALLS, (n) -> sum.addAndGet(this.arith.multiply(new Args(n, n)).c()));
		System.out.printf(": the squares of 1 to %d add up to %d, %s%n", CALLS, sum.get(), failed);
		table.print();
	}

}
