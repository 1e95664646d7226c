package io.github.netrpc.discovery.tests;

/**
 * {@link RegistryContract} with Eureka.
 */
class EurekaIntegrationTests extends RegistryContract {

	private final Backend backend = new EurekaBackend();

	@Override
	Backend backend() {
		return this.backend;
	}

}
