package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.client.PickRequest;

/**
 * The figures of the nodes of a channel, and what is decided by them: which node takes a
 * call, and which are ejected. Knows nothing of connections. Thread-safe.
 */
final class LoadRegistry {

	private final GuardedBalancer balancer;

	private final OutlierEjector ejector;

	private final Duration slowStart;

	private final ClientTimer timer;

	private final PickClock clock = new PickClock();

	private final PastCircuits past = new PastCircuits();

	private List<NodeLoad> nodes = List.of();

	/** Of nodes that are no longer there. */
	private long pastPicks;

	/**
	 * Creates a registry without nodes.
	 * @param channel names the channel in the log
	 * @param changed called without a lock when a node was ejected, is due for a trial,
	 * or is back
	 */
	LoadRegistry(String channel, Balancing balancing, ClientTimer timer, Runnable changed) {
		this.balancer = new GuardedBalancer(channel, balancing.balancer());
		this.ejector = new OutlierEjector(channel, balancing.outliers(), timer, changed);
		this.slowStart = balancing.slowStart();
		this.timer = timer;
		this.clock.set(timer.nanoTime());
	}

	/**
	 * Begins the figures of a node.
	 * @param founding whether it was there from the beginning, and need not start slowly
	 * @param connected whether the node takes calls
	 */
	NodeLoad create(NodeEndpoint endpoint, boolean founding, BooleanSupplier connected) {
		long now = this.timer.nanoTime();
		NodeLoad load = new NodeLoad(endpoint, this.clock, this.ejector, this.slowStart, connected,
				this.past.take(endpoint, now));
		if (!founding) {
			load.startSlowly(now);
		}
		return load;
	}

	/**
	 * Says which nodes there are, without those that drain.
	 */
	void nodes(List<NodeLoad> nodes) {
		long now = this.timer.nanoTime();
		synchronized (this) {
			this.nodes.stream().filter((node) -> !nodes.contains(node)).forEach((node) -> {
				this.pastPicks += node.sent();
				this.past.keep(node.endpoint(), node.circuit(), now);
			});
			this.nodes = List.copyOf(nodes);
		}
		this.ejector.nodes(nodes);
	}

	/**
	 * How many attempts were sent to nodes, those included that are no longer there.
	 */
	synchronized long picks() {
		return this.pastPicks + this.nodes.stream().mapToLong(NodeLoad::sent).sum();
	}

	/**
	 * Chooses the node that takes a call.
	 * @param nodes the nodes that may, at least one
	 * @return the index of the node
	 */
	int pick(List<NodeLoad> nodes, ClientCall<?> call) {
		return pick(nodes, call, call.startNanos());
	}

	/**
	 * Chooses the node that takes what is asked for now.
	 * @param nodes the nodes that may, at least one
	 * @return the index of the node
	 */
	int pick(List<NodeLoad> nodes, PickRequest request, long now) {
		this.clock.set(now);
		return this.balancer.pick(nodes, request, now);
	}

	/**
	 * Makes a call the trial of an ejected node.
	 * @return the number of the trial, 0 if none is due
	 */
	int claimTrial(NodeLoad node, ClientCall<?> call) {
		return node.circuit().isTrialDue() ? this.ejector.claimTrial(node, call.startNanos()) : 0;
	}

	/**
	 * How many times a node was ejected.
	 */
	long ejections() {
		return this.ejector.ejections();
	}

	void close() {
		this.ejector.close();
	}

}
