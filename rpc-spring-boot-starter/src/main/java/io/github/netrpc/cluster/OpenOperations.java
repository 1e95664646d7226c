package io.github.netrpc.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The operations of a channel that have not ended. Thread-safe.
 */
final class OpenOperations implements AutoCloseable {

	// Guarded by this.
	private final Set<ClusterOperation<?, ?>> open = new HashSet<>();

	// Guarded by this.
	private boolean closed;

	/**
	 * Adds an operation that begins.
	 * @return false if none may begin any more
	 */
	synchronized boolean add(ClusterOperation<?, ?> operation) {
		return !this.closed && this.open.add(operation);
	}

	synchronized void remove(ClusterOperation<?, ?> operation) {
		this.open.remove(operation);
	}

	synchronized int count() {
		return this.open.size();
	}

	/**
	 * Ends the operations, and takes no others.
	 */
	@Override
	public void close() {
		List<ClusterOperation<?, ?>> operations;
		synchronized (this) {
			this.closed = true;
			operations = List.copyOf(this.open);
		}
		operations.forEach(ClusterOperation::close);
	}

}
