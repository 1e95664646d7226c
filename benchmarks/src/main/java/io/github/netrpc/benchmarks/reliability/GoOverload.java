package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.benchmarks.PeerProcess;

/**
 * The same overload with Go, for the report: a stock node and a stock client, and a stock
 * client of this project's node.
 *
 * @param goodput of its own peak
 * @param accepted p99 of calls with a reply
 * @param refused p99 of calls with an error
 * @param after good calls at half load
 * @param details lines that explain them
 */
record GoOverload(String goodput, String accepted, String refused, String after, List<String> details) {

	static GoOverload measure(Workbench bench, Duration overload, Duration after)
			throws IOException, InterruptedException {
		String missing = bench.goMissing();
		if (missing != null) {
			return new GoOverload(missing, missing, missing, missing, List.of());
		}
		Result go = load(bench, bench.startGoNode("-slots=" + Overload.SLOTS).address(), overload, after);
		NodeProcess node = bench.node("--slots=" + Overload.SLOTS);
		node.start();
		Result mixed = load(bench, node.address(), overload, after);
		return new GoOverload(Figure.number(go.goodPerSecond() / go.peak() * 100) + " %",
				Figure.number(go.acceptedP99Millis()) + " ms",
				(go.refused() == 0) ? "refuses nothing" : Figure.number(go.refusedP99Millis()) + " ms",
				Figure.number(go.afterGoodShare() * 100) + " %",
				List.of("Go, with a semaphore of %d in the handler: %s".formatted(Overload.SLOTS, go.text()),
						"this project's node, stock Go client, which has no deadline: " + mixed.text()));
	}

	private static Result load(Workbench bench, String address, Duration overload, Duration after)
			throws IOException, InterruptedException {
		try (PeerProcess client = bench.startGo("overload", "-address=" + address, "-micros=" + Overload.WORK_MICROS,
				"-limit=" + Overload.LIMIT.toMillis() + "ms", "-inFlight=" + Overload.CLOSED_LOOP,
				"-rate=" + 4 * Overload.NOMINAL, "-seconds=" + overload.toSeconds(), "-half=" + Overload.NOMINAL / 2,
				"-after=" + after.toSeconds())) {
			client.expect("calling", 10);
			return JsonMapper.shared()
				.readValue("{" + client.expect("{", 30.0 + overload.plus(after).toSeconds()), Result.class);
		}
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
	record Result(double peak, int calls, double goodPerSecond, int refused, int unanswered, double acceptedP99Millis,
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
