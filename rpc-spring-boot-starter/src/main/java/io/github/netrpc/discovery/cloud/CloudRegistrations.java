package io.github.netrpc.discovery.cloud;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.context.Lifecycle;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;

/**
 * What Spring Cloud registers of the application. It is started and stopped through
 * Spring Cloud's own beans, which know the application's settings of each registry.
 * Thread-safe.
 */
final class CloudRegistrations {

	/**
	 * What entries are told their port by, those of Consul, ZooKeeper and Eureka: Spring
	 * Cloud has no interface for it.
	 */
	private static final List<String> PORT_METHODS = List.of("initializePort", "setPort", "setNonSecurePort");

	private final ListableBeanFactory beans;

	private final RegistrationMetadata metadata;

	CloudRegistrations(ListableBeanFactory beans) {
		this.beans = beans;
		this.metadata = new RegistrationMetadata(beans);
	}

	/**
	 * Adds to what an entry says. It has an effect if the entry is written later.
	 */
	void describe(Registration registration, Map<String, String> metadata) {
		this.metadata.add(registration, metadata);
	}

	boolean areAllRunning() {
		return automatic().stream().allMatch(CloudRegistrations::isRunning);
	}

	/**
	 * Whether there are entries, and all are written.
	 */
	boolean areAllWritten() {
		List<AutoServiceRegistration> all = automatic();
		return !all.isEmpty() && all.stream().allMatch(CloudRegistrations::isRunning);
	}

	boolean isAnyRunning() {
		return automatic().stream().anyMatch(CloudRegistrations::isRunning);
	}

	/**
	 * Writes the entries that are not written yet.
	 * @param port the port of those that do not know theirs
	 * @throws RuntimeException if a registry does not take its entry
	 */
	void start(int port) {
		List<AutoServiceRegistration> waiting = automatic().stream().filter((each) -> !isRunning(each)).toList();
		if (!waiting.isEmpty()) {
			this.beans.getBeanProvider(Registration.class).forEach((registration) -> tellPort(registration, port));
			attempt(waiting.stream().map(CloudRegistrations::starting).toList());
		}
	}

	/**
	 * Withdraws all entries.
	 * @throws RuntimeException if a registry could not be told
	 */
	void stop() {
		attempt(automatic().stream().filter(CloudRegistrations::isRunning).map(CloudRegistrations::stopping).toList());
	}

	/**
	 * Writes an entry once more.
	 */
	@SuppressWarnings("unchecked")
	void write(Registration registration) {
		this.beans.getBeanProvider(ServiceRegistry.class)
			.stream()
			.filter((registry) -> takes(registry, registration))
			.forEach((registry) -> registry.register(registration));
	}

	private static boolean takes(ServiceRegistry<?> registry, Registration registration) {
		Class<?> type = ResolvableType.forInstance(registry).as(ServiceRegistry.class).resolveGeneric(0);
		return type == null || type.isInstance(registration);
	}

	private List<AutoServiceRegistration> automatic() {
		return this.beans.getBeanProvider(AutoServiceRegistration.class).stream().toList();
	}

	/**
	 * What is neither kind cannot be started, so there is no use in waiting for it.
	 */
	private static boolean isRunning(AutoServiceRegistration each) {
		if (each instanceof AbstractAutoServiceRegistration<?> automatic) {
			return automatic.isRunning();
		}
		return !(each instanceof Lifecycle lifecycle) || lifecycle.isRunning();
	}

	private static Runnable starting(AutoServiceRegistration each) {
		return (each instanceof AbstractAutoServiceRegistration<?> automatic) ? automatic::start
				: ((Lifecycle) each)::start;
	}

	private static Runnable stopping(AutoServiceRegistration each) {
		if (each instanceof AbstractAutoServiceRegistration<?> automatic) {
			return automatic::stop;
		}
		return (each instanceof Lifecycle lifecycle) ? lifecycle::stop : () -> {
		};
	}

	/**
	 * Does everything, whatever fails, and then throws the first failure.
	 */
	private static void attempt(List<Runnable> actions) {
		RuntimeException first = null;
		for (Runnable action : actions) {
			try {
				action.run();
			}
			catch (RuntimeException ex) {
				if (first == null) {
					first = ex;
				}
				else {
					first.addSuppressed(ex);
				}
			}
		}
		if (first != null) {
			throw first;
		}
	}

	private static void tellPort(Registration registration, int port) {
		for (String name : PORT_METHODS) {
			Method method = ReflectionUtils.findMethod(registration.getClass(), name, int.class);
			if (method != null) {
				// The first one looks by itself whether there is a port, and fails at
				// getPort.
				if (name.equals(PORT_METHODS.get(0)) || registration.getPort() == 0) {
					ReflectionUtils.makeAccessible(method);
					ReflectionUtils.invokeMethod(method, registration, port);
				}
				return;
			}
		}
	}

}
