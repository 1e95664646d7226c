package io.github.netrpc.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What tests have measured, for the scorecard: a file of properties for each in
 * {@code target/figures}. A test does not fail on them, since the machine may be busy.
 */
public final class TestFigures {

	private static final Path FOLDER = Path.of("target", "figures");

	private TestFigures() {
	}

	/**
	 * Writes figures in place of those of an earlier run.
	 * @param name the name of the file, without its ending
	 * @param figures whole numbers by their names, with their units in these
	 */
	public static void write(String name, Map<String, Long> figures) {
		String lines = new TreeMap<>(figures).entrySet()
			.stream()
			.map((figure) -> figure.getKey() + "=" + figure.getValue() + "\n")
			.collect(Collectors.joining());
		try {
			Files.createDirectories(FOLDER);
			Files.writeString(FOLDER.resolve(name + ".properties"), lines, StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
