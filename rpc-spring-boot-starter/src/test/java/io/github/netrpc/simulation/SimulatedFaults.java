package io.github.netrpc.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.simulation.SimulatedDirectory.Fault;

/**
 * Does harm at random moments, and undoes it again.
 */
final class SimulatedFaults {

	private static final long LONGEST_NANOS = 25_000_000_000L;

	private final SimulatedClock clock;

	private final SimulatedRandom random;

	private final List<SimulatedNode> nodes;

	private final @Nullable SimulatedDirectory directory;

	private final SimulatedProcess client;

	private final SimulatedCallers callers;

	private final Promises promises;

	/** What undoes the harm that there is. */
	private final Set<Runnable> active = new LinkedHashSet<>();

	private final long pauseNanos;

	private final long lengthNanos;

	private final List<Consumer<SimulatedNode>> kinds = List.of(this::blackHole, this::oneWay, this::oneWay,
			this::lossy, this::slowNetwork, this::resetConnections, this::kill, this::kill, this::losePower,
			this::freeze, this::freeze, this::stopClient, this::clusterCalls, this::clusterCalls, this::drain,
			this::drain, this::overload, this::slowNode, this::badNode, this::garble, this::burst, this::directory,
			this::directory, this::leave, this::leave, this::move, this::stopClient);

	private boolean stopped;

	SimulatedFaults(SimulatedClock clock, SimulatedRandom random, List<SimulatedNode> nodes,
			@Nullable SimulatedDirectory directory, SimulatedProcess client, SimulatedCallers callers,
			Promises promises) {
		this.clock = clock;
		this.random = random;
		this.nodes = nodes;
		this.directory = directory;
		this.client = client;
		this.callers = callers;
		this.promises = promises;
		this.pauseNanos = random.between(300_000_000, 6_000_000_000L);
		this.lengthNanos = random.between(200_000_000, 8_000_000_000L);
	}

	void start() {
		next();
	}

	/**
	 * Makes no more harm, and undoes what there is.
	 */
	void heal() {
		this.stopped = true;
		List.copyOf(this.active).forEach(Runnable::run);
		for (SimulatedNode node : this.nodes) {
			node.wake();
			if (!node.isListening()) {
				node.start();
			}
		}
	}

	private void next() {
		this.clock.after(this.random.around(this.pauseNanos), () -> {
			if (!this.stopped) {
				this.random.pick(this.kinds).accept(this.random.pick(this.nodes));
				next();
			}
		});
	}

	private void harm(String what, Runnable begin, Runnable end) {
		long length = Math.min(this.random.around(this.lengthNanos), LONGEST_NANOS);
		this.promises.log(() -> "fault: " + what + ", for " + length / 1_000_000 + " ms");
		begin.run();
		Runnable over = new Runnable() {

			@Override
			public void run() {
				if (SimulatedFaults.this.active.remove(this)) {
					SimulatedFaults.this.promises.log(() -> "over: " + what);
					end.run();
				}
			}

		};
		this.active.add(over);
		this.clock.after(length, over);
	}

	private void blackHole(SimulatedNode node) {
		harm("black hole at " + node, () -> node.link().block(true, true), () -> node.link().unblock(true, true));
	}

	private void oneWay(SimulatedNode node) {
		boolean toNode = this.random.chance(0.5);
		harm((toNode ? "nothing reaches " : "nothing comes from ") + node, () -> node.link().block(toNode, !toNode),
				() -> node.link().unblock(toNode, !toNode));
	}

	private void lossy(SimulatedNode node) {
		double loss = this.random.between(1, 10) / 100.0;
		harm("loss of " + loss + " at " + node, () -> node.link().lose(loss), () -> node.link().lose(0));
	}

	private void slowNetwork(SimulatedNode node) {
		long factor = this.random.between(5, 100);
		harm("network " + factor + " times slower at " + node, () -> node.link().delay(factor),
				() -> node.link().delay(1));
	}

	private void resetConnections(SimulatedNode node) {
		this.promises.log(() -> "fault: connections of " + node + " are reset");
		node.resetConnections();
	}

	private void kill(SimulatedNode node) {
		boolean reset = this.random.chance(0.5);
		harm(node + " is killed", () -> node.kill(reset), node::start);
	}

	private void losePower(SimulatedNode node) {
		harm(node + " loses power", node::vanish, node::start);
	}

	private void freeze(SimulatedNode node) {
		harm(node + " is frozen", node::freeze, node::wake);
	}

	private void drain(SimulatedNode node) {
		harm(node + " drains", node::drain, () -> {
			node.exit();
			this.clock.after(this.random.around(500_000_000), node::start);
		});
	}

	private void overload(SimulatedNode node) {
		harm(node + " refuses calls", () -> node.refuse(true), () -> node.refuse(false));
	}

	private void slowNode(SimulatedNode node) {
		long factor = this.random.between(5, 200);
		harm(node + " is " + factor + " times slower", () -> node.slowDown(factor), () -> node.slowDown(1));
	}

	private void badNode(SimulatedNode node) {
		double share = this.random.nextDouble();
		if (this.random.chance(0.5)) {
			harm(node + " fails " + share, () -> node.fail(share), () -> node.fail(0));
		}
		else {
			harm(node + " is unavailable " + share, () -> node.beUnavailable(share), () -> node.beUnavailable(0));
		}
	}

	private void garble(SimulatedNode node) {
		this.promises.garbled();
		harm(node + " sends garbage", () -> node.garble(0.3), node::resetConnections);
	}

	private void burst(SimulatedNode node) {
		int calls = (int) this.random.between(10, 150);
		this.promises.log(() -> "fault: " + calls + " calls at once");
		this.callers.burst(calls);
	}

	private void directory(SimulatedNode node) {
		SimulatedDirectory asked = this.directory;
		if (asked != null) {
			Fault fault = this.random.pick(List.of(Fault.FAILS, Fault.EMPTY, Fault.SILENT, Fault.FLAPS));
			harm("the directory " + fault, () -> asked.fault(fault), () -> asked.fault(Fault.NONE));
		}
	}

	/**
	 * A node is withdrawn, and may be there again later.
	 */
	private void leave(SimulatedNode node) {
		SimulatedDirectory asked = this.directory;
		if (asked != null && asked.ids().size() > 1) {
			String id = this.random.pick(asked.ids());
			SimulatedNode left = asked.at(id);
			harm(id + " leaves", () -> asked.withdraw(id), () -> {
				if (asked.at(id) == null) {
					asked.register(id, left);
				}
			});
		}
	}

	/**
	 * A node goes over to another address, which may have belonged to another one.
	 */
	private void move(SimulatedNode node) {
		SimulatedDirectory asked = this.directory;
		if (asked != null) {
			List<String> ids = asked.ids();
			if (!ids.isEmpty() && ids.stream().noneMatch((id) -> asked.at(id) == node)) {
				String id = this.random.pick(ids);
				this.promises.log(() -> "fault: " + id + " goes over to " + node);
				asked.register(id, node);
			}
		}
	}

	private void stopClient(SimulatedNode node) {
		boolean timersFirst = this.random.chance(0.5);
		harm("the client is stopped", this.client::freeze, () -> this.client.wake(timersFirst));
	}

	private void clusterCalls(SimulatedNode node) {
		this.callers.operations((int) this.random.between(1, 5));
	}

}
