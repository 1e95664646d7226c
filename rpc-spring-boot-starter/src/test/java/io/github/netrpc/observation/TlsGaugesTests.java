package io.github.netrpc.observation;

import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TlsGaugesTests {

	@Test
	void refusedBundlesAreCountedAsTheyAre() {
		AtomicInteger refused = new AtomicInteger(1);
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		new TlsGauges(refused::get).bindTo(meters);
		assertThat(meters.get("rpc.tls.refused").gauge().value()).isOne();
		refused.set(0);
		assertThat(meters.get("rpc.tls.refused").gauge().value()).isZero();
	}

}
