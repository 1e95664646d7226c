package io.github.netrpc.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Has Jazzer try targets, each in a process of its own, and prints what came of it. <pre>
 * --seconds=60     how long each target is tried
 * --jobs=2         how many at a time
 * --seed=N         what the choice of inputs begins with, another one each time by default
 * --targets=a,b    which ones; all by default
 * --work=FOLDER    where Jazzer may write; findings and logs stay there
 * --corpora=FOLDER where the saved inputs are
 * --save           saves what was found, as few and as short inputs as reach the same code
 * --write=FILE     writes the report
 * </pre> Exit status 1 if anything was found. A target for which something is missing
 * here is left out, and the report says so; exit status 1 for that, too, if the target
 * was named, or the environment's {@code CI} is {@code true}.
 */
public final class FuzzRunner {

	/** What the saved inputs of one target may take, in bytes. */
	static final int MOST_SAVED_BYTES = 96 << 10;

	/**
	 * As long as inputs may be; what is small in the limits of the targets can be
	 * reached.
	 */
	private static final int LONGEST_INPUT_BYTES = 4_096;

	/** By the clock on the wall, on a machine that may be busy: only what hangs. */
	private static final int SLOWEST_SECONDS = 120;

	/** What is printed of a finding's log, in characters. */
	private static final int MOST_PRINTED = 2_000;

	/** These take memory on our account wherever strings are compared or searched. */
	private static final List<String> GREEDY_HOOKS = List.of("com.code_intelligence.jazzer.runtime.TraceCmpHooks",
			"com.code_intelligence.jazzer.sanitizers.RegexInjection",
			"com.code_intelligence.jazzer.sanitizers.RegexRoadblocks");

	private final Options options;

	private final PrintStream out;

	private FuzzRunner(Options options, PrintStream out) {
		this.options = options;
		this.out = out;
	}

	/**
	 * Runs the program.
	 * @param arguments the options
	 * @throws Exception if Jazzer cannot be started, or files not be written
	 */
	public static void main(String[] arguments) throws Exception {
		System.exit(new FuzzRunner(Options.of(arguments), System.out).run() ? 0 : 1);
	}

	private boolean run() throws Exception {
		ExecutorService jobs = Executors.newFixedThreadPool(this.options.jobs());
		List<FuzzReport.Row> rows = new ArrayList<>();
		try {
			List<Future<FuzzReport.Row>> running = new ArrayList<>();
			for (String target : this.options.targets()) {
				running.add(jobs.submit(() -> tried(target)));
			}
			for (Future<FuzzReport.Row> each : running) {
				rows.add(each.get());
			}
		}
		finally {
			jobs.shutdownNow();
		}
		FuzzReport report = new FuzzReport(rows);
		this.out.println(report.table());
		this.out.println(report.summary());
		Path file = this.options.write();
		if (file != null) {
			report.write(file);
		}
		return report.passes(this.options.leavesOut());
	}

	private FuzzReport.Row tried(String name) throws IOException, InterruptedException {
		FuzzTarget target = FuzzTargets.of(name);
		String missing = target.missing();
		if (missing != null) {
			return FuzzReport.Row.leftOut(target, missing);
		}
		Path folder = this.options.work().resolve(name);
		delete(folder);
		Path corpus = folder.resolve("corpus");
		Corpus saved = Corpus.read(this.options.corpora(), name);
		saved.unpack(corpus, target.seeds());
		Path log = folder.resolve("log");
		long began = System.nanoTime();
		int status = jazzer(name, log, folder, List.of("-max_total_time=" + this.options.seconds(), corpus.toString()));
		double seconds = (System.nanoTime() - began) / 1e9;
		List<Path> found = found(folder);
		int findings = (found.isEmpty() && status != 0) ? 1 : found.size();
		String printed = Files.readString(log);
		FuzzReport.Row row = FuzzReport.Row.of(target, printed, seconds, findings);
		this.out.println(row.line());
		if (findings > 0) {
			this.out.println(finding(found, printed));
		}
		if (this.options.save() && findings == 0) {
			save(name, folder, corpus, saved);
			target.record(FuzzTargets.known(target, this.options.corpora()), this.options.corpora());
		}
		return row;
	}

