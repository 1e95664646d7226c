package io.github.netrpc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A figure that one of our peers is to reach against another peer of the same run.
 *
 * @param text what is compared
 * @param rival the name of the peer it is compared with
 * @param found the ratio found, or null if one side was not measured
 * @param bound the ratio needed
 * @param atLeast whether the bound is the least, else it is the most
 */
record Target(String text, String rival, @Nullable Double found, double bound, boolean atLeast) {

	/**
	 * The targets of a peer that has a rival.
	 * @param peer one of ours
	 * @param results what was found
	 * @return the targets, met or not
	 */
	static List<Target> of(Peer peer, Results results) {
		Peer rival = Objects.requireNonNull(peer.rival(), () -> peer + " has no rival");
		List<Target> targets = new ArrayList<>();
		Cell ours = results.median(peer, 64);
		Cell go = results.median(rival, 64);
		Cell ourSingle = results.median(peer, 1);
		Cell goSingle = results.median(rival, 1);
		targets.add(new Target("calls/s, 64 in flight", rival.option(),
				(ours != null && go != null) ? ours.callsPerSecond() / go.callsPerSecond() : null, 5, true));
		targets.add(new Target("CPU per call, 64 in flight", rival.option(),
				(ours != null && go != null) ? ours.cpuMicros() / go.cpuMicros() : null, 0.2, false));
		targets.add(new Target("p50, 1 in flight", rival.option(),
				(ourSingle != null && goSingle != null) ? ourSingle.p50Micros() / goSingle.p50Micros() : null, 1,
				false));
		for (Peer echo : List.of(Peer.ECHO, Peer.ECHO_MESSAGES)) {
			Cell bound = results.median(echo, 64);
			targets.add(new Target("calls/s, 64 in flight", echo.option(),
					(ours != null && bound != null) ? ours.callsPerSecond() / bound.callsPerSecond() : null, 0.35,
					true));
		}
		return targets;
	}

	String needed() {
		return (this.atLeast ? "≥ " : "≤ ") + String.format(Locale.ROOT, "%.2f", this.bound);
	}

	String verdict() {
		if (this.found == null) {
			return "not measured";
		}
		return (this.atLeast ? this.found >= this.bound : this.found <= this.bound) ? "met" : "**not met**";
	}

}
