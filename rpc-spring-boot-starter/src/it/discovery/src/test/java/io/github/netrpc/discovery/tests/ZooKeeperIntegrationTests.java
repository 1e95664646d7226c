package io.github.netrpc.discovery.tests;

/**
 * {@link RegistryContract} with ZooKeeper.
 */
class ZooKeeperIntegrationTests extends RegistryContract {

	private final Backend backend = new ZooKeeperBackend();

	@Override
	Backend backend() {
		return this.backend;
	}

}
