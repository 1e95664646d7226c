package io.github.netrpc.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.client.CircuitState;
import io.github.netrpc.client.ClientTimer;

/**
 * Ejects nodes that fail and takes them back, for all nodes of a channel: only so many at
 * a time, and never the last one that is connected. Thread-safe; the lock is taken when a
 * node is ejected or comes back, not by calls.
 */
final class OutlierEjector {

	private static final Logger logger = LoggerFactory.getLogger(OutlierEjector.class);

	private final String channel;

	private final OutlierPolicy policy;

	private final ClientTimer timer;

	private final Runnable changed;

	private List<NodeLoad> nodes = List.of();

	private volatile long ejections;

	/**
	 * Creates an ejector without nodes.
	 * @param channel names the channel in the log
	 * @param changed called without a lock when a node was ejected, is due for a trial,
	 * or is back
	 */
	OutlierEjector(String channel, OutlierPolicy policy, ClientTimer timer, Runnable changed) {
		this.channel = channel;
		this.policy = policy;
		this.timer = timer;
		this.changed = changed;
	}

	OutlierPolicy policy() {
		return this.policy;
	}

	/**
	 * How many times a node was ejected.
	 */
	long ejections() {
		return this.ejections;
	}

	/**
	 * Says which nodes there are, without those that drain. If too many of them are
	 * ejected then, those that were ejected least often in a row come back.
	 */
	void nodes(List<NodeLoad> nodes) {
		boolean readmitted = false;
		synchronized (this) {
			this.nodes.stream().filter((node) -> !nodes.contains(node)).forEach((node) -> node.next(() -> {
			}));
			nodes.stream()
				.filter((node) -> node.circuit().state() == CircuitState.OPEN && !this.nodes.contains(node))
				.forEach(this::goOn);
			this.nodes = List.copyOf(nodes);
			List<NodeLoad> ejected = this.nodes.stream()
				.filter((node) -> node.circuit().isEjected())
				.sorted(Comparator.comparingInt((node) -> node.circuit().ejectionsInARow()))
				.toList();
			int tooMany = ejected.size() - this.policy.mostOf(this.nodes.size());
			for (int i = 0; i < tooMany; i++) {
				ejected.get(i).next(() -> {
				});
				ejected.get(i).readmit(this.timer.nanoTime());
				readmitted = true;
			}
		}
		if (readmitted) {
			this.changed.run();
		}
	}

	/**
	 * Has a node wait for the end of its time that was ejected when it left the list.
	 */
	private void goOn(NodeLoad node) {
		long left = node.circuit().openUntilNanos() - this.timer.nanoTime();
		node.next(this.timer.schedule(() -> due(node), Math.max(0, left)));
	}

	/**
	 * A node should be ejected.
	 */
	void failing(NodeLoad node, long now) {
		synchronized (this) {
			// Several calls may have asked for it.
			if (node.circuit().state() == CircuitState.OPEN || !mayEject(node)) {
				return;
			}
			boolean again = node.circuit().isEjected();
			long nanos = node.circuit().open(now);
			node.next(this.timer.schedule(() -> due(node), nanos));
			if (!again) {
				this.ejections++;
				logger.info("Channel {} ejects node {} for {} ms, since it fails", this.channel, node.endpoint().id(),
						TimeUnit.NANOSECONDS.toMillis(nanos));
			}
		}
		this.changed.run();
	}

	private boolean mayEject(NodeLoad node) {
		if (!this.policy.isOn() || !this.nodes.contains(node)) {
			return false;
		}
		if (node.circuit().isEjected()) {
			return true;
		}
		int ejected = 0;
		boolean others = false;
		for (NodeLoad other : this.nodes) {
			boolean out = other.circuit().isEjected();
			ejected += out ? 1 : 0;
			others |= other != node && !out && other.isConnected();
		}
		return others && ejected < this.policy.mostOf(this.nodes.size());
	}

	private void due(NodeLoad node) {
		if (node.circuit().halfOpen()) {
			this.changed.run();
		}
	}

	/**
	 * Makes a call the trial of a node.
	 * @param begin when the call began
	 * @return the number of the trial, 0 if another call was faster
	 */
	int claimTrial(NodeLoad node, long begin) {
		int trial = node.circuit().claimTrial(begin);
		if (trial != 0) {
			synchronized (this) {
				// A call that is not sent after all has no end that is told, and one
				// that a node does not answer may have its end in an hour.
				node.next(this.timer.schedule(() -> node.circuit().freeTrial(trial), this.policy.trialNanos()));
			}
		}
		return trial;
	}

	/**
	 * A trial of a node has succeeded.
	 */
	void recovered(NodeLoad node, long now) {
		synchronized (this) {
			node.next(() -> {
			});
		}
		node.startSlowly(now);
		logger.info("Channel {} takes node {} back", this.channel, node.endpoint().id());
		this.changed.run();
	}

	/**
	 * Cancels what is to come.
	 */
	void close() {
		nodes(List.of());
	}

}
