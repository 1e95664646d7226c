package io.github.netrpc.cluster;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Nodes that are listed in the target and never change:
 * {@code static://node1:1234,[::1]:1235}, or the same without the scheme. Names are
 * resolved anew for each connection.
 */
final class StaticDirectory implements NodeDirectory {

	private final List<NodeEndpoint> nodes;

	StaticDirectory(List<NodeEndpoint> nodes) {
		this.nodes = List.copyOf(nodes);
	}

	static StaticDirectory of(String target) {
		return of(TargetUri.parse(target));
	}

	static StaticDirectory of(TargetUri target) {
		if (!target.parameters().isEmpty()) {
			throw new IllegalArgumentException("target \"" + target + "\": the parameters "
					+ target.parameters().keySet() + " (expected: static://host:port,host:port without any)");
		}
		return new StaticDirectory(target.addresses().stream().map(StaticDirectory::endpoint).toList());
	}

	private static NodeEndpoint endpoint(InetSocketAddress address) {
		return NodeEndpoint.of(address.getHostString(), address.getPort());
	}

	@Override
	public boolean isFixed() {
		return true;
	}

	@Override
	public void watch(Listener listener) {
		listener.nodes(this.nodes);
	}

	@Override
	public void close() {
	}

	@Override
	public String toString() {
		return "static";
	}

	/**
	 * Makes them.
	 */
	public static final class Provider implements NodeDirectory.Provider {

		@Override
		public String scheme() {
			return "static";
		}

		@Override
		public NodeDirectory create(TargetUri target, DirectoryContext context) {
			return of(target);
		}

	}

}
