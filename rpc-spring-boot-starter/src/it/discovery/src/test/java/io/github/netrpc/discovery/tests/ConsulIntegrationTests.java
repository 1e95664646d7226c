package io.github.netrpc.discovery.tests;

import java.net.URI;

import org.junit.jupiter.api.Assumptions;

/**
 * {@link RegistryContract} with a real Consul, where the environment names one:
 * {@code RPC_TEST_CONSUL_URL=http://127.0.0.1:8500}. It is stopped by ending the
 * connections to it. Its TTL checks need no path from it to here.
 */
class ConsulIntegrationTests extends RegistryContract {

	private static final String VARIABLE = "RPC_TEST_CONSUL_URL";

	private final Backend backend = ConsulBackend.at(consul());

	private static URI consul() {
		String url = System.getenv(VARIABLE);
		Assumptions.assumeTrue(url != null, "skipped: " + VARIABLE + " names no Consul");
		return URI.create(url);
	}

	@Override
	Backend backend() {
		return this.backend;
	}

}
