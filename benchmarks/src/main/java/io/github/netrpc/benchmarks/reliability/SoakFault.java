package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Faults in turns, each over when the next one comes. Used by one thread.
 */
final class SoakFault {

	private final List<NodeProcess> nodes;

	private final Farewell beforeKill;

	private final @Nullable BlackHoles holes;

	private final List<Kind> kinds = new ArrayList<>();

	private final Map<Kind, Integer> struck = new EnumMap<>(Kind.class);

	/**
	 * Creates the faults.
	 * @param nodes who is hit; the first one is not killed
	 * @param beforeKill is told of a node before it is killed
	 * @param holes drops packets, or null if that cannot be
	 */
	SoakFault(List<NodeProcess> nodes, Farewell beforeKill, @Nullable BlackHoles holes) {
		this.nodes = List.copyOf(nodes);
		this.beforeKill = beforeKill;
		this.holes = holes;
		for (Kind kind : Kind.values()) {
			if (holes != null || !kind.needsHoles) {
				this.kinds.add(kind);
			}
		}
	}

	/**
	 * Has one fault begin and end.
	 * @param number how many there were before
	 */
	void strike(int number) throws IOException, InterruptedException {
		Kind kind = this.kinds.get(number % this.kinds.size());
		int round = number / this.kinds.size();
		if (kind == Kind.KILL) {
			kill(this.nodes.get(1 + round % (this.nodes.size() - 1)));
		}
		else {
			strike(kind, this.nodes.get((round + number % this.kinds.size()) % this.nodes.size()));
		}
		this.struck.merge(kind, 1, Integer::sum);
	}

	private void kill(NodeProcess node) throws IOException, InterruptedException {
		this.beforeKill.told(node);
		node.kill();
		Thread.sleep(500);
		node.start();
	}

	private void strike(Kind kind, NodeProcess node) throws IOException, InterruptedException {
		switch (kind) {
			case FREEZE -> {
				node.freeze();
				Thread.sleep(2000);
				node.wake();
			}
			case SLOW -> {
				node.behave("slow 10");
				Thread.sleep(3000);
				node.behave("well");
			}
			case CUT -> {
				holes().reset(node.host());
				Thread.sleep(200);
				holes().restoreReset(node.host());
			}
			case BLACK_HOLE -> {
				holes().drop(node.host());
				Thread.sleep(3000);
				holes().restore(node.host());
			}
			case KILL -> throw new IllegalStateException("a node that must not be killed");
		}
	}

	private BlackHoles holes() {
		if (this.holes == null) {
			throw new IllegalStateException("there are no black holes");
		}
		return this.holes;
	}

	/**
	 * What there was.
	 * @return how many of each kind
	 */
	String counts() {
		return this.struck.entrySet()
			.stream()
			.map((each) -> each.getKey().text() + " × " + each.getValue())
			.collect(Collectors.joining(", "));
	}

	/**
	 * Takes leave of a node.
	 */
	@FunctionalInterface
	interface Farewell {

		void told(NodeProcess node) throws IOException, InterruptedException;

	}

	/**
	 * What happens to a node.
	 */
	private enum Kind {

		/** It is killed with {@code kill -9} and starts again. */
		KILL(false),

		/** It stands still for 2 s. */
		FREEZE(false),

		/** All its connections are reset. */
		CUT(true),

		/** For 3 s its packets vanish. */
		BLACK_HOLE(true),

		/** For 3 s it works ten times as long. */
		SLOW(false);

		private final boolean needsHoles;

		Kind(boolean needsHoles) {
			this.needsHoles = needsHoles;
		}

		String text() {
			return name().toLowerCase(Locale.ROOT).replace('_', ' ');
		}

	}

}
