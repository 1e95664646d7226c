package io.github.netrpc.benchmarks.peer;

import tools.jackson.databind.json.JsonMapper;

/**
 * What one client found in one run. Written as one line of JSON by every client, the Go
 * one included. Immutable.
 *
 * @param calls the calls that ended in the measured time
 * @param seconds the measured time
 * @param p50Micros the latency half of them did not exceed, in microseconds
 * @param p99Micros the latency 99 % did not exceed
 * @param p999Micros the latency 99.9 % did not exceed
 * @param cpuMicros CPU time of the client's process in the measured time, user and system
 */
public record Sample(long calls, double seconds, double p50Micros, double p99Micros, double p999Micros,
		long cpuMicros) {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	/**
	 * Reads a line.
	 * @param json the line
	 * @return the sample
	 */
	public static Sample parse(String json) {
		return MAPPER.readValue(json, Sample.class);
	}

	String toJson() {
		return MAPPER.writeValueAsString(this);
	}

}
