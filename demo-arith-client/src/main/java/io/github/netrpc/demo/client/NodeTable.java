package io.github.netrpc.demo.client;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.cluster.RpcChannel;

/**
 * What the nodes of a channel did from one moment on.
 */
final class NodeTable {

	private final RpcChannel channel;

	private final Map<String, NodeSnapshot> before;

	private NodeTable(RpcChannel channel) {
		this.channel = channel;
		this.before = channel.nodes().stream().collect(Collectors.toMap(NodeSnapshot::id, Function.identity()));
	}

	static NodeTable startingNow(RpcChannel channel) {
		return new NodeTable(channel);
	}

	/**
	 * A line for each node.
	 */
	void print() {
		for (NodeSnapshot node : this.channel.nodes()) {
			NodeSnapshot earlier = this.before.get(node.id());
			long calls = node.calls() - ((earlier != null) ? earlier.calls() : 0);
			System.out.printf("  %s %-18s %4d attempts, %d lost%n", node.id(), node.state() + ":", calls, lost(node));
		}
	}

	/**
	 * How many calls nodes did not answer.
	 */
	long lost() {
		List<NodeSnapshot> nodes = this.channel.nodes();
		return nodes.stream().mapToLong(this::lost).sum();
	}

	private long lost(NodeSnapshot node) {
		NodeSnapshot earlier = this.before.get(node.id());
		return node.failures() - ((earlier != null) ? earlier.failures() : 0);
	}

}
