package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.PickRequest;
import io.github.netrpc.work.Worker;

/**
 * The members of a channel as operations on a cluster see them. Thread-safe.
 */
final class ListedNodes implements ClusterNodes {

	private static final List<NodeState> BEST_STATES = List.of(NodeState.READY, NodeState.CONNECTING, NodeState.IDLE);

	/** Of more nodes than this the balancer puts some in order, and chance the rest. */
	private static final int MOST_PICKED = 64;

	private final MemberRegistry registry;

	private final LoadRegistry loads;

	private final ClientTimer timer;

	private final DoubleSupplier random;

	/** Of a node that does not say how many it has: as many as this machine. */
	private final int usualCpus = Runtime.getRuntime().availableProcessors();

	/** Tasks that wait for the first list. */
	private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

	ListedNodes(MemberRegistry registry, LoadRegistry loads, ClientTimer timer, DoubleSupplier random) {
		this.registry = registry;
		this.loads = loads;
		this.timer = timer;
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
	public List<Worker> workers(Set<String> tags) {
		this.registry.watch();
		List<Worker> workers = new ArrayList<>();
		for (Member member : this.registry.members()) {
			if (member.endpoint().tags().containsAll(tags)) {
				workers.add(worker(member));
			}
		}
		return workers;
	}

	/**
	 * A node as jobs see it. What it has room for is no measure of what it gets done at a
	 * time: servers advertise all their handlers, of which most are there to wait.
	 */
	private Worker worker(Member member) {
		int cpus = member.endpoint().cpus();
		int usual = (int) Math.min(2L * ((cpus > 0) ? cpus : this.usualCpus), Integer.MAX_VALUE);
		int capacity = member.endpoint().capacity();
		return (capacity > 0) ? new Worker(member.id(), Math.min(usual, capacity), capacity, workerState(member))
				: new Worker(member.id(), usual, workerState(member));
	}

	@Override
	public void renew(String id) {
		this.registry.withId(id).forEach((member) -> member.client().renew());
	}

	private static Worker.State workerState(Member member) {
		return switch (member.state()) {
			case READY -> member.load().circuit().isEjected() ? Worker.State.SUSPECT : Worker.State.READY;
			case IDLE, CONNECTING -> Worker.State.UNPROVEN;
			case TRANSIENT_FAILURE, DRAINING, SHUTDOWN -> Worker.State.AWAY;
		};
	}

	@Override
	public Runnable whenListed(Runnable task) {
		this.registry.watch();
		if (!isListed()) {
			this.waiting.add(task);
			if (!isListed()) {
				return () -> this.waiting.remove(task);
			}
			if (!this.waiting.remove(task)) {
				// Whoever has told of the list runs it.
				return ListedNodes::nothing;
			}
			// The list came before the task was where it would have been found.
		}
		task.run();
		return ListedNodes::nothing;
	}

	/**
	 * Drops a task that has run.
	 */
	private static void nothing() {
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
	public boolean isFixed() {
		return this.registry.isFixed();
	}

	@Override
	public int[] bestFirst(List<ClusterNode> nodes, String operation, RpcOptions options) {
		double[] chance = IntStream.range(0, nodes.size()).mapToDouble((i) -> this.random.getAsDouble()).toArray();
		Map<String, NodeLoad> loads = Stream.of(this.registry.members())
			.collect(Collectors.toMap(Member::id, Member::load));
		List<Integer> order = IntStream.range(0, nodes.size())
			.boxed()
			.sorted(Comparator.<Integer>comparingInt((i) -> rank(nodes.get(i), loads))
				.thenComparingDouble((i) -> chance[i]))
			.collect(Collectors.toCollection(ArrayList::new));
		long sound = order.stream().takeWhile((i) -> rank(nodes.get(i), loads) == 0).count();
		pickInTurn(order.subList(0, (int) sound), nodes, loads, new Request(operation, options));
		return order.stream().mapToInt(Integer::intValue).toArray();
	}

	/**
	 * Puts first what the balancer chooses of all, then what it chooses of the others,
	 * and so on.
	 */
	private void pickInTurn(List<Integer> order, List<ClusterNode> nodes, Map<String, NodeLoad> loads,
			Request request) {
		List<Integer> left = new ArrayList<>(order);
		List<NodeLoad> leftLoads = left.stream()
			.map((i) -> Objects.requireNonNull(loads.get(nodes.get(i).id())))
			.collect(Collectors.toCollection(ArrayList::new));
		int most = Math.min(order.size() - 1, MOST_PICKED);
		for (int place = 0; place < most; place++) {
			// A list of its own for each pick: balancers may keep what they made of one.
			int picked = this.loads.pick(List.copyOf(leftLoads), request, this.timer.nanoTime());
			order.set(place, left.remove(picked));
			leftLoads.remove(picked);
		}
		for (int place = Math.max(0, most); place < order.size(); place++) {
			order.set(place, left.get(place - Math.max(0, most)));
		}
	}

	private static int rank(ClusterNode node, Map<String, NodeLoad> loads) {
		NodeLoad load = loads.get(node.id());
		// A node that has just left the list is the last choice.
		return (load != null) ? rank(node.state(), load.circuit().isEjected()) : BEST_STATES.size() + 1;
	}

	private static int rank(NodeState state, boolean ejected) {
		int rank = BEST_STATES.indexOf(state);
		if (rank < 0) {
			return BEST_STATES.size() + 1;
		}
		return ejected ? BEST_STATES.size() : rank;
	}

	/**
	 * An operation, as a balancer sees it. What its lambda calls is not known yet.
	 */
	private record Request(ServiceMethod method, RpcOptions options) implements PickRequest {

		Request(String operation, RpcOptions options) {
			this(ServiceMethod.verbatim(operation), options);
		}

	}

}
