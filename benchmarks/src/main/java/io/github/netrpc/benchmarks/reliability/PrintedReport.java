package io.github.netrpc.benchmarks.reliability;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A report as {@link ReliabilityReport} has printed it, so that single rows can be
 * measured anew without an hour for the others. Immutable.
 *
 * @param head the lines above the table
 * @param table the lines of the table, without its two head lines
 * @param sections the lines of each section by its heading
 */
record PrintedReport(List<String> head, List<String> table, Map<String, List<String>> sections) {

	private static final String SECTION = "## ";

	private static final Pattern RUN = Pattern.compile("(\\S+), (`[^`]*`), ([0-9.]+ minutes)\\..*");

	private static final Pattern SUMMARY = Pattern
		.compile("[0-9]+ figures: [0-9]+ met, [0-9]+ not met, [0-9]+ not measured\\.");

	/**
	 * Reads a report.
	 * @param markdown the report
	 * @return its parts
	 * @throws IllegalArgumentException if it has no table
	 */
	static PrintedReport parse(String markdown) {
		List<String> head = new ArrayList<>();
		List<String> table = new ArrayList<>();
		Map<String, List<String>> sections = new LinkedHashMap<>();
		List<String> part = head;
		for (String line : markdown.lines().toList()) {
			if (line.startsWith(SECTION)) {
				part = sections.computeIfAbsent(line, (heading) -> new ArrayList<>());
			}
			else if (part == head && line.startsWith("|")) {
				table.add(line);
			}
			else {
				part.add(line);
			}
		}
		if (table.size() < 2 || !table.get(1).startsWith("|---")) {
			throw new IllegalArgumentException("a report without a table (expected: one that was written by --write)");
		}
		return new PrintedReport(stripped(head), table.subList(2, table.size()), sections);
	}

	/**
	 * Takes the rows of a later run over; all others stay.
	 * @param later what ran later, with fewer rows
	 * @param order the headings of all sections, in the order of a whole run
	 * @param rows all rows, in the order of a whole run
	 * @return both
	 */
	PrintedReport with(PrintedReport later, List<String> order, List<String> rows) {
		Set<String> measured = later.table.stream().map(PrintedReport::row).collect(Collectors.toSet());
		List<String> table = new ArrayList<>();
		for (String row : rows) {
			(measured.contains(row) ? later.table : this.table).stream()
				.filter((line) -> row(line).equals(row))
				.forEach(table::add);
		}
		Map<String, List<String>> sections = new LinkedHashMap<>();
		for (String heading : order) {
			if (later.sections.containsKey(heading)) {
				sections.put(heading, later.dated(later.sections.get(heading)));
			}
			else if (this.sections.containsKey(heading)) {
				sections.put(heading, this.sections.get(heading));
			}
		}
		return new PrintedReport(this.head, List.copyOf(table), sections);
	}

	/**
	 * Says of which run a section is.
	 */
	private List<String> dated(List<String> section) {
		String run = this.head.stream()
			.map(RUN::matcher)
			.filter(Matcher::matches)
			.map((matcher) -> "%s, %s".formatted(matcher.group(1), matcher.group(2)))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("a report that does not say when it was printed"));
		String commit = this.head.stream()
			.filter((line) -> line.startsWith("- Commit: "))
			.map((line) -> ", commit " + line.substring("- Commit: ".length()))
			.findFirst()
			.orElse("");
		List<String> dated = new ArrayList<>(section);
		dated.add(1, "A run of its own: " + run + commit + ".");
		dated.add(2, "");
		return dated;
	}

	String toMarkdown() {
		StringBuilder text = new StringBuilder();
		this.head.forEach((line) -> text.append(SUMMARY.matcher(line).replaceFirst(summary())).append('\n'));
		text.append('\n').append(ReliabilityReport.TABLE_HEAD);
		this.table.forEach((line) -> text.append(line).append('\n'));
		this.sections.forEach((heading, lines) -> {
			text.append('\n').append(heading).append('\n');
			stripped(lines).forEach((line) -> text.append(line).append('\n'));
		});
		return text.toString();
	}

	private String summary() {
		return ReliabilityReport.summary(this.table.size(),
				(verdict) -> count(this.table, (line) -> has(line, verdict)));
	}

	private static long count(List<String> lines, Predicate<String> condition) {
		return lines.stream().filter(condition).count();
	}

	private static boolean has(String line, Verdict verdict) {
		return line.contains(" | " + verdict + " | ");
	}

	private static String row(String line) {
		return line.substring(1, line.indexOf('|', 1)).strip();
	}

	private static List<String> stripped(List<String> lines) {
		int end = lines.size();
		while (end > 0 && lines.get(end - 1).isBlank()) {
			end--;
		}
		return List.copyOf(lines.subList(0, end));
	}

}
