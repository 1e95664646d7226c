package io.github.netrpc.cluster;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcContext;

/**
 * The operations of a channel that have not ended. Thread-safe.
 */
final class OpenOperations implements AutoCloseable {

	// Guarded by this.
	private final Set<ClusterOperation<?, ?>> open = new HashSet<>();

	/**
	 * Calls whose cancelling is heard of, once for however many operations. Guarded by
	 * this.
	 */
	private final Set<RpcContext> served = Collections.newSetFromMap(new WeakHashMap<>());

	// Guarded by this.
	private boolean closed;

	/**
	 * Adds an operation that begins. It ends when the call that it serves is cancelled.
	 * @param serving that call, or null
	 * @return false if none may begin any more
	 */
	boolean add(ClusterOperation<?, ?> operation, @Nullable RpcContext serving) {
		boolean unknown;
		synchronized (this) {
			if (this.closed || !this.open.add(operation)) {
				return false;
			}
			unknown = serving != null && this.served.add(serving);
		}
		if (unknown && serving != null) {
			serving.onCancelled(() -> cancelled(serving));
		}
		return true;
	}

	private void cancelled(RpcContext serving) {
		List<ClusterOperation<?, ?>> operations;
		synchronized (this) {
			operations = this.open.stream().filter((operation) -> operation.serving() == serving).toList();
		}
		operations.forEach((operation) -> operation.serveNobody(serving));
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
