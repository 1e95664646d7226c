package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

import io.github.netrpc.benchmarks.Machine;
import io.github.netrpc.benchmarks.Revision;
import io.github.netrpc.benchmarks.reliability.Reliability.RowResult;

/**
 * The report of a run, in Markdown: one table of all figures, then a section for each
 * scenario.
 */
final class ReliabilityReport {

	static final String TABLE_HEAD = """
			| row | test | N | target | measured | verdict | Go's net/rpc, same run |
			|---|---|---|---|---|---|---|
			""";

	private final ReliabilityOptions options;

	private final Revision revision;

	private final Machine machine;

	private final String go;

	private final Duration duration;

	private final List<RowResult> results;

	private final StringBuilder text = new StringBuilder();

	ReliabilityReport(ReliabilityOptions options, Revision revision, Machine machine, String go, Duration duration,
			List<RowResult> results) {
		this.options = options;
		this.revision = revision;
		this.machine = machine;
		this.go = go;
		this.duration = duration;
		this.results = List.copyOf(results);
	}

	String toMarkdown() {
		this.text.setLength(0);
		head();
		table();
		this.results.forEach(this::section);
		return this.text.toString();
	}

	private void head() {
		line("# Reliability: nodes under faults");
		line("");
		line("%s, `benchmarks/reliability%s`, %.1f minutes. %s", LocalDate.now(ZoneOffset.UTC),
				this.options.arguments().isEmpty() ? "" : " " + String.join(" ", this.options.arguments()),
				this.duration.toSeconds() / 60.0, this.options.quick()
						? "**A quick run: few rounds, which show that it works and prove no figure.**" : summary());
		line("Nodes are processes of their own, the Java client is in the process that measures, Go's are stock "
				+ "`net/rpc` programs. Traffic is on loopback, in a network namespace of the run's own.");
		line("A node works by sleeping; failed calls are followed by the next one 5 ms later. How it is done: "
				+ "[benchmarks/README.md](../benchmarks/README.md).");
		line("");
		line("- Commit: %s", this.revision);
		line("- Machine: %d cores, %s, %s; load average %.2f before, %.2f after", this.machine.cores(),
				this.machine.processor(), this.machine.system(), this.machine.load(), Machine.loadAverage());
		line("- JDK: %s %s", System.getProperty("java.vm.name"), System.getProperty("java.vm.version"));
		line("- Go: %s", this.go);
	}

	private String summary() {
		List<Figure> figures = this.results.stream().flatMap((result) -> result.outcome().figures().stream()).toList();
		return summary(figures.size(),
				(verdict) -> figures.stream().filter((figure) -> figure.verdict() == verdict).count());
	}

	/**
	 * The sentence that counts the figures.
	 * @param figures how many there are
	 * @param count how many have a verdict
	 */
	static String summary(int figures, ToLongFunction<Verdict> count) {
		return String.format(Locale.ROOT, "%d figures: %d met, %d not met, %d not measured.", figures,
				count.applyAsLong(Verdict.MET), count.applyAsLong(Verdict.NOT_MET),
				count.applyAsLong(Verdict.NOT_MEASURED));
	}

	private void table() {
		line("");
		this.text.append(TABLE_HEAD);
		for (RowResult result : this.results) {
			result.outcome().figures().forEach((figure) -> line("%s", line(figure)));
		}
	}

	static String line(Figure figure) {
		return String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %s | %s |", figure.row(), figure.test(),
				(figure.n() > 0) ? Figure.count(figure.n()) : "", figure.target(), figure.measured(), figure.verdict(),
				figure.go());
	}

	static String heading(Scenario scenario) {
		return "## %s: %s".formatted(String.join(", ", scenario.rows()), scenario.title());
	}

	private void section(RowResult result) {
		line("");
		line("%s", heading(result.scenario()));
		line("");
		line("Took %d s; %s.", Math.round(result.duration().toMillis() / 1000.0), result.disturbance());
		line("");
		result.outcome().details().forEach((detail) -> line("- %s", detail));
	}

	private void line(String format, Object... arguments) {
		this.text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
	}

}
