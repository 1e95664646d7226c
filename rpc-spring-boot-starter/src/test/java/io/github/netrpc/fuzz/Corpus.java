package io.github.netrpc.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The saved inputs of one target, in a text file: a line each, in Base64. Found bugs have
 * their names before theirs. <pre>
 * count-beyond-the-message: BwEC
 * AA==
 * </pre>
 */
final class Corpus {

	/** Where the files are, seen from the module. */
	static final Path FOLDER = Path.of("src", "test", "resources", "fuzz");

	private static final String SEPARATOR = ": ";

	private final Path file;

	private final List<Input> inputs = new ArrayList<>();

	private Corpus(Path file) {
		this.file = file;
	}

	/**
	 * Reads the saved inputs.
	 * @param folder where the files are
	 * @param target the name of the target
	 * @return the inputs, none if there is no file
	 */
	static Corpus read(Path folder, String target) {
		Corpus corpus = new Corpus(folder.resolve(target + ".txt"));
		if (Files.exists(corpus.file)) {
			try {
				for (String line : Files.readAllLines(corpus.file)) {
					int end = line.indexOf(SEPARATOR);
					String name = (end < 0) ? "" : line.substring(0, end);
					String text = (end < 0) ? line : line.substring(end + SEPARATOR.length());
					corpus.inputs.add(new Input(name, Base64.getDecoder().decode(text)));
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return corpus;
	}

	List<Input> inputs() {
		return this.inputs;
	}

	/**
	 * Replaces the inputs that have no name.
	 * @param found candidates, the shortest of which are taken
	 * @param mostBytes how many bytes they may take together
	 */
	void replace(List<byte[]> found, int mostBytes) throws IOException {
		List<byte[]> shortestFirst = new ArrayList<>(found);
		shortestFirst.sort(Comparator.comparingInt((input) -> input.length));
		Set<String> lines = new TreeSet<>();
		int bytes = 0;
		for (byte[] input : shortestFirst) {
			bytes += input.length;
			if (bytes > mostBytes) {
				break;
			}
			lines.add(Base64.getEncoder().encodeToString(input));
		}
		List<String> all = new ArrayList<>();
		for (Input input : this.inputs) {
			if (!input.name().isEmpty()) {
				all.add(input.name() + SEPARATOR + Base64.getEncoder().encodeToString(input.bytes()));
			}
		}
		lines.removeIf(String::isEmpty);
		all.addAll(lines);
		Files.createDirectories(this.file.getParent());
		Files.write(this.file, all, StandardCharsets.US_ASCII);
	}

	/**
	 * Lays inputs out for Jazzer, a file each.
	 * @param folder takes the files
	 * @param seeds further inputs
	 */
	void unpack(Path folder, List<byte[]> seeds) throws IOException {
		Files.createDirectories(folder);
		int count = 0;
		for (byte[] seed : seeds) {
			Files.write(folder.resolve("seed-" + count++), seed);
		}
		for (Input input : this.inputs) {
			Files.write(folder.resolve("saved-" + count++), input.bytes());
		}
	}

	/** The files of a folder. */
	static List<byte[]> files(Path folder) throws IOException {
		List<byte[]> found = new ArrayList<>();
		try (Stream<Path> files = Files.list(folder)) {
			for (Path file : files.sorted().toList()) {
				found.add(Files.readAllBytes(file));
			}
		}
		return found;
	}

	/**
	 * A saved input.
	 *
	 * @param name what it showed, empty if it is only interesting
	 * @param bytes the input
	 */
	record Input(String name, byte[] bytes) {
	}

}
