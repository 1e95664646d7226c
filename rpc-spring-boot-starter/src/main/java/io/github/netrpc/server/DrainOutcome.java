package io.github.netrpc.server;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What became of the calls that were under way when a server stopped.
 *
 * @param cut how many were cut off, because they took longer than they had
 * @param cutByMethod the same by method: {@code Arith.Add} and 3
 * @since 0.1.0
 */
public record DrainOutcome(long cut, Map<String, Long> cutByMethod) {

	public DrainOutcome {
		cutByMethod = Map.copyOf(cutByMethod);
	}

	static DrainOutcome of(Map<String, Long> cutByMethod) {
		return new DrainOutcome(cutByMethod.values().stream().mapToLong(Long::longValue).sum(), cutByMethod);
	}

	/**
	 * The methods and how many of their calls were cut, for a log.
	 * @return for example {@code Arith.Add (3), Report.Build (1)}, empty if none was cut
	 */
	public String describe() {
		return new TreeMap<>(this.cutByMethod).entrySet()
			.stream()
			.map((method) -> method.getKey() + " (" + method.getValue() + ")")
			.collect(Collectors.joining(", "));
	}

}
