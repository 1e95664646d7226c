package io.github.netrpc.simulation;

import java.util.List;
import java.util.function.Consumer;

/**
 * Does harm at random moments, and undoes it again.
 */
final class SimulatedFaults {

	private static final long LONGEST_NANOS = 25_000_000_000L;

	private final SimulatedClock clock;

	private final SimulatedRandom random;

	private final List<SimulatedNode> nodes;

	private final SimulatedCallers callers;

	private final Promises promises;

	private final long pauseNanos;

	private final long lengthNanos;

	private final List<Consumer<SimulatedNode>> kinds = List.of(this::blackHole, this::oneWay, this::oneWay,
			this::lossy, this::slowNetwork, this::resetConnections, this::kill, this::kill, this::losePower,
			this::freeze, this::freeze, this::drain, this::drain, this::overload, this::slowNode, this::badNode,
			this::garble, this::burst);

	private boolean stopped;

	SimulatedFaults(SimulatedClock clock, SimulatedRandom random, List<SimulatedNode> nodes, SimulatedCallers callers,
			Promises promises) {
		this.clock = clock;
		this.random = random;
		this.nodes = nodes;
		this.callers = callers;
		this.promises = promises;
		this.pauseNanos = random.between(300_000_000, 6_000_000_000L);
		this.lengthNanos = random.between(200_000_000, 8_000_000_000L);
	}

	void start() {
		next();
	}

	/**
	 * Makes no more harm. What there is goes on until its time is over.
	 */
	void stop() {
		this.stopped = true;
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
		this.clock.after(length, () -> {
			this.promises.log(() -> "over: " + what);
			end.run();
		});
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
			this.clock.after(this.random.around(500_000_000), () -> {
				node.kill(false);
				this.clock.after(this.random.around(1_000_000_000), node::start);
			});
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
		this.promises.log(() -> "fault: " + node + " sends garbage");
		node.garble(0.3);
	}

	private void burst(SimulatedNode node) {
		int calls = (int) this.random.between(10, 150);
		this.promises.log(() -> "fault: " + calls + " calls at once");
		this.callers.burst(calls);
	}

}
