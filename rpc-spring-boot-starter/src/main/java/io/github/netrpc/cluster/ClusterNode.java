package io.github.netrpc.cluster;

import java.util.Set;

import io.github.netrpc.client.NodeState;

/**
 * A node of a cluster at one moment.
 *
 * @param id what tells it from the other nodes, {@code host:port} if it has no other name
 * @param address where it is, {@code host:port}
 * @param tags words to choose it by
 * @param state the state of its connections
 * @since 0.1.0
 * @see RpcCluster#nodes
 */
public record ClusterNode(String id, String address, Set<String> tags, NodeState state) {

	public ClusterNode {
		tags = Set.copyOf(tags);
	}

	@Override
	public String toString() {
		return this.id;
	}

}
