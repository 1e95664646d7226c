package io.github.netrpc.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.github.netrpc.gob.GobDefinitionsFuzz;
import io.github.netrpc.gob.GobDifferencesFuzz;
import io.github.netrpc.gob.GobSkippedFuzz;
import io.github.netrpc.gob.GobValuesFuzz;
import io.github.netrpc.server.ServedBytesFuzz;
import io.github.netrpc.wire.RepliesFuzz;
import io.github.netrpc.wire.RequestsFuzz;
import io.github.netrpc.wire.http.ConnectFuzz;

/**
 * All targets, by their names.
 */
public final class FuzzTargets {

	private static final Map<String, Supplier<FuzzTarget>> ALL = new LinkedHashMap<>();

	static {
		ALL.put("gob-values", GobValuesFuzz::new);
		ALL.put("gob-definitions", GobDefinitionsFuzz::new);
		ALL.put("gob-skipped", GobSkippedFuzz::new);
		ALL.put("gob-differences", GobDifferencesFuzz::new);
		ALL.put("gob-requests", RequestsFuzz::gob);
		ALL.put("gob-replies", RepliesFuzz::gob);
		ALL.put("json-requests", RequestsFuzz::json);
		ALL.put("json-replies", RepliesFuzz::json);
		ALL.put("connect", ConnectFuzz::new);
		ALL.put("served-bytes", ServedBytesFuzz::new);
	}

	private FuzzTargets() {
	}

	/**
	 * The names, in the order of the report.
	 * @return the names
	 */
	public static Set<String> names() {
		return ALL.keySet();
	}

	/**
	 * Makes a target.
	 * @param name its name
	 * @return the target
	 */
	public static FuzzTarget of(String name) {
		Supplier<FuzzTarget> found = ALL.get(name);
		if (found == null) {
			throw new IllegalArgumentException("Target: " + name + " (expected: one of " + ALL.keySet() + ")");
		}
		return found.get();
	}

	/**
	 * All that is known for a target: its seeds, and the inputs that were saved.
	 * @param target the target
	 * @return the inputs
	 */
	public static List<byte[]> known(FuzzTarget target) {
		return known(target, Corpus.FOLDER);
	}

	static List<byte[]> known(FuzzTarget target, Path corpora) {
		List<byte[]> known = new ArrayList<>(target.seeds());
		Corpus.read(corpora, target.name()).inputs().forEach((input) -> known.add(input.bytes()));
		return known;
	}

}
