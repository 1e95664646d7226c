package io.github.netrpc.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.netrpc.client.CircuitState;
import io.github.netrpc.client.ConnectionSnapshot;
import io.github.netrpc.client.HedgingSnapshot;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.DirectorySnapshot;
import io.github.netrpc.cluster.RpcChannel;

/**
 * A channel, as the endpoint shows it.
 *
 * @param name the name of the channel
 * @param target where its nodes are, as configured
 * @param codec the format that it speaks
 * @param inFlight how many calls have begun and not ended
 * @param picks how many attempts were sent to a node that was chosen among others
 * @param retries how many times a call was tried again because it had failed
 * @param ejections how many times a node was left out because it failed
 * @param hedging what is known of second attempts beside the first, null if there are
 * none
 * @param directory what is known of the list of nodes, null if that never changes
 * @param nodes its nodes, in the order of the list, then those that drain
 * @param jobs its jobs: those that go on, then the last twenty that have ended, the
 * newest first
 * @since 0.1.0
 */
public record ChannelDescriptor(String name, String target, String codec, int inFlight, long picks, long retries,
		long ejections, @Nullable HedgingDescriptor hedging, @Nullable DirectoryDescriptor directory,
		List<NodeDescriptor> nodes, List<JobDescriptor> jobs) implements OperationResponseBody {

	static ChannelDescriptor of(RpcChannel channel) {
		DirectorySnapshot directory = channel.directory();
		return new ChannelDescriptor(channel.name(), channel.target(), channel.codec(), channel.inFlight(),
				channel.picks(), channel.retries(), channel.ejections(), HedgingDescriptor.of(channel.hedging()),
				directory.fixed() ? null : DirectoryDescriptor.of(directory),
				channel.nodes().stream().map(NodeDescriptor::of).toList(),
				channel.jobRegistry().snapshots().stream().map(JobDescriptor::of).toList());
	}

	/**
	 * What is known of second attempts.
	 *
	 * @param hedges second attempts that were made beside the first
	 * @param won those whose answer was used
	 * @param waits how long a call is waited for first, by the names of methods; without
	 * those that have no second attempts at the moment
	 */
	public record HedgingDescriptor(long hedges, long won, Map<String, Duration> waits) {

		static @Nullable HedgingDescriptor of(@Nullable HedgingSnapshot hedging) {
			return (hedging != null) ? new HedgingDescriptor(hedging.hedges(), hedging.won(), hedging.waits()) : null;
		}

	}

	/**
	 * What is known of a list of nodes.
	 *
	 * @param age the time since the last good answer, null if there was none yet
	 * @param answers good answers
	 * @param emptyAnswers answers without nodes, which were not used
	 * @param failures times that the nodes could not be found out
	 * @param lastFailure why the last answer was not good, null if none was bad
	 * @param lastFailureTime when that was
	 */
	public record DirectoryDescriptor(@Nullable Duration age, long answers, long emptyAnswers, long failures,
			@Nullable String lastFailure, @Nullable Instant lastFailureTime) {

		static DirectoryDescriptor of(DirectorySnapshot directory) {
			return new DirectoryDescriptor(directory.age(), directory.answers(), directory.emptyAnswers(),
					directory.failures(), directory.lastFailure(), directory.lastFailureTime());
		}

	}

	/**
	 * A node.
	 *
	 * @param id what tells it from the others
	 * @param address its address, as listed
	 * @param tags words to choose it by
	 * @param weight the share of calls that it gets
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
	 * @param circuit whether it gets calls, as far as the outcomes of its calls decide
	 * @param latency how long calls took lately, null if nothing is known
	 */
	public record NodeDescriptor(String id, String address, Set<String> tags, double weight, NodeState state,
			Instant since, int inFlight, int waiting, long calls, long failures, @Nullable String lastFailure,
			List<ConnectionSnapshot> connections, long missedPings, long deadConnections, CircuitState circuit,
			@Nullable Duration latency) {

		static NodeDescriptor of(NodeSnapshot node) {
			return new NodeDescriptor(node.id(), node.address(), node.tags(), node.weight(), node.state(), node.since(),
					node.inFlight(), node.waiting(), node.calls(), node.failures(), node.lastFailure(),
					node.connections(), node.missedPings(), node.deadConnections(), node.circuit(),
					node.latency().isZero() ? null : node.latency());
		}

	}

}
