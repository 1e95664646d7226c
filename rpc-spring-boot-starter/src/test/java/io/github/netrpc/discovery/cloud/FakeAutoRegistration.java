package io.github.netrpc.discovery.cloud;

import org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationProperties;
import org.springframework.context.ApplicationContext;

/**
 * Registers as Spring Cloud does for Consul and ZooKeeper: when the web server runs, or
 * when it is told to.
 */
final class FakeAutoRegistration extends AbstractAutoServiceRegistration<FakeRegistration> {

	private final FakeRegistration registration;

	FakeAutoRegistration(ApplicationContext context, FakeRegistry registry, FakeRegistration registration) {
		super(context, registry, new AutoServiceRegistrationProperties());
		this.registration = registration;
	}

	@Override
	protected Object getConfiguration() {
		return this;
	}

	@Override
	protected boolean isEnabled() {
		return true;
	}

	@Override
	protected boolean shouldRegisterManagement() {
		return false;
	}

	@Override
	protected FakeRegistration getRegistration() {
		return this.registration;
	}

	@Override
	protected FakeRegistration getManagementRegistration() {
		return this.registration;
	}

}
