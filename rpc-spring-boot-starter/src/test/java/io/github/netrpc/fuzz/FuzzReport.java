package io.github.netrpc.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Jazzer did, as a table, and what it has done so far, all reports together.
 */
final class FuzzReport {

	private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units: (\\d+)");

	private static final Pattern COVERAGE = Pattern.compile(" cov: (\\d+) ft: (\\d+) corp: (\\d+)");

	private static final Pattern SO_FAR = Pattern.compile("Runs so far: \\*\\*([\\d,]+)\\*\\*");

	private final List<Row> rows;

	FuzzReport(List<Row> rows) {
		this.rows = rows;
	}

	String table() {
		StringBuilder table = new StringBuilder(
				"| target | what is tried | seconds | runs | a second | edges | inputs | findings |\n"
						+ "|---|---|---|---|---|---|---|---|\n");
		this.rows.forEach((row) -> table.append(row.line()).append('\n'));
		return table.toString();
	}

	String summary() {
		List<Row> tried = this.rows.stream().filter((row) -> row.leftOut().isEmpty()).toList();
		long seconds = tried.stream().mapToLong((row) -> (long) row.seconds()).min().orElse(0);
		String summary = text("%d targets, at least %d s each, %,d runs; open findings: **%d**", tried.size(), seconds,
				runs(), tried.stream().mapToInt(Row::findings).sum());
		return (tried.size() == this.rows.size()) ? summary
				: summary + text("; **%d left out**", this.rows.size() - tried.size());
	}

	/** Whether nothing was found, and nothing left out unless that may be. */
	boolean passes(boolean leavesOut) {
		return this.rows.stream().allMatch((row) -> row.findings() == 0 && (leavesOut || row.leftOut().isEmpty()));
	}

	private long runs() {
		return this.rows.stream().mapToLong(Row::runs).sum();
	}

	/** Writes a report in place of an earlier one, whose runs are added. */
	void write(Path file) throws IOException {
		String before = Files.exists(file) ? Files.readString(file) : "";
		Matcher soFar = SO_FAR.matcher(before);
		long runs = runs() + (soFar.find() ? Long.parseLong(soFar.group(1).replace(",", "")) : 0);
		int end = before.indexOf("\n## ");
		String kept = (end < 0) ? "" : before.substring(end);
		Files.writeString(file, "# Fuzzing\n\n" + LocalDate.now(ZoneOffset.UTC) + ", `benchmarks/fuzz`. Jazzer 0.30.0, "
				+ System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + "; "
				+ Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
				+ System.getProperty("os.arch") + ".\n" + summary() + ".\n" + text("Runs so far: **%,d**", runs)
				+ ", in all runs that were written down here.\n\n" + table() + kept);
	}

	private static String text(String format, Object... arguments) {
		return String.format(Locale.ROOT, format, arguments);
	}

	/**
	 * What came of one target.
	 *
	 * @param target its name
	 * @param description what is tried
	 * @param seconds how long Jazzer ran
	 * @param runs how many inputs it tried
	 * @param edges how many branches they reached
	 * @param inputs how many inputs reach all of them
	 * @param findings how many inputs broke a promise
	 * @param leftOut what was missing to try it, empty if nothing was
	 */
	record Row(String target, String description, double seconds, long runs, long edges, long inputs, int findings,
			String leftOut) {

		static Row leftOut(FuzzTarget target, String missing) {
			return new Row(target.name(), target.description(), 0, 0, 0, 0, 0, missing);
		}

		static Row of(FuzzTarget target, String log, double seconds, int findings) {
			Matcher runs = RUNS.matcher(log);
			long edges = 0;
			long inputs = 0;
			Matcher coverage = COVERAGE.matcher(log);
			while (coverage.find()) {
				edges = Long.parseLong(coverage.group(1));
				inputs = Long.parseLong(coverage.group(3));
			}
			return new Row(target.name(), target.description(), seconds,
					runs.find() ? Long.parseLong(runs.group(1)) : 0, edges, inputs, findings, "");
		}

		String line() {
			if (!this.leftOut.isEmpty()) {
				return text("| %s | %s | left out: %s | | | | | |", this.target, this.description, this.leftOut);
			}
			return text("| %s | %s | %.0f | %,d | %,.0f | %,d | %,d | %s |", this.target, this.description,
					this.seconds, this.runs, this.runs / Math.max(1, this.seconds), this.edges, this.inputs,
					(this.findings == 0) ? "0" : "**" + this.findings + "**");
		}

	}

}
