package io.github.netrpc.observation;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import io.github.netrpc.cluster.ClusterRecorder;

/**
 * Times the operations on clusters. <pre>
 * rpc.cluster.operations   channel, operation, outcome
 * </pre> {@code operation} is {@code broadcast}, {@code race}, {@code quorum} or
 * {@code on-node}; {@code outcome} is {@code SUCCESS}, {@code PARTIAL}, {@code FAILURE}
 * or {@code CANCELLED}. The calls that an operation makes are timed by themselves.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClusterTimers implements ClusterRecorder {

	private final MeterRegistry registry;

	/**
	 * Creates the timers.
	 * @param registry where they are registered
	 */
	public ClusterTimers(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void record(String channel, Operation operation, Outcome outcome, long nanos) {
		// Rare enough, beside the calls that it is made of, to be looked up each time.
		Timer.builder("rpc.cluster.operations")
			.description("Time from the start of an operation on a cluster to its result")
			.tag("channel", channel)
			.tag("operation", operation.name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.tag("outcome", outcome.name())
			.register(this.registry)
			.record(nanos, TimeUnit.NANOSECONDS);
	}

}
