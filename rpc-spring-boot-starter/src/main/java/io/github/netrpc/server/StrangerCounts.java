package io.github.netrpc.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;

/**
 * Counts the connections from each address of which it is not known who calls.
 * Thread-safe.
 */
final class StrangerCounts {

	private final int most;

	private final ConcurrentMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

	StrangerCounts(int most) {
		this.most = most;
	}

	/**
	 * Counts a connection.
	 * @param peer where it comes from
	 * @return false if there are as many as may be, and it was not counted
	 */
	boolean add(SocketAddress peer) {
		if (!(peer instanceof InetSocketAddress remote) || remote.getAddress() == null) {
			return true;
		}
		boolean[] added = new boolean[1];
		this.counts.compute(remote.getAddress(), (address, before) -> {
			int count = (before != null) ? before : 0;
			added[0] = count < this.most;
			return (count < this.most) ? Integer.valueOf(count + 1) : before;
		});
		return added[0];
	}

	private static @Nullable Integer oneLess(InetAddress address, Integer before) {
		return (before > 1) ? Integer.valueOf(before - 1) : null;
	}

	/**
	 * A connection that was counted has ended, or it is known now who calls.
	 * @param peer where it comes from
	 */
	void remove(SocketAddress peer) {
		if (peer instanceof InetSocketAddress remote && remote.getAddress() != null) {
			this.counts.computeIfPresent(remote.getAddress(), StrangerCounts::oneLess);
		}
	}

}
