package io.github.netrpc.observation;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcCode;

/**
 * Times calls, one timer for each method, format and code. <pre>
 * rpc.server.requests   service, method, codec, code, outcome     by the server
 * rpc.client.requests   the same tags                             by clients
 * rpc.client.retries    service, method, codec, code              counts, by clients
 * rpc.client.hedges     service, method, codec, outcome           counts, by clients
 * </pre> A call that was tried several times is timed once, from its start to its end;
 * each retry is counted with the code of the attempt before, each second attempt beside
 * the first with whether it won. Service and method are names that were registered or
 * declared, never what a peer has sent. A timer appears with the first call that ends
 * with its code; from then on a call costs an array access and what the timer itself
 * costs. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CallTimers implements CallRecorder.Factory {

	private final MeterRegistry registry;

	private final String name;

	private final String description;

	private CallTimers(MeterRegistry registry, String name, String description) {
		this.registry = registry;
		this.name = name;
		this.description = description;
	}

	/**
	 * Times the calls that a server answers.
	 * @param registry where the timers are registered
	 * @return the timers of a server
	 */
	public static CallTimers ofServer(MeterRegistry registry) {
		return new CallTimers(registry, "rpc.server.requests", "Time from the arrival of a call to its reply");
	}

	/**
	 * Times the calls that clients make.
	 * @param registry where the timers are registered
	 * @return the timers of clients
	 */
	public static CallTimers ofClient(MeterRegistry registry) {
		return new CallTimers(registry, "rpc.client.requests", "Time from the start of a call to its outcome");
	}

	@Override
	public CallRecorder recorder(String service, String method, String format) {
		return new TimerByCode(Tags.of("service", service, "method", method, "codec", format));
	}

	private Timer register(Tags tags, RpcCode code) {
		return Timer.builder(this.name)
			.description(this.description)
			.tags(tags)
			.tag("code", code.name())
			.tag("outcome", Outcome.of(code).name())
			.register(this.registry);
	}

	/**
	 * The timers of one method over one format.
	 */
	private final class TimerByCode implements CallRecorder {

		private final Tags tags;

		private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(RpcCode.values().length);

		private TimerByCode(Tags tags) {
			this.tags = tags;
		}

		@Override
		public void record(RpcCode code, long nanos) {
			Timer timer = this.timers.getAcquire(code.number());
			if (timer == null) {
				// Racing threads get the same timer from the registry.
				timer = register(this.tags, code);
				this.timers.setRelease(code.number(), timer);
			}
			timer.record(nanos, TimeUnit.NANOSECONDS);
		}

		@Override
		public void retried(RpcCode reason) {
			// Rare enough to be looked up each time.
			Counter.builder("rpc.client.retries")
				.description("Attempts that clients have made again")
				.tags(this.tags)
				.tag("code", reason.name())
				.register(CallTimers.this.registry)
				.increment();
		}

		@Override
		public void hedgeEnded(boolean won) {
			Counter.builder("rpc.client.hedges")
				.description("Second attempts that clients have made beside the first")
				.tags(this.tags)
				.tag("outcome", won ? "won" : "lost")
				.register(CallTimers.this.registry)
				.increment();
		}

	}

}
