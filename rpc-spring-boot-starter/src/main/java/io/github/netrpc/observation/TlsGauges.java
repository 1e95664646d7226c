package io.github.netrpc.observation;

import java.util.function.IntSupplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Whether reloaded SSL bundles can be used. <pre>
 * rpc.tls.refused   how many were reloaded, but cannot be used: the ones before go on
 * </pre> Thread-safe.
 *
 * @since 0.1.0
 */
public final class TlsGauges implements MeterBinder {

	private final IntSupplier refused;

	/**
	 * Creates the gauge.
	 * @param refused how many bundles are refused now
	 */
	public TlsGauges(IntSupplier refused) {
		this.refused = refused;
	}

	@Override
	public void bindTo(MeterRegistry meters) {
		Gauge.builder("rpc.tls.refused", this.refused, IntSupplier::getAsInt)
			.description("SSL bundles that were reloaded, but cannot be used")
			.register(meters);
	}

}
