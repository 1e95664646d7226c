package io.github.netrpc.observation;

import java.util.List;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.netrpc.cluster.RegistrationSnapshot;

/**
 * Whether a server is registered. <pre>
 * rpc.server.registered   registry; 1 if callers can find the server there, 0 if not
 * </pre> Thread-safe.
 *
 * @since 0.1.0
 */
public final class RegistrationGauges implements MeterBinder {

	private final Supplier<List<RegistrationSnapshot>> registrations;

	/**
	 * Creates the gauges.
	 * @param registrations where the server is registered, and where it is not; always
	 * the same registries
	 */
	public RegistrationGauges(Supplier<List<RegistrationSnapshot>> registrations) {
		this.registrations = registrations;
	}

	@Override
	public void bindTo(MeterRegistry meters) {
		this.registrations.get()
			.stream()
			.map(RegistrationSnapshot::registry)
			.distinct()
			.forEach((registry) -> Gauge.builder("rpc.server.registered", this, (gauges) -> gauges.registered(registry))
				.description("Whether callers can find the server in a registry")
				.tag("registry", registry)
				.register(meters));
	}

	// Two registrars may share a registry: one that fails is what somebody has to see.
	private double registered(String registry) {
		return this.registrations.get()
			.stream()
			.filter((each) -> each.registry().equals(registry))
			.allMatch(RegistrationSnapshot::registered) ? 1 : 0;
	}

}
