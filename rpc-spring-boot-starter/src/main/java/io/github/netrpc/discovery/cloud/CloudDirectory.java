package io.github.netrpc.discovery.cloud;

import java.util.function.Consumer;

import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.PolledDirectory;

/**
 * A polled directory whose provider knows it while it is open, to have it look up sooner.
 */
final class CloudDirectory implements NodeDirectory {

	private final PolledDirectory polled;

	private final Consumer<CloudDirectory> closed;

	CloudDirectory(PolledDirectory polled, Consumer<CloudDirectory> closed) {
		this.polled = polled;
		this.closed = closed;
	}

	@Override
	public void watch(Listener listener) {
		this.polled.watch(listener);
	}

	@Override
	public void refresh() {
		this.polled.refresh();
	}

	@Override
	public void close() {
		this.closed.accept(this);
		this.polled.close();
	}

	@Override
	public String toString() {
		return this.polled.toString();
	}

}
