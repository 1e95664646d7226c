package io.github.netrpc.discovery.tests;

import java.util.List;

import com.netflix.appinfo.ApplicationInfoManager;
import com.netflix.appinfo.InstanceInfo;
import com.netflix.appinfo.InstanceInfo.InstanceStatus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration;
import org.springframework.cloud.netflix.eureka.EurekaInstanceConfigBean;
import org.springframework.cloud.netflix.eureka.serviceregistry.EurekaRegistration;
import org.springframework.cloud.zookeeper.discovery.ZookeeperDiscoveryProperties;
import org.springframework.cloud.zookeeper.serviceregistry.ServiceInstanceRegistration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is reached by name in the registries' own classes is known to a native image, and
 * is there at all.
 */
class CloudRegistrationHintsTests {

	private static final RuntimeHints hints = new RuntimeHints();

	@BeforeAll
	static void register() {
		List<RuntimeHintsRegistrar> registrars = SpringFactoriesLoader
			.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((each) -> each.getClass().getName().startsWith("io.github.netrpc."))
			.toList();
		assertThat(registrars).isNotEmpty();
		registrars.forEach((each) -> each.registerHints(hints, CloudRegistrationHintsTests.class.getClassLoader()));
	}

	@Test
	void entriesCanBeToldTheirPorts() {
		assertInvocable(ConsulAutoRegistration.class, "initializePort", int.class);
		assertInvocable(ServiceInstanceRegistration.class, "setPort", int.class);
		assertInvocable(EurekaRegistration.class, "setNonSecurePort", int.class);
	}

	@Test
	void entryOfEurekaCanBeHeldBack() {
		assertInvocable(EurekaRegistration.class, "getInstanceConfig");
		assertInvocable(EurekaInstanceConfigBean.class, "getInitialStatus");
		assertInvocable(EurekaInstanceConfigBean.class, "setInitialStatus", InstanceStatus.class);
		assertInvocable(EurekaRegistration.class, "getApplicationInfoManager");
		assertInvocable(ApplicationInfoManager.class, "getInfo");
		assertInvocable(InstanceInfo.class, "getMetadata");
		assertThat(
				RuntimeHintsPredicates.reflection().onFieldAccess(InstanceStatus.class, InstanceStatus.STARTING.name()))
			.accepts(hints);
	}

	@Test
	void metadataOfZooKeeperCanBeAddedTo() {
		assertInvocable(ZookeeperDiscoveryProperties.class, "getMetadata");
	}

	private static void assertInvocable(Class<?> type, String method, Class<?>... parameters) {
		assertThat(ReflectionUtils.findMethod(type, method, parameters)).as(type.getSimpleName() + "." + method)
			.isNotNull()
			.satisfies((found) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(found))
				.accepts(hints));
	}

}
