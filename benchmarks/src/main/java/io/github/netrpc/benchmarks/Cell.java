package io.github.netrpc.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.github.netrpc.benchmarks.peer.Sample;

/**
 * What was found for one peer and one number of calls in flight: in one round, or the
 * medians of several. Immutable.
 *
 * @param callsPerSecond the throughput
 * @param p50Micros the median latency
 * @param p99Micros the latency that 99 % did not exceed
 * @param p999Micros the latency that 99.9 % did not exceed
 * @param clientCpuMicros CPU time of the client's process for each call
 * @param serverCpuMicros CPU time of the server's process for each call
 */
record Cell(double callsPerSecond, double p50Micros, double p99Micros, double p999Micros, double clientCpuMicros,
		double serverCpuMicros) {

	static Cell of(Sample sample, long serverCpuMicros) {
		double calls = sample.calls();
		return new Cell(calls / sample.seconds(), sample.p50Micros(), sample.p99Micros(), sample.p999Micros(),
				sample.cpuMicros() / calls, serverCpuMicros / calls);
	}

	static Cell median(List<Cell> rounds) {
		return new Cell(median(rounds, Cell::callsPerSecond), median(rounds, Cell::p50Micros),
				median(rounds, Cell::p99Micros), median(rounds, Cell::p999Micros),
				median(rounds, Cell::clientCpuMicros), median(rounds, Cell::serverCpuMicros));
	}

	private static double median(List<Cell> rounds, ToDoubleFunction<Cell> figure) {
		double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

	/**
	 * CPU time of both processes for each call.
	 * @return the sum, in microseconds
	 */
	double cpuMicros() {
		return this.clientCpuMicros + this.serverCpuMicros;
	}

}
