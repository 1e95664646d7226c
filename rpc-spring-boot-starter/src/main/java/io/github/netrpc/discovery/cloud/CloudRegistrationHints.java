package io.github.netrpc.discovery.cloud;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Tells a native image of what is reached by name in the entries of Spring Cloud: their
 * ports in {@link CloudRegistrations}, the status of Eureka's in
 * {@link EarlyRegistration}, ZooKeeper's properties in {@link RegistrationMetadata}. What
 * is not on the class path is left out.
 */
class CloudRegistrationHints implements RuntimeHintsRegistrar {

	private static final List<String> ENTRIES = List.of(
			"org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration",
			"org.springframework.cloud.zookeeper.serviceregistry.ServiceInstanceRegistration",
			"org.springframework.cloud.netflix.eureka.serviceregistry.EurekaRegistration");

	private static final List<String> PARTS = List.of(
			"org.springframework.cloud.netflix.eureka.EurekaInstanceConfigBean",
			"org.springframework.cloud.netflix.eureka.CloudEurekaInstanceConfig",
			"com.netflix.appinfo.ApplicationInfoManager", "com.netflix.appinfo.InstanceInfo",
			RegistrationMetadata.ZOOKEEPER_PROPERTIES);

	private static final String STATUS = "com.netflix.appinfo.InstanceInfo$InstanceStatus";

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classes) {
		ENTRIES.forEach((name) -> hints.reflection()
			.registerTypeIfPresent(classes, name, MemberCategory.INVOKE_PUBLIC_METHODS));
		PARTS.forEach((name) -> hints.reflection()
			.registerTypeIfPresent(classes, name, MemberCategory.INVOKE_PUBLIC_METHODS));
		// A text becomes a constant by the constant's field.
		hints.reflection().registerTypeIfPresent(classes, STATUS, MemberCategory.ACCESS_PUBLIC_FIELDS);
	}

}
