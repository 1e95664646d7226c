package io.github.netrpc.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;

/**
 * Counts the connections from each address of which it is not known who calls. Of IPv6
 * the network counts, since everybody has all addresses of one: 2^64 of them.
 * Thread-safe.
 */
final class StrangerCounts {

	private final int most;

	/** By IPv4 address, or the first half of an IPv6 address. */
	private final ConcurrentMap<Object, Integer> counts = new ConcurrentHashMap<>();

	StrangerCounts(int most) {
		this.most = most;
	}

	/**
	 * Counts a connection.
	 * @param peer where it comes from
	 * @return false if there are as many as may be, and it was not counted
	 */
	boolean add(SocketAddress peer) {
		Object origin = origin(peer);
		if (origin == null) {
			return true;
		}
		boolean[] added = new boolean[1];
		this.counts.compute(origin, (same, before) -> {
			int count = (before != null) ? before : 0;
			added[0] = count < this.most;
			return (count < this.most) ? Integer.valueOf(count + 1) : before;
		});
		return added[0];
	}

	private static @Nullable Object origin(SocketAddress peer) {
		InetAddress address = (peer instanceof InetSocketAddress remote) ? remote.getAddress() : null;
		return (address instanceof Inet6Address) ? ByteBuffer.wrap(address.getAddress()).getLong() : address;
	}

	private static @Nullable Integer oneLess(Object origin, Integer before) {
		return (before > 1) ? Integer.valueOf(before - 1) : null;
	}

	/**
	 * A connection that was counted has ended, or it is known now who calls.
	 * @param peer where it comes from
	 */
	void remove(SocketAddress peer) {
		Object origin = origin(peer);
		if (origin != null) {
			this.counts.computeIfPresent(origin, StrangerCounts::oneLess);
		}
	}

}
