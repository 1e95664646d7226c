package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The keys under which a node says about itself what its address does not say, and how
 * their values are read. A value that cannot be read is taken as absent.
 *
 * @since 0.1.0
 */
public final class NodeMetadata {

	/** The port that takes calls, where a registry knows another one: 1 to 65535. */
	public static final String PORT = "rpc-port";

	/** The wire formats that the node speaks, such as {@code gob,json}. */
	public static final String CODEC = "rpc-codec";

	/** How many calls the node handles at a time; 0 or absent if it does not say. */
	public static final String CAPACITY = "rpc-capacity";

	/** The processors that the node may use, 1 or more; absent if it does not say. */
	public static final String CPUS = "rpc-cpus";

	/** The version of what the node runs, for people and for choosing nodes. */
	public static final String VERSION = "rpc-version";

	/** Words to choose nodes by, such as {@code gpu,eu-west}. */
	public static final String TAGS = "rpc-tags";

	/** The share of calls that the node gets, beside a node of weight 1: more than 0. */
	public static final String WEIGHT = "rpc-weight";

	static final double MOST_WEIGHT = 1_000_000;

	private NodeMetadata() {
	}

	static Set<String> tags(Map<String, String> metadata) {
		String value = metadata.get(TAGS);
		if (value == null || value.isBlank()) {
			return Set.of();
		}
		Set<String> tags = new LinkedHashSet<>();
		for (String tag : value.split(",")) {
			if (!tag.isBlank()) {
				tags.add(tag.strip());
			}
		}
		return tags;
	}

	static double weight(Map<String, String> metadata) {
		Double weight = number(metadata.get(WEIGHT));
		return (weight != null && weight > 0 && weight <= MOST_WEIGHT) ? weight : 1;
	}

	static int capacity(Map<String, String> metadata) {
		Integer capacity = integer(metadata.get(CAPACITY));
		return (capacity != null && capacity >= 0) ? capacity : 0;
	}

	static int cpus(Map<String, String> metadata) {
		Integer cpus = integer(metadata.get(CPUS));
		return (cpus != null && cpus > 0) ? cpus : 0;
	}

	/**
	 * The port that a registry's entry names for calls.
	 * @param metadata what the node says about itself
	 * @return the port, or null if there is none, or none that can be used
	 */
	public static @Nullable Integer port(Map<String, String> metadata) {
		Integer port = integer(metadata.get(PORT));
		return (port != null && port > 0 && port <= NodeEndpoint.HIGHEST_PORT) ? port : null;
	}

	/**
	 * What is wrong with the values.
	 * @return one text for each value that is not used, none if all is well
	 */
	static List<String> problems(Map<String, String> metadata) {
		List<String> problems = new ArrayList<>();
		check(metadata, WEIGHT, "a number more than 0", (value) -> {
			Double weight = number(value);
			return weight != null && weight > 0 && weight <= MOST_WEIGHT;
		}, problems);
		check(metadata, CAPACITY, "a whole number, 0 or more", (value) -> {
			Integer capacity = integer(value);
			return capacity != null && capacity >= 0;
		}, problems);
		check(metadata, CPUS, "a whole number, 1 or more", (value) -> cpus(Map.of(CPUS, value)) > 0, problems);
		check(metadata, PORT, "a port from 1 to 65535", (value) -> port(Map.of(PORT, value)) != null, problems);
		return problems;
	}

	private static void check(Map<String, String> metadata, String key, String expected, Predicate<String> usable,
			List<String> problems) {
		String value = metadata.get(key);
		if (value != null && !usable.test(value)) {
			problems.add(key + ": \"" + printable(value) + "\" (expected: " + expected + ")");
		}
	}

	/**
	 * A text that comes from elsewhere, fit for a line of a log.
	 */
	static String printable(String text) {
		String cut = (text.length() > 100) ? text.substring(0, 100) + "…" : text;
		return cut.replaceAll("\\p{Cntrl}", "?");
	}

	private static @Nullable Double number(@Nullable String value) {
		try {
			return (value != null) ? Double.valueOf(value.strip()) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable Integer integer(@Nullable String value) {
		try {
			return (value != null) ? Integer.valueOf(value.strip()) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
