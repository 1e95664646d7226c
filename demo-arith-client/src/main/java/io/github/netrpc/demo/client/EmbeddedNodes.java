package io.github.netrpc.demo.client;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.autoconfigure.client.RpcClientConnectionDetails;

/**
 * Three nodes in this process, on free ports, for a demo that runs alone. They tell the
 * channel where they are.
 */
class EmbeddedNodes implements RpcClientConnectionDetails, AutoCloseable {

	private static final int NODES = 3;

	private final List<EmbeddedNode> nodes = Stream.generate(EmbeddedNode::new).limit(NODES).toList();

	List<EmbeddedNode> nodes() {
		return this.nodes;
	}

	EmbeddedNode first() {
		return this.nodes.get(0);
	}

	EmbeddedNode last() {
		return this.nodes.get(NODES - 1);
	}

	/**
	 * How long each call takes from now on, at every node.
	 */
	void take(Duration pause) {
		this.nodes.forEach((node) -> node.arith().takes(pause));
	}

	@Override
	public @Nullable String getTarget(String channel) {
		return "static://" + this.nodes.stream().map(EmbeddedNode::address).collect(Collectors.joining(","));
	}

	@Override
	public void close() {
		this.nodes.forEach(EmbeddedNode::close);
	}

}
