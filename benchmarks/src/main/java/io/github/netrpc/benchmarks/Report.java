package io.github.netrpc.benchmarks;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The report of a run, in Markdown: one table for each number of calls in flight, and
 * what is to be reached.
 */
final class Report {

	private final Options options;

	private final Results results;

	private final Machine machine;

	private final Revision revision;

	private final Toolchain toolchain;

	private final StringBuilder text = new StringBuilder();

	Report(Options options, Results results, Revision revision, Machine machine, Toolchain toolchain) {
		this.options = options;
		this.results = results;
		this.revision = revision;
		this.machine = machine;
		this.toolchain = toolchain;
	}

	String toMarkdown() {
		head();
		for (int inFlight : this.options.inFlight()) {
			table(inFlight);
		}
		targets();
		this.results.missing().forEach((peer, reason) -> line("- %s: %s", peer.option(), reason));
		return this.text.toString();
	}

	private void head() {
		line("# Side by side: this project, Go's net/rpc, a raw Netty echo");
		line("");
		line("%s, `benchmarks/run %s`: medians of %d rounds, %s s each cell after %s s warm-up (%s s more for fresh "
				+ "processes), peers in turns.", LocalDate.now(ZoneOffset.UTC),
				String.join(" ", this.options.arguments()), this.options.rounds(), this.options.seconds(),
				this.options.warmUp(), this.options.firstWarmUp());
		line("Server and client are processes of their own with one loopback connection. `Arith.Add`: 30 bytes of gob "
				+ "for a request, the same bytes in the echo. CPU is user and system time of both processes, JIT and "
				+ "GC included.");
		line("\"× Go\" compares with Go's peer that calls in the same way (async with `client.Go`, sync with "
				+ "goroutines), \"× echo\" with the echo of messages.");
		line("");
		line("- Commit: %s", this.revision);
		line("- Machine: %d cores, %s, %s; load average %.2f before, %.2f after", this.machine.cores(),
				this.machine.processor(), this.machine.system(), this.machine.load(), Machine.loadAverage());
		this.toolchain.facts().forEach((fact) -> line("- %s", fact));
		if (this.options.jfr()) {
			line("- Flight Recorder was on: these figures are for profiling only");
		}
	}

	private void table(int inFlight) {
		line("");
		line("## %d in flight", inFlight);
		line("");
		line("| peer | calls/s (min to max) | p50 µs | p99 µs | p99.9 µs | CPU µs/call = client + server | × Go calls/s "
				+ "| × Go CPU | × echo calls/s |");
		line("|---|---|---|---|---|---|---|---|---|");
		Cell echo = this.results.median(Peer.ECHO_MESSAGES, inFlight);
		for (Peer peer : this.options.peers()) {
			Cell cell = this.results.median(peer, inFlight);
			if (cell == null) {
				continue;
			}
			List<Cell> rounds = this.results.rounds(peer, inFlight);
			Peer rival = peer.rival();
			Cell go = (rival != null) ? this.results.median(rival, inFlight) : null;
			line("| %s: %s | %,.0f (%,.0f to %,.0f) | %,.1f | %,.1f | %,.1f | %.2f = %.2f + %.2f | %s | %s | %s |",
					peer.option(), peer.title(), cell.callsPerSecond(),
					rounds.stream().mapToDouble(Cell::callsPerSecond).min().orElse(0),
					rounds.stream().mapToDouble(Cell::callsPerSecond).max().orElse(0), cell.p50Micros(),
					cell.p99Micros(), cell.p999Micros(), cell.cpuMicros(), cell.clientCpuMicros(),
					cell.serverCpuMicros(), (go != null) ? ratio(cell.callsPerSecond() / go.callsPerSecond()) : "",
					(go != null) ? ratio(cell.cpuMicros() / go.cpuMicros()) : "",
					(echo != null) ? ratio(cell.callsPerSecond() / echo.callsPerSecond()) : "");
		}
	}

	private void targets() {
		List<Peer> compared = this.options.peers().stream().filter(Peer::hasTargets).toList();
		if (compared.isEmpty()) {
			line("");
			return;
		}
		line("");
		line("## Targets");
		line("");
		line("Judged is `%s`; the others are shown by the same measure.", Peer.GOB.option());
		line("");
		line("| peer | figure | against | ratio found | needed | verdict |");
		line("|---|---|---|---|---|---|");
		for (Peer peer : compared) {
			for (Target target : Target.of(peer, this.results)) {
				line("| %s | %s | %s | %s | %s | %s |", peer.isJudged() ? "**" + peer.option() + "**" : peer.option(),
						target.text(), target.rival(), ratio(target.found()), target.needed(), target.verdict());
			}
		}
		line("");
	}

	private static String ratio(@Nullable Double ratio) {
		return (ratio != null) ? String.format(Locale.ROOT, "%.2f", ratio) : "";
	}

	private void line(String format, Object... arguments) {
		this.text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
	}

}
