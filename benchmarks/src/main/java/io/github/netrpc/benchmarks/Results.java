package io.github.netrpc.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * All that a run has found. Used by one thread.
 */
final class Results {

	private final Map<Peer, Map<Integer, List<Cell>>> cells = new EnumMap<>(Peer.class);

	private final Map<Peer, String> missing = new EnumMap<>(Peer.class);

	void add(Peer peer, int inFlight, Cell cell) {
		this.cells.computeIfAbsent(peer, (key) -> new TreeMap<>())
			.computeIfAbsent(inFlight, (key) -> new ArrayList<>())
			.add(cell);
	}

	/**
	 * Notes why a peer has no figures, or fewer than the others.
	 * @param peer the peer
	 * @param reason the reason; the first one is kept
	 */
	void missing(Peer peer, String reason) {
		this.missing.putIfAbsent(peer, reason);
	}

	Map<Peer, String> missing() {
		return this.missing;
	}

	List<Cell> rounds(Peer peer, int inFlight) {
		return this.cells.getOrDefault(peer, Map.of()).getOrDefault(inFlight, List.of());
	}

	/**
	 * The medians of a peer.
	 * @param peer the peer
	 * @param inFlight the number of calls in flight
	 * @return the medians, or null if nothing was found
	 */
	@Nullable Cell median(Peer peer, int inFlight) {
		List<Cell> rounds = rounds(peer, inFlight);
		return rounds.isEmpty() ? null : Cell.median(rounds);
	}

}
