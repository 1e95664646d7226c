package io.github.netrpc.discovery.cloud;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.cloud.client.serviceregistry.Registration;

/**
 * An entry that Spring Cloud makes before the RPC server listens, as it does for Eureka
 * where the web server's port is fixed or there is none. Callers would find it with the
 * wrong port. Eureka's entry is therefore not UP until it is released: an entry that is
 * still STARTING is not sent to Eureka at all.
 */
final class EarlyRegistration {

	private static final Logger logger = LoggerFactory.getLogger(EarlyRegistration.class);

	// Eureka's entry by the names of its properties, which spares its library here.

	private static final String STATUS = "instanceConfig.initialStatus";

	private static final String WRITTEN_METADATA = "applicationInfoManager.info.metadata";

	private static final String HELD_STATUS = "STARTING";

	private final Registration registration;

	private final BeanWrapper properties;

	private final @Nullable Object status;

	private EarlyRegistration(Registration registration, BeanWrapper properties, @Nullable Object status) {
		this.registration = registration;
		this.properties = properties;
		this.status = status;
	}

	static EarlyRegistration hold(Registration registration) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(registration);
		Object status = null;
		if (properties.isReadableProperty(STATUS) && properties.isWritableProperty(STATUS)) {
			status = properties.getPropertyValue(STATUS);
			properties.setPropertyValue(STATUS, HELD_STATUS);
		}
		logger.debug("{} is registered before the RPC server listens{}", registration.getServiceId(),
				(status != null) ? ", and held back" : "");
		return new EarlyRegistration(registration, properties, status);
	}

	/**
	 * Writes the entry as it is meant to be.
	 */
	@SuppressWarnings("unchecked")
	void release(Map<String, String> metadata, CloudRegistrations registrations) {
		if (!metadata.isEmpty()) {
			registrations.describe(this.registration, metadata);
		}
		if (this.status != null) {
			this.properties.setPropertyValue(STATUS, this.status);
			if (this.properties.getPropertyValue(WRITTEN_METADATA) instanceof Map<?, ?> written) {
				((Map<String, String>) written).putAll(metadata);
			}
		}
		registrations.write(this.registration);
	}

}
