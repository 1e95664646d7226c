package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rows of fuzzing and of the tests of hostile and of unknown peers: the figures are
 * what they themselves say. <pre>
 * docs/fuzzing.md                                     benchmarks/fuzz --write
 * rpc-spring-boot-starter/target/surefire-reports     ./mvnw verify
 * rpc-spring-boot-starter/target/tls-*.tsv            the same
 * rpc-spring-boot-starter/src/test/resources/gallery.tsv
 * rpc-spring-boot-starter/src/test/resources/gallery-rules.tsv
 * </pre>
 */
final class SecurityReports implements Scenario {

	private static final double LEAST_TARGETS = 10;

	private static final double LEAST_SECONDS = 60;

	private static final double LEAST_RUNS = 100_000_000;

	private static final double LEAST_INPUTS = 250;

	private static final double LEAST_CASES = 40;

	/** How long a new certificate may take, and a peer without TLS, in milliseconds. */
	private static final double MOST_ROTATION_MILLIS = 5_000;

	private static final double MOST_MISMATCH_MILLIS = 1_000;

	static final List<String> GALLERIES = List.of("interop.HostileGalleryIntegrationTests",
			"interop.GuardedGalleryIntegrationTests");

	/** Who gets through with what, and how TLS ends. */
	static final List<String> ACCESS = List.of("interop.AccessTableIntegrationTests", "interop.TlsIntegrationTests",
			"interop.TlsMismatchIntegrationTests", "autoconfigure.TlsIntegrationTests", "interop.TlsInteropTests",
			"interop.LoginInteropTests");

	@Override
	public List<String> rows() {
		return List.of("R20", "R22", "R25");
	}

	@Override
	public String title() {
		return "fuzzing, hostile inputs, TLS and authentication, as their own reports have them";
	}

	@Override
	public Outcome run(Workbench bench) throws IOException {
		Path root = bench.options().home().resolve("..");
		return read(root.resolve("docs/fuzzing.md"), root.resolve("rpc-spring-boot-starter/src/test/resources"),
				root.resolve("rpc-spring-boot-starter/target/surefire-reports"),
				root.resolve("rpc-spring-boot-starter/target"));
	}

	static Outcome read(Path fuzzing, Path resources, Path tests, Path measured) throws IOException {
		List<Figure> figures = new ArrayList<>();
		List<String> details = new ArrayList<>();
		if (Files.exists(fuzzing)) {
			fuzzing(Files.readString(fuzzing), figures);
			details.add("R20: [fuzzing.md](fuzzing.md)");
		}
		else {
			figures.add(Figure.notMeasured("R20", "fuzzing", "there is no docs/fuzzing.md: benchmarks/fuzz --write"));
		}
		GalleryInputs inputs = GalleryInputs.of(lines(resources.resolve("gallery.tsv")));
		figures.add(
				Figure.atLeast("R22", "named hostile inputs", inputs.count(), LEAST_INPUTS, (double) inputs.count(), "")
					.explained("%s distinct".formatted(Figure.count(inputs.distinct()))));
		Tests hostile = Tests.of(tests, GALLERIES);
		figures.add(hostile.failed("R22", "tests of them that failed; each asks an honest client in the end"));
		Tests access = Tests.of(tests, ACCESS);
		figures.add(access.failed("R25",
				"cases of TLS and authentication with another verdict than is written, or a handler that ran before it"));
		if (access.isWhole()) {
			figures
				.add(Figure.atLeast("R25", "cases of them", access.count(), LEAST_CASES, (double) access.count(), ""));
		}
		rotation(measured.resolve("tls-rotation.tsv"), figures);
		mismatch(measured.resolve("tls-mismatch.tsv"), figures);
		details.add("R22: the inputs of `gallery.tsv`, and the last run of %s".formatted(quoted(GALLERIES)));
		details.add("R22: %s".formatted(inputs.text()));
		details.add(
				"R22: rules without a named input, as they are of start-up and of the build, and tests show them (`gallery-rules.tsv`): %s"
					.formatted(rulesWithoutInput(lines(resources.resolve("gallery-rules.tsv")))));
		details.add("R25: the last run of %s; times as they measured them".formatted(quoted(ACCESS)));
		return new Outcome(figures, details);
	}

	private static String quoted(List<String> names) {
		return names.stream().collect(Collectors.joining("`, `", "`", "`"));
	}

