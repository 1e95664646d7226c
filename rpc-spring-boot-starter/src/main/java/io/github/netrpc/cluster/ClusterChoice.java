package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;

/**
 * What the caller of an operation has chosen.
 *
 * @param options the options of each call
 * @param tags what the nodes must have
 * @param node the only node, by id, address or host; null for all
 * @param timeoutNanos how long the operation takes
 * @param executor runs the lambdas, null for the default
 * @param serving the call that the operation serves, or null
 */
record ClusterChoice(RpcOptions options, Set<String> tags, @Nullable String node, long timeoutNanos,
		@Nullable Executor executor, @Nullable RpcContext serving) {

	/** How many nodes or tags a message lists. */
	private static final int MOST_SHOWN = 20;

	/**
	 * A choice for an operation that begins now. It takes no longer than the call that
	 * the current thread serves.
	 */
	static ClusterChoice of(RpcOptions options, Set<String> tags, @Nullable String node, long timeoutNanos,
			@Nullable Executor executor) {
		RpcContext serving = RpcContext.current();
		Duration left = (serving != null) ? serving.timeLeft() : null;
		long bounded = (left != null) ? Math.min(timeoutNanos, Math.max(1, MethodSettings.nanos(left))) : timeoutNanos;
		return new ClusterChoice(options, tags, node, bounded, executor, serving);
	}

	/**
	 * Why the operation would be in vain.
	 */
	@Nullable RpcException vain(ClusterGoal goal) {
		if (this.serving == null) {
			return null;
		}
		Duration left = this.serving.timeLeft();
		if (left != null && (left.isZero() || left.isNegative())) {
			return new RpcCallException(RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN,
					goal.name() + ": no time is left of the call of " + this.serving.serviceMethod() + " that needs it",
					null);
		}
		return this.serving.cancelled() ? new RpcCallException(RpcCode.CANCELLED, Known.NOT_RUN,
				goal.name() + ": the call of " + this.serving.serviceMethod() + " that needs it was cancelled", null)
				: null;
	}

	/**
	 * The nodes that take part.
	 * @throws RpcException if there are none, or not enough
	 */
	List<ClusterNode> choose(ClusterGoal goal, ClusterContext<?> context) {
		List<ClusterNode> listed = context.nodes().listed();
		if (listed.isEmpty()) {
			throw notRun(RpcCode.UNAVAILABLE, goal, context.nodes().missing());
		}
		List<ClusterNode> chosen = listed.stream().filter((node) -> node.tags().containsAll(this.tags)).toList();
		if (chosen.isEmpty()) {
			throw notRun(RpcCode.UNAVAILABLE, goal,
					"no node of " + context.source() + " has " + tagged(this.tags)
							+ ((listed.size() == 1) ? "; there is " : "; there are ") + nodes(listed.size()) + " with "
							+ tagged(tagsOf(listed)));
		}
		if (this.node != null) {
			return List.of(find(this.node, chosen, goal, context));
		}
		if (goal.operation() == ClusterRecorder.Operation.QUORUM && goal.enough() > chosen.size()) {
			boolean one = chosen.size() == 1;
			String some = this.tags.isEmpty() ? one ? " is listed" : " are listed"
					: (one ? " has " : " have ") + tagged(this.tags);
			throw notRun(RpcCode.FAILED_PRECONDITION, goal, nodes(chosen.size()) + " of " + context.source() + some
					+ " (expected: " + goal.enough() + " or more)");
		}
		return chosen;
	}

	private static ClusterNode find(String name, List<ClusterNode> nodes, ClusterGoal goal, ClusterContext<?> context) {
		for (ClusterNode node : nodes) {
			if (node.id().equals(name)) {
				return node;
			}
		}
		List<ClusterNode> found = nodes.stream().filter((node) -> node.address().equals(name)).toList();
		if (found.isEmpty()) {
			found = nodes.stream()
				.filter((node) -> node.address().startsWith(name) && node.address().lastIndexOf(':') == name.length())
				.toList();
		}
		if (found.size() == 1) {
			return found.get(0);
		}
		// On a list that changes, a node that is not there may have been, or be again.
		throw notRun(context.nodes().isFixed() ? RpcCode.INVALID_ARGUMENT : RpcCode.UNAVAILABLE, goal,
				(found.isEmpty() ? "no node of " + context.source() + " is \"" + name + "\""
						: found.size() + " nodes of " + context.source() + " are at \"" + name + "\"")
						+ " (expected: one of " + nodes.stream().limit(MOST_SHOWN).map(ClusterNode::id).toList()
						+ ((nodes.size() > MOST_SHOWN) ? " and " + (nodes.size() - MOST_SHOWN) + " more" : "") + ")");
	}

	private static String nodes(int count) {
		return (count == 1) ? "1 node" : count + " nodes";
	}

	private static Set<String> tagsOf(List<ClusterNode> nodes) {
		Set<String> tags = new TreeSet<>();
		nodes.forEach((node) -> tags.addAll(node.tags()));
		return tags;
	}

	private static String tagged(Set<String> tags) {
		return tags.isEmpty() ? "no tags" : "the tags " + new TreeSet<>(tags).stream().limit(MOST_SHOWN).toList()
				+ ((tags.size() > MOST_SHOWN) ? " and " + (tags.size() - MOST_SHOWN) + " more" : "");
	}

	private static RpcException notRun(RpcCode code, ClusterGoal goal, String message) {
		return new RpcCallException(code, Known.NOT_RUN, goal.name() + ": " + message, null);
	}

}
