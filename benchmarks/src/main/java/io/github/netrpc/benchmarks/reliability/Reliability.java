package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.netrpc.benchmarks.Machine;
import io.github.netrpc.benchmarks.Program;
import io.github.netrpc.benchmarks.Revision;

/**
 * Puts nodes under faults, one scenario after the other, and prints the rows of the
 * scorecard. A scenario that fails leaves its rows unmeasured and the others alone.
 */
public final class Reliability {

	/** In this order, because the deadlines are those of all calls before them. */
	static final List<Scenario> SCENARIOS = List.of(new RollingRestart(), new KillFailover(), new WorkerKilled(),
			new Straggler(), new LateResults(), new CoordinatorKilled(), new BlackHole(), Healing.ofOneNode(),
			Healing.ofThreeNodes(), new BadNode(), new SlowNode(), new Overload(), new RetryAmplification(),
			new IdleConnections(), new SlowReader(), new ReconnectStorm(), new DecodeCost(), new Slowloris(),
			new GarbageFlood(), new Soak(), new SecurityReports(), new SupersetThroughput(), new Distribution(),
			new Deadlines(), new OtherReports());

	private final ReliabilityOptions options;

	private final Program go;

	private final DeadlineLedger deadlines = new DeadlineLedger(System::nanoTime);

	private Reliability(ReliabilityOptions options, Program go) {
		this.options = options;
		this.go = go;
	}

	/**
	 * Runs the scenarios and prints the report.
	 * @param args see {@code --help}
	 * @throws Exception if it cannot run
	 */
	public static void main(String[] args) throws Exception {
		List<String> known = SCENARIOS.stream().flatMap((scenario) -> scenario.rows().stream()).distinct().toList();
		if (List.of(args).contains("--help")) {
			System.out.print(ReliabilityOptions.usage(known));
			return;
		}
		Path home = Path.of(System.getProperty("rpc.bench.home", ""));
		ReliabilityOptions options = ReliabilityOptions.parse(args, home, System.getProperty("rpc.bench.namespace", ""),
				known);
		long begin = System.nanoTime();
		Revision revision = Revision.of(home);
		Machine machine = Machine.now();
		Program go = Program.buildGo(home);
		List<RowResult> results = new Reliability(options, go).run();
		ReliabilityReport report = new ReliabilityReport(options, revision, machine, go.version(),
				Duration.ofNanos(System.nanoTime() - begin), results);
		System.out.println();
		System.out.println(report.toMarkdown());
		if (options.write()) {
			write(report.toMarkdown(), home.resolve("../docs/reliability-results.md"), options, known);
		}
		// Threads of what has hung must not keep this process
		System.exit((options.check() && !isMet(results)) ? 1 : 0);
	}

	private static boolean isMet(List<RowResult> results) {
		return results.stream()
			.flatMap((result) -> result.outcome().figures().stream())
			.allMatch((figure) -> figure.verdict() == Verdict.MET);
	}

	/**
	 * Writes the report of a whole run, or what it says of some rows into the report of
	 * the whole run before.
	 */
	private static void write(String report, Path file, ReliabilityOptions options, List<String> known)
			throws IOException {
		if (options.rows().isEmpty()) {
			Files.writeString(file, report);
			return;
		}
		List<String> order = SCENARIOS.stream().map(ReliabilityReport::heading).toList();
		Files.writeString(file,
				PrintedReport.parse(Files.readString(file))
					.with(PrintedReport.parse(report), order, known)
					.toMarkdown());
	}

	List<RowResult> run() throws Exception {
		Workbench.makeEmpty(this.options.target());
		List<RowResult> results = new ArrayList<>();
		for (Scenario scenario : SCENARIOS) {
			if (this.options.wants(scenario)) {
				System.out.println("== " + String.join(", ", scenario.rows()) + ": " + scenario.title());
				RowResult result = run(scenario);
				results.add(result);
				result.outcome()
					.figures()
					.forEach((figure) -> System.out.println("   " + ReliabilityReport.line(figure)));
				System.out.printf(Locale.ROOT, "   %.0f s%n", result.duration().toMillis() / 1000.0);
			}
		}
		return results;
	}

	private RowResult run(Scenario scenario) throws InterruptedException {
		long begin = System.nanoTime();
		double load = Machine.loadAverage();
		Outcome outcome;
		PauseMeter pauses = PauseMeter.start();
		try (Workbench bench = new Workbench(this.options, this.go, this.deadlines, this.options.target())) {
			outcome = run(scenario, bench);
		}
		finally {
			pauses.close();
		}
		return new RowResult(scenario, outcome, Duration.ofNanos(System.nanoTime() - begin),
				String.format(Locale.ROOT, "load average %.2f before; %s", load, pauses.text()));
	}

	private Outcome run(Scenario scenario, Workbench bench) throws InterruptedException {
		long limit = scenario.limit(this.options).toSeconds();
		FutureTask<Outcome> task = new FutureTask<>(() -> scenario.run(bench));
		Thread thread = new Thread(task, scenario.getClass().getSimpleName());
		thread.setDaemon(true);
		thread.start();
		try {
			return task.get(limit, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			task.cancel(true);
			thread.join(5000);
			return notMeasured(scenario, "had not ended after " + limit + " s, was cut");
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			if (!(cause instanceof BlackHoles.MissingToolException)) {
				cause.printStackTrace();
			}
			return notMeasured(scenario, String.valueOf(cause.getMessage()));
		}
	}

	private static Outcome notMeasured(Scenario scenario, String reason) {
		String line = reason.replaceAll("\\s+", " ").replace("|", "/");
		return new Outcome(
				scenario.rows().stream().map((row) -> Figure.notMeasured(row, scenario.title(), line)).toList(),
				List.of());
	}

	/**
	 * What a scenario found.
	 *
	 * @param scenario the scenario
	 * @param outcome what it found
	 * @param duration how long it took
	 * @param disturbance what else happened to the machine
	 */
	record RowResult(Scenario scenario, Outcome outcome, Duration duration, String disturbance) {

	}

}