	private static List<Path> found(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter((file) -> file.getFileName().toString().matches("(crash|timeout|oom|leak)-.*"))
				.sorted()
				.toList();
		}
	}

	/** All that is needed to try it again elsewhere: a log may be gone by then. */
	private static String finding(List<Path> found, String log) throws IOException {
		StringBuilder text = new StringBuilder();
		int from = log.indexOf("== Java Exception");
		int to = (from < 0) ? -1 : log.indexOf("DEDUP_TOKEN", from);
		text.append((to < 0) ? log.substring(Math.max(0, log.length() - MOST_PRINTED))
				: log.substring(from, Math.min(to, from + MOST_PRINTED)));
		for (Path file : found) {
			String input = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
			text.append(System.lineSeparator()).append(file.getFileName()).append(": ").append(input);
		}
		return text.toString();
	}

	/** Saves the fewest inputs that reach all code that any has reached. */
	private void save(String name, Path folder, Path corpus, Corpus saved) throws IOException, InterruptedException {
		Path merged = folder.resolve("merged");
		Files.createDirectories(merged);
		int status = jazzer(name, folder.resolve("merge.log"), folder,
				List.of("-merge=1", merged.toString(), corpus.toString()));
		if (status != 0) {
			throw new IOException("The inputs of " + name + " could not be merged: " + folder.resolve("merge.log"));
		}
		saved.replace(Corpus.files(merged), MOST_SAVED_BYTES);
	}

	private int jazzer(String target, Path log, Path folder, List<String> rest)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
		command.add("com.code_intelligence.jazzer.Jazzer");
		command.addAll(List.of("--target_class=" + FuzzEntry.class.getName(), "--target_args=" + target,
				"--instrumentation_includes=io.github.netrpc.**", "--instrumentation_excludes=io.github.netrpc.fuzz.**",
				"--custom_hook_includes=io.github.netrpc.**", "--disabled_hooks=" + String.join(":", GREEDY_HOOKS),
				"--reproducer_path=" + folder));
		command.addAll(List.of("-max_len=" + LONGEST_INPUT_BYTES, "-timeout=" + SLOWEST_SECONDS, "-rss_limit_mb=4096",
				"-print_final_stats=1", "-artifact_prefix=" + folder + "/"));
		if (this.options.seed() != null) {
			command.add("-seed=" + this.options.seed());
		}
		command.addAll(rest);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			if (!process.waitFor(this.options.seconds() + 600L, TimeUnit.SECONDS)) {
				throw new IOException("Jazzer does not end: " + log);
			}
			return process.exitValue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static void delete(Path folder) throws IOException {
		if (Files.exists(folder)) {
			try (Stream<Path> files = Files.walk(folder)) {
				for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
					Files.delete(file);
				}
			}
		}
	}

	private record Options(int seconds, int jobs, @Nullable Long seed, Set<String> targets, boolean leavesOut,
			Path work, Path corpora, boolean save, @Nullable Path write) {

		static Options of(String[] arguments) {
			int seconds = 60;
			int jobs = 2;
			Long seed = null;
			Set<String> targets = FuzzTargets.names();
			boolean leavesOut = !"true".equals(System.getenv("CI"));
			Path work = Path.of("target", "fuzz");
			Path corpora = Corpus.FOLDER;
			boolean save = false;
			Path write = null;
			for (String argument : arguments) {
				String value = argument.substring(argument.indexOf('=') + 1);
				switch (argument.substring(0, argument.length() - value.length())) {
					case "--seconds=" -> {
						seconds = Integer.parseInt(value);
					}
					case "--jobs=" -> {
						jobs = Integer.parseInt(value);
					}
					case "--seed=" -> {
						seed = Long.valueOf(value);
					}
					case "--targets=" -> {
						targets = new LinkedHashSet<>(List.of(value.split(",")));
						leavesOut = false;
					}
					case "--work=" -> {
						work = Path.of(value);
					}
					case "--corpora=" -> {
						corpora = Path.of(value);
					}
					case "--write=" -> {
						write = Path.of(value);
					}
					default -> {
						if (!argument.equals("--save")) {
							throw new IllegalArgumentException(
									"Option: " + argument + " (expected: those of " + FuzzRunner.class.getName() + ")");
						}
						save = true;
					}
				}
			}
			return new Options(seconds, jobs, seed, targets, leavesOut, work.toAbsolutePath(), corpora, save, write);
		}

	}

}
