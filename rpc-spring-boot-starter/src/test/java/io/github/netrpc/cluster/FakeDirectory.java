package io.github.netrpc.cluster;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A list that a test changes.
 */
final class FakeDirectory implements NodeDirectory {

	private volatile @Nullable Listener listener;

	volatile int watched;

	volatile int refreshed;

	volatile int closed;

	@Override
	public void watch(Listener listener) {
		this.listener = listener;
		this.watched++;
	}

	@Override
	public void refresh() {
		this.refreshed++;
	}

	@Override
	public void close() {
		this.closed++;
	}

	/**
	 * Lists nodes by their addresses, {@code host:port} or {@code id=host:port}.
	 */
	void list(String... nodes) {
		list(Stream.of(nodes).map(FakeDirectory::endpoint).toArray(NodeEndpoint[]::new));
	}

	void list(NodeEndpoint... nodes) {
		this.listener.nodes(List.of(nodes));
	}

	void fail(String reason) {
		this.listener.failed(reason, null);
	}

	private static NodeEndpoint endpoint(String node) {
		String[] named = node.split("=");
		String[] address = named[named.length - 1].split(":");
		return new NodeEndpoint(named[0], address[0], Integer.parseInt(address[1]), Map.of());
	}

	@Override
	public String toString() {
		return "fake";
	}

}
