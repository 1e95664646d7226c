package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.netrpc.benchmarks.reliability.OpenSamples.Kind;
import io.github.netrpc.client.RetryLimits;

/**
 * R13 and R14: four times the calls that a node can do, then half of what it can.
 */
final class Overload implements Scenario {

	static final int SLOTS = 8;

	static final int WORK_MICROS = 10_000;

	static final double NOMINAL = SLOTS * 1e6 / WORK_MICROS;

	/** Calls of the closed loop that finds the peak: the queue is never empty. */
	static final int CLOSED_LOOP = 4 * SLOTS;

	static final Duration LIMIT = Duration.ofMillis(250);

	static final Duration HEALED = Duration.ofSeconds(2);

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
		RetryLimits retries = RetryLimits.DEFAULT;
		List<String> runs = new ArrayList<>();
		OverloadRun once = OverloadRun.undisturbed(bench,
				new RetryLimits(1, retries.backoff(), retries.maxBackoff(), retries.budget(), retries.budgetFloor()),
				overload, after, runs);
		OverloadRun retried = OverloadRun.undisturbed(bench, retries, overload, after, runs);
		GoOverload go = GoOverload.measure(bench, overload, after);
		List<Figure> figures = new ArrayList<>();
		figures.add(goodput("goodput at 4 × nominal, of its own peak", once).beside(go.goodput()));
		figures.add(accepted("p99 of accepted calls", once).beside(go.accepted()));
		figures.add(refused("p99 of refusals", once).beside(go.refused()));
		figures.add(goodput("the same goodput, with the client's retries", retried));
		figures.add(accepted("p99 of accepted calls, with the client's retries", retried));
		figures.add(refused("p99 of refusals, with the client's retries", retried));
		figures.add(good("good calls at half load, from 2 s after", once).beside(go.after()));
		figures.add(good("the same, with the client's retries", retried));
		List<String> details = new ArrayList<>();
		details.add(
				("%d handlers of %d ms are %s calls/s; open loop of %s calls/s for %d s, then %s calls/s for %d s; good is a "
						+ "reply within %d ms of the moment the call was to begin")
					.formatted(SLOTS, WORK_MICROS / 1000, Figure.number(NOMINAL), Figure.number(4 * NOMINAL),
							overload.toSeconds(), Figure.number(NOMINAL / 2), after.toSeconds(), LIMIT.toMillis()));
		details
			.add("Each call is tried once, so that 4 × is 4 × and a refusal is one. With retries, as they are by default, a tenth "
					+ "of the refused calls is tried again after up to 100 ms, and the caller hears of the refusal, or gets the reply, "
					+ "that much later");
		details.addAll(runs);
		once.details("tried once", details);
		retried.details("with retries", details);
		details.addAll(go.details());
		return new Outcome(figures, details);
	}

	private static Figure goodput(String test, OverloadRun run) {
		return Figure.atLeast("R13", test, run.overload().calls(), 90,
				run.overload().goodPerSecond(LIMIT) / run.peak() * 100, " %");
	}

	private static Figure accepted(String test, OverloadRun run) {
		return p99(test, run.overload().latencies(Kind.ANSWERED), 125);
	}

	private static Figure refused(String test, OverloadRun run) {
		return p99(test, run.overload().latencies(Kind.REFUSED), 10);
	}

	private static Figure p99(String test, Latencies times, int boundMillis) {
		return Figure.atMost("R13", test, times.count(), boundMillis, times.millis(0.99), " ms");
	}

	private static Figure good(String test, OverloadRun run) {
		OpenSamples after = run.after();
		return Figure.atLeast("R14", test, after.callsBetween(HEALED, after.length()), 99,
				after.goodShare(HEALED, after.length(), LIMIT) * 100, " %");
	}

}
