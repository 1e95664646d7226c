package io.github.netrpc.actuate;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.netrpc.client.ConnectionSnapshot;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;

/**
 * A channel, as the endpoint shows it.
 *
 * @param name the name of the channel
 * @param target where its nodes are, as configured
 * @param codec the format that it speaks
 * @param inFlight how many calls have begun and not ended
 * @param nodes its nodes, in the order of the target
 * @since 0.1.0
 */
public record ChannelDescriptor(String name, String target, String codec, int inFlight,
		List<NodeDescriptor> nodes) implements OperationResponseBody {

	static ChannelDescriptor of(RpcChannel channel) {
		return new ChannelDescriptor(channel.name(), channel.target(), channel.codec(), channel.inFlight(),
				channel.nodes().stream().map(NodeDescriptor::of).toList());
	}

	/**
	 * A node.
	 *
	 * @param address its address, as configured
	 * @param state the state of its connections
	 * @param since when it came into that state
	 * @param inFlight calls that were sent and have not ended
	 * @param waiting calls that wait for a connection, or for room on one
	 * @param calls calls that were given to a connection
	 * @param failures calls that ended without an answer of the node
	 * @param lastFailure why the last connection or attempt failed, null if none has
	 * @param connections its connections
	 * @param missedPings pings that were not answered in time
	 * @param deadConnections connections given up because the node was silent
	 */
	public record NodeDescriptor(String address, NodeState state, Instant since, int inFlight, int waiting, long calls,
			long failures, @Nullable String lastFailure, List<ConnectionSnapshot> connections, long missedPings,
			long deadConnections) {

		static NodeDescriptor of(NodeSnapshot node) {
			return new NodeDescriptor(node.address(), node.state(), node.since(), node.inFlight(), node.waiting(),
					node.calls(), node.failures(), node.lastFailure(), node.connections(), node.missedPings(),
					node.deadConnections());
		}

	}

}
