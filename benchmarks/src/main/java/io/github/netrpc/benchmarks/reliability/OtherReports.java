package io.github.netrpc.benchmarks.reliability;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows of programs that run for longer, or need no nodes, and write reports of their
 * own: the figures are what these reports say. <pre>
 * docs/simulation-results.md   benchmarks/simulation, benchmarks/planted-bugs
 * docs/interleavings.md        benchmarks/interleavings
 * </pre>
 */
final class OtherReports implements Scenario {

	private static final double LEAST_SEEDS = 100_000;

	private static final double LEAST_HOURS = 1_000;

	private static final double LEAST_STRUCTURES = 6;

	private static final double LEAST_BUGS = 20;

	private static final double LEAST_NOTICED = 95;

	@Override
	public List<String> rows() {
		return List.of("R26", "R27", "R28");
	}

	@Override
	public String title() {
		return "simulation, interleavings and planted bugs, as their own reports have them";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		Path docs = bench.options().home().resolve("../docs");
		return read(Files.readString(docs.resolve("simulation-results.md")),
				Files.readString(docs.resolve("interleavings.md")));
	}

	static Outcome read(String simulation, String interleavings) {
		long seeds = number(simulation, "\\| seeds \\| ([\\d,]+)");
		double hours = decimal(simulation, "\\| virtual time \\| ([\\d,.]+) h");
		long breaches = number(simulation, "\\| breaches \\| \\*\\*([\\d,]+)\\*\\*");
		long bugs = number(simulation, "\\*\\*([\\d,]+) bugs planted, [\\d,]+ not noticed\\*\\*");
		long missed = number(simulation, "\\*\\*[\\d,]+ bugs planted, ([\\d,]+) not noticed\\*\\*");
		long structures = number(interleavings, "([\\d,]+) structures, ");
		long tests = number(interleavings, "structures, ([\\d,]+) tests, ");
		long samples = number(interleavings, "tests, ([\\d,]+) samples");
		long forbidden = number(interleavings, "forbidden outcomes seen: \\*\\*([\\d,]+)\\*\\*");
		return new Outcome(
				List.of(Figure.zero("R26", "promises that simulated faults have broken", seeds, breaches),
						Figure.atLeast("R26", "seeds", seeds, LEAST_SEEDS, (double) seeds, ""),
						Figure.atLeast("R26", "virtual time", seeds, LEAST_HOURS, hours, " h"),
						Figure.zero("R27", "forbidden outcomes of two threads at one object", samples, forbidden),
						Figure.atLeast("R27", "structures", tests, LEAST_STRUCTURES, (double) structures, ""),
						Figure.atLeast("R28", "planted bugs that are noticed", bugs, LEAST_NOTICED,
								100.0 * (bugs - missed) / bugs, " %"),
						Figure.atLeast("R28", "bugs planted", bugs, LEAST_BUGS, (double) bugs, "")),
				List.of("R26 and R28: [simulation-results.md](simulation-results.md), "
						+ text(simulation, "\\| when, where \\| ([^|]+) \\|"),
						"R27: [interleavings.md](interleavings.md), "
								+ text(interleavings, "\\n(\\d{4}-\\d\\d-\\d\\d), ") + ", with JCStress"));
	}

	private static long number(String report, String pattern) {
		return Long.parseLong(text(report, pattern).replace(",", ""));
	}

	private static double decimal(String report, String pattern) {
		return Double.parseDouble(text(report, pattern).replace(",", ""));
	}

	private static String text(String report, String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(report);
		if (!matcher.find()) {
			throw new IllegalArgumentException("a report has nothing like \"" + pattern + "\"");
		}
		return matcher.group(1);
	}

}
