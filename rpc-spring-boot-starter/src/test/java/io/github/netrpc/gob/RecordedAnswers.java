package io.github.netrpc.gob;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.GobDifferencesFuzz.Answer;

/**
 * What Go said, for where there is none: a line for each stream, with the beginning of
 * the SHA-256 of its kind and bytes, the hashes of the values, and what ended it. <pre>
 * 0011223344556677 9e3779b97f4a7c15,0 EOF
 * </pre> Immutable.
 */
final class RecordedAnswers implements GoAnswers {

	private static final String FILE = "gob-differences-go.txt";

	private static final String NO_VALUES = "-";

	private static final int KEY_BYTES = 8;

	/** Of its reasons no more is looked at. */
	private static final int LONGEST_FAILURE = 60;

	private final Map<String, Answer> answers;

	private RecordedAnswers(Map<String, Answer> answers) {
		this.answers = answers;
	}

	/** Those beside the corpora; none if nothing was recorded yet. */
	static RecordedAnswers read() {
		SortedMap<String, Answer> answers = new TreeMap<>();
		try (InputStream in = RecordedAnswers.class.getResourceAsStream("/fuzz/" + FILE)) {
			if (in != null) {
				new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines()
					.map((line) -> line.split(" ", 3))
					.forEach((parts) -> answers.put(parts[0], new Answer(hashes(parts[1]), parts[2])));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new RecordedAnswers(answers);
	}

	private static List<Long> hashes(String text) {
		return text.equals(NO_VALUES) ? List.of()
				: Arrays.stream(text.split(",")).map((each) -> Long.parseUnsignedLong(each, 16)).toList();
	}

	@Override
	public @Nullable Answer read(int kind, int most, byte[] stream) {
		return this.answers.get(key(kind, stream));
	}

	static String key(int kind, byte[] stream) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update((byte) kind);
			return HexFormat.of().formatHex(digest.digest(stream), 0, KEY_BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Writes what Go said.
	 * @param answers by the keys of their streams
	 * @param folder where the corpora are
	 */
	static void write(SortedMap<String, Answer> answers, Path folder) throws IOException {
		List<String> lines = new ArrayList<>();
		answers.forEach((key, answer) -> lines.add(key + " " + line(answer)));
		Files.write(folder.resolve(FILE), lines, StandardCharsets.US_ASCII);
	}

	private static String line(Answer answer) {
		String hashes = answer.hashes().stream().map(Long::toHexString).collect(Collectors.joining(","));
		String failure = answer.failure().replaceAll("[^ -~]", "?");
		return (hashes.isEmpty() ? NO_VALUES : hashes) + " "
				+ failure.substring(0, Math.min(failure.length(), LONGEST_FAILURE));
	}

}
