package io.github.netrpc.benchmarks.reliability;

import java.util.Comparator;
import java.util.List;

import io.github.netrpc.wire.WireLimits;

/**
 * What was allocated for one hostile request, and what may be. Immutable.
 *
 * @param name what the request does
 * @param instances how many elements it has or declares
 * @param instanceBytes what one of them takes in memory with the place that holds it
 * @param allocated what was allocated, in bytes
 */
record ReadCost(String name, long instances, int instanceBytes, long allocated) {

	/** What any request may cost, whatever it has or declares. */
	static final long CHUNK_BYTES = 64 * 1024;

	private static final double KIBIBYTE = 1024;

	/**
	 * What may be allocated: a chunk, and what the elements are; never more than all
	 * values of a message may take, and a chunk.
	 */
	long bound() {
		return CHUNK_BYTES + Math.min(this.instances * this.instanceBytes, WireLimits.DEFAULT.maxDecodedBytes());
	}

	double ratio() {
		return (double) this.allocated / bound();
	}

	/**
	 * Judges each request by its own bound.
	 */
	static Figure eachWithinItsBound(List<ReadCost> costs) {
		ReadCost worst = costs.stream().max(Comparator.comparingDouble(ReadCost::ratio)).orElseThrow();
		return Figure
			.atMost("R21",
					"allocated for each request of 4 MB ÷ (64 KiB and the sizes of its elements, at most 64 MiB)",
					costs.size(), 1, worst.ratio(), "")
			.explained("%s: %s KiB ÷ %s KiB".formatted(worst.name(), Figure.number(worst.allocated() / KIBIBYTE),
					Figure.number(worst.bound() / KIBIBYTE)));
	}

}
