package io.github.netrpc.server;

import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The place of a connection among those from its address of which it is not known who
 * calls. The connection keeps it, and so does each question about its caller: who leaves
 * while that is looked into has not made room. Taken and left by the connection's I/O
 * thread, kept and let go by any.
 */
final class StrangerPlace {

	private final StrangerCounts strangers;

	private final AtomicInteger keepers = new AtomicInteger();

	private volatile @Nullable SocketAddress peer;

	private boolean taken;

	StrangerPlace(StrangerCounts strangers) {
		this.strangers = strangers;
	}

	/**
	 * Takes the place, once.
	 * @param peer where the connection comes from
	 * @return false if there is none
	 */
	boolean take(SocketAddress peer) {
		this.peer = peer;
		this.taken = this.strangers.add(peer);
		if (this.taken) {
			keep();
		}
		return this.taken;
	}

	/**
	 * Whether it was taken and was not left.
	 */
	boolean isTaken() {
		return this.taken;
	}

	/**
	 * The connection is closed, or it is known who calls.
	 */
	void leave() {
		if (this.taken) {
			this.taken = false;
			letGo();
		}
	}

	/**
	 * Keeps it, also when the connection has left it. It has to be taken.
	 */
	void keep() {
		this.keepers.incrementAndGet();
	}

	/**
	 * Ends a {@link #keep}.
	 */
	void letGo() {
		if (this.keepers.decrementAndGet() == 0) {
			this.strangers.remove(Objects.requireNonNull(this.peer));
		}
	}

}
