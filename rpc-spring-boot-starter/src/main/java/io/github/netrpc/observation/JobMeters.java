package io.github.netrpc.observation;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.work.JobTotals;

/**
 * The jobs of each channel, and their items. <pre>
 * rpc.job.open       channel, job            jobs that go on
 * rpc.job.running    channel, job            items that are being run
 * rpc.job.ended      channel, job, outcome   jobs that have ended: SUCCESS, FAILURE or CANCELLED
 * rpc.job.items      channel, job, state     completed, parked; attempts: reassigned, refused, speculated, late
 * </pre> The tag {@code job} is the job's name, which its code has chosen; {@code other}
 * beyond a hundred. A name has meters from its first job on. Thread-safe.
 *
 * @since 0.1.0
 */
public final class JobMeters {

	private final MeterRegistry registry;

	/**
	 * Creates what registers the meters of channels.
	 * @param registry takes them
	 */
	public JobMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Registers the meters of a channel, as its jobs begin.
	 * @param channel the channel
	 */
	public void bind(RpcChannel channel) {
		channel.jobRegistry().onName((job) -> bind(channel, job));
	}

	private void bind(RpcChannel channel, String job) {
		gauge(channel, job, "rpc.job.open", "Jobs that go on", JobTotals::open);
		gauge(channel, job, "rpc.job.running", "Items of jobs that are being run", JobTotals::running);
		ended(channel, job, "SUCCESS", JobTotals::succeeded);
		ended(channel, job, "FAILURE", JobTotals::failed);
		ended(channel, job, "CANCELLED", JobTotals::cancelled);
		items(channel, job, "completed", JobTotals::completed);
		items(channel, job, "parked", JobTotals::parked);
		items(channel, job, "reassigned", JobTotals::reassigned);
		items(channel, job, "refused", JobTotals::refused);
		items(channel, job, "speculated", JobTotals::speculated);
		items(channel, job, "late", JobTotals::late);
	}

	private void gauge(RpcChannel channel, String job, String name, String description,
			ToDoubleFunction<JobTotals> value) {
		Gauge.builder(name, channel, of(job, value))
			.tag("channel", channel.name())
			.tag("job", job)
			.description(description)
			.register(this.registry);
	}

	private void ended(RpcChannel channel, String job, String outcome, ToDoubleFunction<JobTotals> value) {
		count(channel, job, "rpc.job.ended", "outcome", outcome, "Jobs that have ended", value);
	}

	private void items(RpcChannel channel, String job, String state, ToDoubleFunction<JobTotals> value) {
		count(channel, job, "rpc.job.items", "state", state, "Items of jobs, and attempts at them", value);
	}

	private void count(RpcChannel channel, String job, String name, String tag, String tagValue, String description,
			ToDoubleFunction<JobTotals> value) {
		FunctionCounter.builder(name, channel, of(job, value))
			.tag("channel", channel.name())
			.tag("job", job)
			.tag(tag, tagValue)
			.description(description)
			.register(this.registry);
	}

	private static ToDoubleFunction<RpcChannel> of(String job, ToDoubleFunction<JobTotals> value) {
		return (channel) -> value.applyAsDouble(channel.jobRegistry().totals(job));
	}

}
