package io.github.netrpc.discovery.cloud;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;

/**
 * Notes what is registered, unless it is away.
 */
final class FakeRegistry implements ServiceRegistry<FakeRegistration> {

	final List<String> log = new ArrayList<>();

	@Nullable RuntimeException failure;

	@Override
	public synchronized void register(FakeRegistration registration) {
		if (this.failure != null) {
			this.log.add("refused");
			throw this.failure;
		}
		this.log.add("registered " + registration.getPort() + " " + registration.getMetadata().get("rpc-port") + " "
				+ registration.getInstanceConfig().getInitialStatus() + " "
				+ registration.getApplicationInfoManager().getInfo().getMetadata().get("rpc-port"));
	}

	@Override
	public synchronized void deregister(FakeRegistration registration) {
		this.log.add("deregistered");
	}

	@Override
	public void close() {
	}

	@Override
	public void setStatus(FakeRegistration registration, String status) {
	}

	@Override
	public <T> @Nullable T getStatus(FakeRegistration registration) {
		return null;
	}

}