	private static void fuzzing(String report, List<Figure> figures) {
		Matcher summary = Pattern
			.compile("([\\d,]+) targets, at least ([\\d,]+) s each, [\\d,]+ runs; open findings: \\*\\*([\\d,]+)\\*\\*"
					+ "(?:; \\*\\*([\\d,]+) left out\\*\\*)?")
			.matcher(report);
		Matcher soFar = Pattern.compile("Runs so far: \\*\\*([\\d,]+)\\*\\*").matcher(report);
		if (!summary.find() || !soFar.find()) {
			throw new IllegalArgumentException("docs/fuzzing.md does not say what was found (expected: \""
					+ summary.pattern() + "\" and \"" + soFar.pattern() + "\")");
		}
		long targets = number(summary.group(1));
		long runs = number(soFar.group(1));
		figures.add(Figure.zero("R20", "open findings of fuzzing", runs, number(summary.group(3))));
		figures.add(Figure.atLeast("R20", "targets", targets, LEAST_TARGETS, (double) targets, ""));
		long leftOut = (summary.group(4) != null) ? number(summary.group(4)) : 0;
		figures.add(Figure.zero("R20", "targets left out", targets + leftOut, leftOut));
		figures.add(Figure.atLeast("R20", "time of each target", targets, LEAST_SECONDS,
				(double) number(summary.group(2)), " s"));
		figures.add(Figure.atLeast("R20", "runs before 1.0", runs, LEAST_RUNS, (double) runs, ""));
	}

	private static void rotation(Path file, List<Figure> figures) throws IOException {
		String lost = "calls lost while certificates are replaced under load";
		if (!Files.exists(file)) {
			figures.add(Figure.notMeasured("R25", lost, "there is no report of it: ./mvnw verify"));
			return;
		}
		Map<String, Long> found = values(file);
		figures.add(Figure.zero("R25", lost, value(found, "calls"), value(found, "lost"))
			.explained("%s calls on new connections".formatted(Figure.count(value(found, "connections")))));
		figures.add(Figure.atMost("R25", "until new connections get a new certificate, at worst",
				value(found, "rotations"), MOST_ROTATION_MILLIS, (double) value(found, "worst millis"), " ms"));
	}

	private static void mismatch(Path file, List<Figure> figures) throws IOException {
		String told = "until a caller is told that one side only speaks TLS, at worst";
		Collection<Long> millis = Files.exists(file) ? values(file).values() : List.of();
		if (millis.isEmpty()) {
			figures.add(Figure.notMeasured("R25", told, "there is no report of it: ./mvnw verify"));
			return;
		}
		figures.add(Figure.atMost("R25", told, millis.size(), MOST_MISMATCH_MILLIS, (double) Collections.max(millis),
				" ms"));
	}

	/** Lines of a name and a number. */
	private static Map<String, Long> values(Path file) throws IOException {
		Map<String, Long> values = new HashMap<>();
		for (String line : Files.readAllLines(file)) {
			int tab = line.indexOf('\t');
			values.put(line.substring(0, tab), Long.valueOf(line.substring(tab + 1)));
		}
		return values;
	}

	private static long value(Map<String, Long> values, String name) {
		Long value = values.get(name);
		if (value == null) {
			throw new IllegalArgumentException("figures of tests: " + values + " (expected: one named " + name + ")");
		}
		return value;
	}

	private static long number(String text) {
		return Long.parseLong(text.replace(",", ""));
	}

	/** The columns of a table. */
	private static List<String[]> lines(Path table) throws IOException {
		return Files.readAllLines(table)
			.stream()
			.filter((line) -> !line.isBlank() && !line.startsWith("#"))
			.map((line) -> line.split("\t"))
			.toList();
	}

	private static String rulesWithoutInput(List<String[]> rules) {
		Set<Integer> numbers = new TreeSet<>();
		rules.forEach((rule) -> numbers.add(Integer.valueOf(rule[0].substring(1))));
		rules.stream()
			.filter((rule) -> !rule[1].equals("test"))
			.forEach((rule) -> numbers.remove(Integer.valueOf(rule[0].substring(1))));
		return numbers.isEmpty() ? "none"
				: numbers.stream().map((number) -> "S" + number).collect(Collectors.joining(", "));
	}

	/**
	 * What Maven's reports of some test classes say.
	 *
	 * @param missing the classes that there is no report of
	 * @param count how many tests ran
	 * @param failures how many of them failed
	 */
	private record Tests(List<String> missing, long count, long failures) {

		private static final Pattern SUITE = Pattern.compile("<testsuite [^>]*>");

		static Tests of(Path directory, List<String> classes) throws IOException {
			List<String> missing = new ArrayList<>();
			long count = 0;
			long failures = 0;
			for (String each : classes) {
				Path report = directory.resolve("TEST-io.github.netrpc." + each + ".xml");
				Matcher suite = SUITE.matcher(Files.exists(report) ? Files.readString(report) : "");
				long ran = suite.find() ? attribute(suite.group(), "tests") - attribute(suite.group(), "skipped") : 0;
				if (ran > 0) {
					count += ran;
					failures += attribute(suite.group(), "failures") + attribute(suite.group(), "errors");
				}
				else {
					missing.add("`" + each + "`");
				}
			}
			return new Tests(List.copyOf(missing), count, failures);
		}

		private static long attribute(String element, String name) {
			Matcher matcher = Pattern.compile(" " + name + "=\"(\\d+)\"").matcher(element);
			return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
		}

		boolean isWhole() {
			return this.missing.isEmpty();
		}

		Figure failed(String row, String test) {
			return isWhole() ? Figure.zero(row, test, this.count, this.failures) : Figure.notMeasured(row, test,
					"there is no report of %s that ran: ./mvnw verify".formatted(String.join(", ", this.missing)));
		}

	}

}
