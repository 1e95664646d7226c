package io.github.netrpc.discovery.tests;

/**
 * {@link RegistryContract} with Spring Cloud Consul and a {@link ConsulStandIn}: a real
 * Consul cannot be installed everywhere.
 */
class ConsulStandInIntegrationTests extends RegistryContract {

	private final Backend backend = ConsulBackend.standIn();

	@Override
	Backend backend() {
		return this.backend;
	}

}
