package io.github.netrpc.benchmarks.reliability;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to run. Immutable.
 *
 * @param rows the rows asked for, empty for all
 * @param soak how long the soak takes
 * @param quick whether to do everything a few times only
 * @param write whether {@code docs/reliability-results.md} is written
 * @param check whether a figure that is not met fails the run
 * @param home the directory of this module
 * @param namespace the network namespace of the shell that has started the script, empty
 * if the script has made no private one
 * @param arguments the arguments as given
 */
record ReliabilityOptions(List<String> rows, Duration soak, boolean quick, boolean write, boolean check, Path home,
		String namespace, List<String> arguments) {

	/** The row of a whole run. */
	private static final String WHOLE = "R9";

	private static final Duration SOAK = Duration.ofMinutes(5);

	private static final Duration QUICK_SOAK = Duration.ofSeconds(10);

	static final String USAGE = """
			benchmarks/reliability [options]   puts nodes under faults and prints the rows of the scorecard
			  --rows=R1,R13                    only these rows (all):
			                                   %s
			  --soak=60m                       how long R19 takes (5m)
			  --quick                          everything a few times only; proves that it runs, not the figures
			  --check                          exit status 1 if a figure misses its target, or could not be taken
			  --write                          write docs/reliability-results.md; with --rows only these rows of it,
			                                   with the time and the commit of their run
			""";

	ReliabilityOptions {
		rows = List.copyOf(rows);
		arguments = List.copyOf(arguments);
		require(!(write && quick), "--write with --quick", "one of them: few rounds prove little");
		require(!write || !rows.contains(WHOLE), "--write with --rows=" + WHOLE,
				"all rows, since " + WHOLE + " looks at the calls of all");
	}

	static ReliabilityOptions parse(String[] args, Path home, String namespace, List<String> known) {
		List<String> rows = new ArrayList<>();
		Duration soak = List.of(args).contains("--quick") ? QUICK_SOAK : SOAK;
		boolean quick = false;
		boolean write = false;
		boolean check = false;
		for (String arg : args) {
			if (arg.startsWith("--rows=")) {
				rows.addAll(List.of(arg.substring("--rows=".length()).split(",")));
			}
			else if (arg.startsWith("--soak=")) {
				soak = soakLength(arg);
			}
			else if (arg.equals("--quick")) {
				quick = true;
			}
			else if (arg.equals("--check")) {
				check = true;
			}
			else if (arg.equals("--write")) {
				write = true;
			}
			else {
				require(false, "\"" + arg + "\"", "one of the options\n" + usage(known));
			}
		}
		for (String row : rows) {
			require(known.contains(row), "--rows=" + row, "some of " + String.join(",", known));
		}
		return new ReliabilityOptions(rows, soak, quick, write, check, home, namespace, List.of(args));
	}

	private static Duration soakLength(String arg) {
		Matcher matcher = Pattern.compile("--soak=([0-9]{1,4}[smh])").matcher(arg);
		require(matcher.matches(), arg, "a number and s, m or h, as in --soak=5m");
		return Duration.parse("PT" + matcher.group(1));
	}

	static String usage(List<String> known) {
		return USAGE.formatted(String.join(",", known));
	}

	private static void require(boolean condition, String found, String expected) {
		if (!condition) {
			throw new IllegalArgumentException(found + " (expected: " + expected + ")");
		}
	}

	boolean wants(Scenario scenario) {
		return this.rows.isEmpty() || scenario.rows().stream().anyMatch(this.rows::contains);
	}

	Path target() {
		return this.home.resolve("target/reliability").toAbsolutePath();
	}

}
