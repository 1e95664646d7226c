package io.github.netrpc.benchmarks.reliability;

import java.util.concurrent.atomic.AtomicInteger;

import io.github.netrpc.client.CircuitState;
import io.github.netrpc.cluster.RpcChannel;

/**
 * Looks all the time at how many nodes of a channel are ejected. Thread-safe.
 */
final class CircuitWatch implements AutoCloseable {

	private static final long PAUSE_MILLIS = 5;

	private final RpcChannel channel;

	private final Thread thread = new Thread(this::run, "circuit watch");

	private final AtomicInteger mostEjected = new AtomicInteger();

	private final AtomicInteger looks = new AtomicInteger();

	private CircuitWatch(RpcChannel channel) {
		this.channel = channel;
		this.thread.setDaemon(true);
	}

	static CircuitWatch start(RpcChannel channel) {
		CircuitWatch watch = new CircuitWatch(channel);
		watch.thread.start();
		return watch;
	}

	private void run() {
		try {
			while (true) {
				int ejected = (int) this.channel.nodes()
					.stream()
					.filter((node) -> node.circuit() != CircuitState.CLOSED)
					.count();
				this.mostEjected.accumulateAndGet(ejected, Math::max);
				this.looks.incrementAndGet();
				Thread.sleep(PAUSE_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	int mostEjected() {
		return this.mostEjected.get();
	}

	int looks() {
		return this.looks.get();
	}

	@Override
	public void close() {
		this.thread.interrupt();
	}

}
