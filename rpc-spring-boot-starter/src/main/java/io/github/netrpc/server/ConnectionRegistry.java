package io.github.netrpc.server;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The connections of a server: those that are open, and those that are closed but have
 * calls running. Bounds their number. Thread-safe.
 */
final class ConnectionRegistry {

	private final int bound;

	private final CloseCounts closes = new CloseCounts();

	private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();

	private final Set<ServerConnection> closedWithCalls = ConcurrentHashMap.newKeySet();

	// Those that never said anything, or not who calls where that has to be known; the
	// oldest first. Guarded by this.
	private final Set<ServerConnection> silent = new LinkedHashSet<>();

	private final CompletableFuture<@Nullable Void> emptied = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> disconnected = new CompletableFuture<>();

	private volatile boolean closing;

	// Guarded by this.
	private boolean ended;

	ConnectionRegistry(int bound) {
		this.bound = bound;
	}

	/**
	 * Adds a connection. At the bound the oldest one that never said anything, or not who
	 * calls where that has to be known, has to go: that is what an attacker has many of.
	 * @param connection the new connection
	 * @return the connection to close: null, the oldest silent one, or the new one if all
	 * others have spoken or the server has ended; the new one is then not added. One that
	 * comes while the server drains was on its way, and is told like the others.
	 */
	synchronized @Nullable ServerConnection add(ServerConnection connection) {
		if (this.ended) {
			return connection;
		}
		ServerConnection victim = null;
		if (this.open.size() >= this.bound) {
			Iterator<ServerConnection> oldest = this.silent.iterator();
			if (!oldest.hasNext()) {
				return connection;
			}
			victim = oldest.next();
			oldest.remove();
			this.open.remove(victim);
		}
		this.open.add(connection);
		this.silent.add(connection);
		return victim;
	}

	/**
	 * Why {@link #add} has told a connection to go.
	 * @param newest whether that was the new one
	 * @return for the log
	 */
	synchronized String describeSurplus(boolean newest) {
		if (this.ended) {
			return "the server is closing";
		}
		return this.bound + " connections are open (limit: rpc.server.max-connections = " + this.bound + "), "
				+ (newest ? "and all of them have said something"
						: "and this is the oldest that never said anything, or not who calls");
	}

	/**
	 * Which reason that is.
	 * @param newest whether the new one has to go
	 */
	synchronized CloseReason surplusReason(boolean newest) {
		if (this.ended) {
			return CloseReason.SHUTDOWN;
		}
		return newest ? CloseReason.TOO_MANY_CONNECTIONS : CloseReason.SILENT;
	}

	/**
	 * Counts what the server has closed.
	 */
	CloseCounts closes() {
		return this.closes;
	}

	/**
	 * The connection has said something, and who calls where that has to be known.
	 * @param connection the connection
	 */
	synchronized void spoke(ServerConnection connection) {
		this.silent.remove(connection);
	}

	/**
	 * The connection is closed. It is counted until its calls have ended, too.
	 * @param connection the connection
	 */
	void closed(ServerConnection connection) {
		this.closedWithCalls.add(connection);
		synchronized (this) {
			this.silent.remove(connection);
			this.open.remove(connection);
		}
		callEnded(connection);
		completeIfEmpty();
	}

	/**
	 * A call of a closed connection has ended.
	 * @param connection the connection
	 */
	void callEnded(ServerConnection connection) {
		if (connection.callsInFlight() == 0 && this.closedWithCalls.remove(connection)) {
			completeIfEmpty();
		}
	}

	/**
	 * Lets all connections end, also those that are still accepted.
	 * @return completes when the last connection is closed and its last call has ended
	 */
	CompletableFuture<@Nullable Void> drain() {
		this.closing = true;
		this.open.forEach(ServerConnection::drain);
		completeIfEmpty();
		return this.emptied;
	}

	/**
	 * Answers all calls under way with an error, and closes all connections.
	 * @return completes when the last connection is closed; handlers may still run
	 */
	CompletableFuture<@Nullable Void> cut() {
		admitNoMore();
		this.open.forEach(ServerConnection::cut);
		completeIfEmpty();
		return this.disconnected;
	}

	/**
	 * Admits no more connections and closes all at once.
	 */
	void closeAll() {
		admitNoMore();
		this.open.forEach((connection) -> connection.connection().close());
	}

	/**
	 * Whether connections are to end.
	 * @return whether the server is closing
	 */
	boolean isClosing() {
		return this.closing;
	}

	private synchronized void admitNoMore() {
		this.closing = true;
		this.ended = true;
	}

	List<ServerConnection> open() {
		return new ArrayList<>(this.open);
	}

	int count() {
		return this.open.size();
	}

	long callsInFlight() {
		long calls = 0;
		for (ServerConnection connection : this.open) {
			calls += connection.callsInFlight();
		}
		for (ServerConnection connection : this.closedWithCalls) {
			calls += connection.callsInFlight();
		}
		return calls;
	}

	/**
	 * Shows the calls that have not ended, those of closed connections too.
	 * @param action takes each call
	 */
	void forEachCall(Consumer<? super ServerCall> action) {
		this.open.forEach((connection) -> connection.forEachCall(action));
		this.closedWithCalls.forEach((connection) -> connection.forEachCall(action));
	}

	private void completeIfEmpty() {
		if (this.closing && this.open.isEmpty()) {
			this.disconnected.complete(null);
			if (this.closedWithCalls.isEmpty()) {
				this.emptied.complete(null);
			}
		}
	}

}
