package io.github.netrpc.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.netrpc.client.NodeState;

/**
 * The members of a channel as operations on a cluster see them. Thread-safe.
 */
final class ListedNodes implements ClusterNodes {

	private static final List<NodeState> BEST_STATES = List.of(NodeState.READY, NodeState.CONNECTING, NodeState.IDLE);

	private final MemberRegistry registry;

	private final DoubleSupplier random;

	/** Tasks that wait for the first list. */
	private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

	ListedNodes(MemberRegistry registry, DoubleSupplier random) {
		this.registry = registry;
		this.random = random;
	}

	@Override
	public List<ClusterNode> listed() {
		return Stream.of(this.registry.members())
			.map((member) -> new ClusterNode(member.id(), member.endpoint().address(), member.endpoint().tags(),
					member.state()))
			.toList();
	}

	@Override
	public Runnable whenListed(Runnable task) {
		this.registry.watch();
		if (!isListed()) {
			this.waiting.add(task);
			if (!isListed()) {
				return () -> this.waiting.remove(task);
			}
			// The list came before the task was where it would have been found.
			this.waiting.remove(task);
		}
		task.run();
		return () -> {
			// It has run.
		};
	}

	private boolean isListed() {
		return this.registry.members().length > 0;
	}

	/**
	 * There is a list.
	 */
	void arrived() {
		for (Runnable task : List.copyOf(this.waiting)) {
			if (this.waiting.remove(task)) {
				task.run();
			}
		}
	}

	@Override
	public String missing() {
		return this.registry.missing();
	}

	@Override
	public int[] bestFirst(List<ClusterNode> nodes) {
		double[] chance = IntStream.range(0, nodes.size()).mapToDouble((i) -> this.random.getAsDouble()).toArray();
		Set<String> ejected = Stream.of(this.registry.members())
			.filter((member) -> member.load().circuit().isEjected())
			.map(Member::id)
			.collect(Collectors.toSet());
		return IntStream.range(0, nodes.size())
			.boxed()
			.sorted(Comparator
				.<Integer>comparingInt((i) -> rank(nodes.get(i).state(), ejected.contains(nodes.get(i).id())))
				.thenComparingDouble((i) -> chance[i]))
			.mapToInt(Integer::intValue)
			.toArray();
	}

	private static int rank(NodeState state, boolean ejected) {
		int rank = BEST_STATES.indexOf(state);
		if (rank < 0) {
			return BEST_STATES.size() + 1;
		}
		return ejected ? BEST_STATES.size() : rank;
	}

}
