package io.github.netrpc.observation;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import io.github.netrpc.client.CircuitState;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;

/**
 * How the calls of each channel are spread over its nodes. <pre>
 * rpc.cluster.nodes       channel, state   nodes; ejected ones have the state ejected and no other
 * rpc.cluster.ejections   channel          times that a node was left out
 * rpc.cluster.picks       channel, node    calls that were given to a node
 * </pre> The tag {@code node} is the node's id where the target lists its nodes, and
 * {@code other} beyond a hundred. Where a directory names them it is always {@code any}:
 * new ones come for as long as the application runs. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NodeGauges {

	static final int MOST_NODES = 100;

	private static final String EJECTED = "ejected";

	private final MeterRegistry registry;

	/**
	 * Creates what registers the meters of channels.
	 * @param registry takes them
	 */
	public NodeGauges(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Registers the meters of a channel.
	 * @param channel the channel
	 */
	public void bind(RpcChannel channel) {
		for (NodeState state : NodeState.values()) {
			if (state != NodeState.SHUTDOWN) {
				String name = state.name().toLowerCase(Locale.ROOT);
				nodes(channel, name, (node) -> name.equals(stateOf(node)));
			}
		}
		nodes(channel, EJECTED, (node) -> EJECTED.equals(stateOf(node)));
		FunctionCounter.builder("rpc.cluster.ejections", channel, RpcChannel::ejections)
			.tag("channel", channel.name())
			.description("Times that a node was left out because it failed")
			.register(this.registry);
		if (channel.directory().fixed()) {
			List<String> ids = channel.nodes().stream().map(NodeSnapshot::id).toList();
			ids.stream().limit(MOST_NODES).forEach((id) -> picks(channel, id, calls((node) -> node.id().equals(id))));
			if (ids.size() > MOST_NODES) {
				List<String> named = List.copyOf(ids.subList(0, MOST_NODES));
				picks(channel, "other", calls((node) -> !named.contains(node.id())));
			}
		}
		else {
			picks(channel, "any", RpcChannel::picks);
		}
	}

	private static String stateOf(NodeSnapshot node) {
		boolean ejected = node.state() == NodeState.READY && node.circuit() != CircuitState.CLOSED;
		return ejected ? EJECTED : node.state().name().toLowerCase(Locale.ROOT);
	}

	private void nodes(RpcChannel channel, String state, Predicate<NodeSnapshot> is) {
		Gauge.builder("rpc.cluster.nodes", channel, (counted) -> counted.nodes().stream().filter(is).count())
			.tag("channel", channel.name())
			.tag("state", state)
			.description("Nodes of a channel")
			.register(this.registry);
	}

	private static ToDoubleFunction<RpcChannel> calls(Predicate<NodeSnapshot> is) {
		return (channel) -> channel.nodes().stream().filter(is).mapToLong(NodeSnapshot::calls).sum();
	}

	private void picks(RpcChannel channel, String node, ToDoubleFunction<RpcChannel> count) {
		FunctionCounter.builder("rpc.cluster.picks", channel, count)
			.tag("channel", channel.name())
			.tag("node", node)
			.description("Calls that were given to a node")
			.register(this.registry);
	}

}
