package io.github.netrpc.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a change of a node leaves to be done when the node's lock is free again, since it
 * calls others who may call back: collected under the lock, done by
 * {@link NodeClient#change} in the order of the fields. Used by one thread.
 */
final class NodeChange {

	/**
	 * What closes connections, now or when their calls have ended, or asks after them.
	 */
	private final List<Runnable> closings = new ArrayList<>(2);

	private List<ClientCall<?>> calls = List.of();

	private @Nullable CallFailure reason;

	/** Connections to open. */
	private final List<NodeConnection> opened = new ArrayList<>(2);

	/**
	 * Closes a connection with its calls.
	 */
	void close(NodeConnection connection, String because) {
		this.closings.add(() -> connection.close(because, null));
	}

	/**
	 * Closes a connection when its calls have ended.
	 */
	void closeWhenDone(NodeConnection connection) {
		this.closings.add(connection::closeWhenDone);
	}

	/**
	 * Asks the node for a sign of life on a connection, which ends it if the node knows
	 * nothing of it any more, or does not answer in time.
	 */
	void probe(NodeConnection connection) {
		this.closings.add(connection::probe);
	}

	/**
	 * Ends calls that waited.
	 */
	void reject(List<ClientCall<?>> calls, CallFailure reason) {
		this.closings.add(() -> calls.forEach((call) -> call.reject(reason)));
	}

	/**
	 * Gives calls that waited to whoever may know another node for them.
	 */
	void giveBack(List<ClientCall<?>> calls, CallFailure reason) {
		this.calls = calls;
		this.reason = reason;
	}

	/**
	 * Opens a connection.
	 */
	void open(NodeConnection connection) {
		this.opened.add(connection);
	}

	void closeConnections() {
		this.closings.forEach(Runnable::run);
	}

	List<NodeConnection> opened() {
		return this.opened;
	}

	List<ClientCall<?>> calls() {
		return this.calls;
	}

	/**
	 * Why {@link #calls} are given back; null if there are none.
	 */
	@Nullable CallFailure reason() {
		return this.reason;
	}

}
