package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.OpenSamples.Kind;
import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R13 and R14: four times the calls that a node can do, then half of what it can.
 */
final class Overload implements Scenario {

	private static final int SLOTS = 8;

	private static final int WORK_MICROS = 10_000;

	private static final double NOMINAL = SLOTS * 1e6 / WORK_MICROS;

	private static final Duration LIMIT = Duration.ofMillis(250);

	private static final Duration HEALED = Duration.ofSeconds(2);

	@Override
	public List<String> rows() {
		return List.of("R13", "R14");
	}

	@Override
	public String title() {
		return "four times the nominal load, and after";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		Duration overload = Duration.ofSeconds(bench.times(12, 3));
		Duration after = Duration.ofSeconds(bench.times(10, 4));
		Found ours = measure(bench, overload, after);
		OpenSamples heavy = ours.overload();
		Latencies accepted = heavy.latencies(Kind.ANSWERED);
		Latencies refused = heavy.latencies(Kind.REFUSED);
		double share = heavy.goodPerSecond(LIMIT) / ours.peak() * 100;
		double afterShare = ours.after().goodShare(HEALED, after, LIMIT) * 100;
		GoFound go = measureGo(bench, overload, after);
		List<Figure> figures = new ArrayList<>();
		figures.add(Figure.atLeast("R13", "goodput at 4 × nominal, of its own peak", heavy.calls(), 90, share, " %")
			.beside(go.goodput()));
		figures.add(Figure.atMost("R13", "p99 of accepted calls", accepted.count(), 125, accepted.millis(0.99), " ms")
			.beside(go.accepted()));
		figures.add(Figure.atMost("R13", "p99 of refusals", refused.count(), 10, refused.millis(0.99), " ms")
			.beside(go.refused()));
		figures.add(
				Figure
					.atLeast("R14", "good calls at half load, from 2 s after", ours.after().callsBetween(HEALED, after),
							99, afterShare, " %")
					.beside(go.after()));
		List<String> details = new ArrayList<>();
		details.add(
				("%d handlers of %d ms are %s calls/s; open loop of %s calls/s for %d s, then %s calls/s for %d s; good is a reply within "
						+ "%d ms of the moment the call was to begin")
					.formatted(SLOTS, WORK_MICROS / 1000, Figure.number(NOMINAL), Figure.number(4 * NOMINAL),
							overload.toSeconds(), Figure.number(NOMINAL / 2), after.toSeconds(), LIMIT.toMillis()));
		details.add("peak, a closed loop of %d calls in flight: %s calls/s; at 4 ×: %s good calls/s"
			.formatted(4 * SLOTS, Figure.number(ours.peak()), Figure.number(heavy.goodPerSecond(LIMIT))));
		details.add("at 4 ×, %s calls: %s".formatted(Figure.count(heavy.calls()), text(heavy)));
		details.add("accepted: p50 %s ms, p99 %s ms; refused: p50 %s ms, p99 %s ms; given up at the deadline: p99 %s ms"
			.formatted(Figure.number(accepted.millis(0.5)), Figure.number(accepted.millis(0.99)),
					Figure.number(refused.millis(0.5)), Figure.number(refused.millis(0.99)),
					Figure.number(heavy.latencies(Kind.TIMED_OUT).millis(0.99))));
		details.add("accepted after more than 125 ms: %s; refused after more than 10 ms: %s".formatted(
				slow(heavy, Kind.ANSWERED, Duration.ofMillis(125), overload),
				slow(heavy, Kind.REFUSED, Duration.ofMillis(10), overload)));
		details.add("after: %s; 99 %% of all later calls are good from %d ms after the overload on"
			.formatted(text(ours.after()), ours.after().healedAfter(Duration.ZERO, 0.99, LIMIT).toMillis()));
		details.addAll(go.details());
		return new Outcome(figures, details);
	}

	private static String slow(OpenSamples samples, Kind kind, Duration bound, Duration overload) {
		Duration first = Duration.ofMillis(500);
		return "%s begun in the first %d ms, %s later".formatted(
				Figure.count(samples.slow(kind, Duration.ZERO, first, bound)), first.toMillis(),
				Figure.count(samples.slow(kind, first, overload, bound)));
	}

	private static String text(OpenSamples samples) {
		return "%s answered, %s refused, %s given up at the deadline, %s failed otherwise, %s never ended".formatted(
				Figure.count(samples.count(Kind.ANSWERED)), Figure.count(samples.count(Kind.REFUSED)),
				Figure.count(samples.count(Kind.TIMED_OUT)), Figure.count(samples.count(Kind.FAILED)),
				Figure.count(samples.count(Kind.OPEN)));
	}

