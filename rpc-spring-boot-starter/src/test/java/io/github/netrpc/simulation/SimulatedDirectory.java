package io.github.netrpc.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.NodeEndpoint;

/**
 * A directory that is asked every few seconds, and answers rightly, late, with nothing,
 * with a part, or not at all.
 */
final class SimulatedDirectory implements NodeDirectory {

	private final SimulatedProcess client;

	private final SimulatedRandom random;

	private final Promises promises;

	private final long intervalNanos;

	/** What is true: who is registered, by id. */
	private final Map<String, SimulatedNode> registered = new LinkedHashMap<>();

	private final Map<String, Set<String>> everAt = new LinkedHashMap<>();

	/** The ids of the last list that was not empty, or null before there was one. */
	private @Nullable Set<String> listed;

	private @Nullable Listener listener;

	private Fault fault = Fault.NONE;

	private boolean closed;

	private long answers;

	SimulatedDirectory(SimulatedProcess client, SimulatedRandom random, Promises promises) {
		this.client = client;
		this.random = random;
		this.promises = promises;
		this.intervalNanos = random.between(200_000_000, 3_000_000_000L);
	}

	void register(String id, SimulatedNode node) {
		this.registered.put(id, node);
		this.everAt.computeIfAbsent(id, (absent) -> new HashSet<>()).add(node.address());
	}

	void withdraw(String id) {
		this.registered.remove(id);
	}

	List<String> ids() {
		return new ArrayList<>(this.registered.keySet());
	}

	/**
	 * Those that are, or were, registered.
	 */
	List<String> everIds() {
		return List.copyOf(this.everAt.keySet());
	}

	@Nullable SimulatedNode at(String id) {
		return this.registered.get(id);
	}

	/**
	 * Whether a node has, or had, an address.
	 */
	boolean wasAt(String id, String address) {
		return this.everAt.getOrDefault(id, Set.of()).contains(address);
	}

	/**
	 * What the channel was told last, but for empty answers.
	 */
	@Nullable Set<String> listed() {
		return this.listed;
	}

	/**
	 * How often the channel was told something.
	 */
	long answers() {
		return this.answers;
	}

	void fault(Fault fault) {
		this.fault = fault;
	}

	@Override
	public void watch(Listener listener) {
		this.listener = listener;
		this.client.after(this.random.around(50_000_000), this::ask);
	}

	@Override
	public void refresh() {
		if (this.random.chance(0.1)) {
			this.client.after(this.random.around(20_000_000), this::answer);
		}
	}

	private void ask() {
		if (!this.closed) {
			answer();
			this.client.after(this.intervalNanos, this::ask);
		}
	}

	private void answer() {
		Listener told = this.listener;
		if (this.closed || told == null) {
			return;
		}
		this.answers++;
		switch (this.fault) {
			case FAILS -> {
				this.promises.log(() -> "directory: fails");
				told.failed("the directory is down", null);
			}
			case EMPTY -> {
				this.promises.log(() -> "directory: empty");
				told.nodes(List.of());
			}
			case SILENT -> {
			}
			case FLAPS -> tell(told, this.random.between(0, this.registered.size()));
			case NONE -> tell(told, this.registered.size());
		}
	}

	private void tell(Listener told, long most) {
		List<String> ids = ids();
		while (ids.size() > most) {
			ids.remove(this.random.below(ids.size()));
		}
		if (!ids.isEmpty()) {
			this.listed = Set.copyOf(ids);
		}
		List<NodeEndpoint> nodes = ids.stream().map((id) -> this.registered.get(id).endpoint(id)).toList();
		this.promises
			.log(() -> "directory: " + nodes.stream().map((node) -> node.id() + "=" + node.address()).toList());
		this.promises.listed(nodes);
		told.nodes(nodes);
	}

	@Override
	public void close() {
		this.closed = true;
	}

	@Override
	public String toString() {
		return "simulated";
	}

	/**
	 * What is wrong with the directory.
	 */
	enum Fault {

		/** Nothing. */
		NONE,

		/** It says that it has failed. */
		FAILS,

		/** It knows no nodes. */
		EMPTY,

		/** It does not answer. */
		SILENT,

		/** It knows some of the nodes, others each time. */
		FLAPS

	}

}
