package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.github.netrpc.benchmarks.reliability.OpenSamples.Kind;
import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.cluster.RpcChannel;

/**
 * One node of this project in overload, and after.
 *
 * @param peak calls/s of a closed loop
 * @param overload the calls at four times the nominal load
 * @param after the calls at half of it
 * @param pauseMillis how long the measuring process stood still at worst
 */
record OverloadRun(double peak, OpenSamples overload, OpenSamples after, long pauseMillis) {

	private static final Duration LAST_CALLS = Overload.LIMIT.plusSeconds(5);

	/** With such a pause the figures are those of the measuring process. */
	private static final long DISTURBED_MILLIS = 50;

	private static final int MOST_RUNS = 3;

	/**
	 * Measures, and again while the measuring process itself stood still for too long.
	 * Whether it did is known without a look at the figures.
	 * @param details takes a line about it
	 * @return the run that was disturbed least
	 */
	static OverloadRun undisturbed(Workbench bench, RetryLimits retries, Duration overload, Duration after,
			List<String> details) throws IOException, InterruptedException {
		OverloadRun best = measure(bench, retries, overload, after);
		int runs = 1;
		while (best.pauseMillis() >= DISTURBED_MILLIS && runs < bench.times(MOST_RUNS, 1)) {
			OverloadRun again = measure(bench, retries, overload, after);
			best = (again.pauseMillis() < best.pauseMillis()) ? again : best;
			runs++;
		}
		details
			.add(("%d attempts for a call at most: measured %d times, since a run in which the measuring process stands still for "
					+ "%d ms or more is repeated, at most twice; shown is the one in which it did so least, %d ms at worst")
				.formatted(retries.maxAttempts(), runs, DISTURBED_MILLIS, best.pauseMillis()));
		return best;
	}

	private static OverloadRun measure(Workbench bench, RetryLimits retries, Duration overload, Duration after)
			throws IOException, InterruptedException {
		NodeProcess node = bench.node("--slots=" + Overload.SLOTS);
		node.start();
		try (RpcChannel channel = RpcChannel.builder()
			.name("overload")
			.target(node.address())
			.timeout(Overload.LIMIT)
			.retryLimits(retries)
			.build()) {
			WorkClient client = channel.proxy(WorkClient.class);
			Caller caller = bench.deadlines()
				.tally("overload")
				.watch(Overload.LIMIT, (token) -> client.readAsync(new Work.Task(token, Overload.WORK_MICROS, 0)));
			closedLoop(caller, Duration.ofSeconds(2));
			double peak = closedLoop(caller, Duration.ofSeconds(bench.times(4, 2)));
			try (PauseMeter pauses = PauseMeter.start()) {
				OpenLoad heavy = OpenLoad.begin(caller, 4 * Overload.NOMINAL, overload);
				OpenLoad light = OpenLoad.begin(caller, Overload.NOMINAL / 2, after);
				return new OverloadRun(peak, heavy.await(LAST_CALLS), light.await(LAST_CALLS), pauses.worstMillis());
			}
		}
	}

	private static double closedLoop(Caller caller, Duration duration) throws InterruptedException {
		CallLedger ledger = new CallLedger(1_000_000);
		long begin = System.nanoTime();
		ClosedLoad load = ClosedLoad.start(ledger, caller, Overload.CLOSED_LOOP, Long.MAX_VALUE);
		Thread.sleep(duration.toMillis());
		load.stop(LAST_CALLS);
		double seconds = (System.nanoTime() - begin) / 1e9;
		long failed = ledger.failures().values().stream().mapToLong(Long::longValue).sum();
		return (ledger.calls() - failed) / seconds;
	}

	void details(String name, List<String> details) {
		Latencies accepted = this.overload.latencies(Kind.ANSWERED);
		Latencies refused = this.overload.latencies(Kind.REFUSED);
		details.add("%s: peak, a closed loop of %d calls in flight: %s calls/s; at 4 ×: %s good calls/s".formatted(name,
				Overload.CLOSED_LOOP, Figure.number(this.peak),
				Figure.number(this.overload.goodPerSecond(Overload.LIMIT))));
		details
			.add("%s: at 4 ×, %s calls: %s".formatted(name, Figure.count(this.overload.calls()), text(this.overload)));
		details.add(
				"%s: accepted: p50 %s ms, p99 %s ms; refused: p50 %s ms, p99 %s ms; given up at the deadline: p99 %s ms"
					.formatted(name, Figure.number(accepted.millis(0.5)), Figure.number(accepted.millis(0.99)),
							Figure.number(refused.millis(0.5)), Figure.number(refused.millis(0.99)),
							Figure.number(this.overload.latencies(Kind.TIMED_OUT).millis(0.99))));
		details.add("%s: accepted after more than 125 ms: %s; refused after more than 10 ms: %s".formatted(name,
				slow(Kind.ANSWERED, Duration.ofMillis(125)), slow(Kind.REFUSED, Duration.ofMillis(10))));
		details.add("%s: after: %s; 99 %% of all later calls are good from %d ms after the overload on".formatted(name,
				text(this.after), this.after.healedAfter(Duration.ZERO, 0.99, Overload.LIMIT).toMillis()));
	}

	private String slow(Kind kind, Duration bound) {
		Duration first = Duration.ofMillis(500);
		return "%s begun in the first %d ms, %s later".formatted(
				Figure.count(this.overload.slow(kind, Duration.ZERO, first, bound)), first.toMillis(),
				Figure.count(this.overload.slow(kind, first, this.overload.length(), bound)));
	}

	private static String text(OpenSamples samples) {
		return "%s answered, %s refused, %s given up at the deadline, %s failed otherwise, %s never ended".formatted(
				Figure.count(samples.count(Kind.ANSWERED)), Figure.count(samples.count(Kind.REFUSED)),
				Figure.count(samples.count(Kind.TIMED_OUT)), Figure.count(samples.count(Kind.FAILED)),
				Figure.count(samples.count(Kind.OPEN)));
	}

}