	private static Found measure(Workbench bench, Duration overload, Duration after) throws Exception {
		NodeProcess node = bench.node("--slots=" + SLOTS);
		node.start();
		RpcChannel channel = bench
			.keep(RpcChannel.builder().name("overload").target(node.address()).timeout(LIMIT).build());
		WorkClient client = channel.proxy(WorkClient.class);
		Caller caller = bench.deadlines()
			.tally("overload")
			.watch(LIMIT, (token) -> client.readAsync(new Work.Task(token, WORK_MICROS, 0)));
		closedLoop(caller, Duration.ofSeconds(2));
		double peak = closedLoop(caller, Duration.ofSeconds(bench.times(4, 2)));
		OpenLoad heavy = OpenLoad.begin(caller, 4 * NOMINAL, overload);
		OpenLoad light = OpenLoad.begin(caller, NOMINAL / 2, after);
		return new Found(peak, heavy.await(LIMIT.plusSeconds(5)), light.await(LIMIT.plusSeconds(5)));
	}

	private static double closedLoop(Caller caller, Duration duration) throws InterruptedException {
		CallLedger ledger = new CallLedger(1_000_000);
		long begin = System.nanoTime();
		ClosedLoad load = ClosedLoad.start(ledger, caller, 4 * SLOTS, Long.MAX_VALUE);
		Thread.sleep(duration.toMillis());
		load.stop(LIMIT.plusSeconds(5));
		double seconds = (System.nanoTime() - begin) / 1e9;
		long failed = ledger.failures().values().stream().mapToLong(Long::longValue).sum();
		return (ledger.calls() - failed) / seconds;
	}

	private static GoFound measureGo(Workbench bench, Duration overload, Duration after)
			throws IOException, InterruptedException {
		String missing = bench.goMissing();
		if (missing != null) {
			return new GoFound(missing, missing, missing, missing, List.of());
		}
		GoResult go = goLoad(bench, bench.startGoNode("-slots=" + SLOTS).address(), overload, after);
		NodeProcess node = bench.node("--slots=" + SLOTS);
		node.start();
		GoResult mixed = goLoad(bench, node.address(), overload, after);
		return new GoFound("%s %%".formatted(Figure.number(go.goodPerSecond() / go.peak() * 100)),
				Figure.number(go.acceptedP99Millis()) + " ms",
				(go.refused() == 0) ? "refuses nothing" : Figure.number(go.refusedP99Millis()) + " ms",
				Figure.number(go.afterGoodShare() * 100) + " %",
				List.of("Go, with a semaphore of %d in the handler: %s".formatted(SLOTS, go.text()),
						"this project's node, stock Go client, which has no deadline: " + mixed.text()));
	}

	private static GoResult goLoad(Workbench bench, String address, Duration overload, Duration after)
			throws IOException, InterruptedException {
		try (PeerProcess client = bench.startGo("overload", "-address=" + address, "-micros=" + WORK_MICROS,
				"-limit=" + LIMIT.toMillis() + "ms", "-inFlight=" + 4 * SLOTS, "-rate=" + 4 * NOMINAL,
				"-seconds=" + overload.toSeconds(), "-half=" + NOMINAL / 2, "-after=" + after.toSeconds())) {
			client.expect("calling", 10);
			return JsonMapper.shared()
				.readValue("{" + client.expect("{", 30.0 + overload.plus(after).toSeconds()), GoResult.class);
		}
	}

	private record Found(double peak, OpenSamples overload, OpenSamples after) {

	}

	private record GoFound(String goodput, String accepted, String refused, String after, List<String> details) {

	}

	/**
	 * What the Go program has found.
	 *
	 * @param peak calls/s of the closed loop
	 * @param calls calls in overload
	 * @param goodPerSecond good ones of these
	 * @param refused those that ended with an error
	 * @param unanswered those that had not ended in the end
	 * @param acceptedP99Millis of those with a reply
	 * @param refusedP99Millis of those with an error
	 * @param afterCalls calls from 2 s after the overload on
	 * @param afterGoodShare good ones of these, 0 to 1
	 */
	record GoResult(double peak, int calls, double goodPerSecond, int refused, int unanswered, double acceptedP99Millis,
			double refusedP99Millis, int afterCalls, double afterGoodShare) {

		String text() {
			return ("peak %s calls/s, at 4 × %s good calls/s (%s %%); %s of %s calls refused, %s not ended; p99 of accepted %s ms; "
					+ "from 2 s after: %s %% of %s good")
				.formatted(Figure.number(this.peak), Figure.number(this.goodPerSecond),
						Figure.number(this.goodPerSecond / this.peak * 100), Figure.count(this.refused),
						Figure.count(this.calls), Figure.count(this.unanswered), Figure.number(this.acceptedP99Millis),
						Figure.number(this.afterGoodShare * 100), Figure.count(this.afterCalls));
		}

	}

}
