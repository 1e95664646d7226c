package io.github.netrpc.observation;

import java.util.function.IntSupplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Whether SSL bundles can be used as they are now. <pre>
 * rpc.tls.refused   how many cannot, reloaded or in their files: the ones before go on
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
			.description("SSL bundles that cannot be used as they are now: the ones before go on")
			.register(meters);
	}

}
