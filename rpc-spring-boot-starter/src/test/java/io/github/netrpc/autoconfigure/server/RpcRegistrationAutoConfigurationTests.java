package io.github.netrpc.autoconfigure.server;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.netrpc.actuate.RpcEndpoint;
import io.github.netrpc.actuate.ServerDescriptor;
import io.github.netrpc.actuate.ServerDescriptor.RegistrationDescriptor;
import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.actuate.RpcEndpointAutoConfiguration;
import io.github.netrpc.autoconfigure.observation.RpcMetricsAutoConfiguration;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.NodeRegistrar;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.RegistrationSnapshot;
import io.github.netrpc.context.RpcRegistrationLifecycle;
import io.github.netrpc.context.RpcServerDrainLifecycle;
import io.github.netrpc.context.RpcServerRegistration;
import io.github.netrpc.observation.RegistrationGauges;

import static org.assertj.core.api.Assertions.assertThat;

class RpcRegistrationAutoConfigurationTests {

	private final ListeningTransport transport = new ListeningTransport();

	private final List<String> events = this.transport.events;

	private final List<NodeRegistration> registered = new ArrayList<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcServerAutoConfiguration.class,
				RpcRegistrationAutoConfiguration.class))
		.withBean("rpcServerTransport", ListeningTransport.class, () -> this.transport)
		.withBean(NodeRegistrar.class, FakeRegistrar::new);

	private final ApplicationContextRunner serving = this.runner.withUserConfiguration(Echo.class);

	@Test
	void serverIsRegisteredWithWhatItKnowsOfItself() {
		this.serving
			.withPropertyValues("rpc.server.port=0", "spring.application.name=arith", "rpc.server.concurrency.max=7")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.registered).containsExactly(new NodeRegistration("arith",
						new NodeEndpoint("127.0.0.1:54321", "127.0.0.1", 54321,
								Map.of("rpc-port", "54321", "rpc-codec", "gob,json", "rpc-capacity", "7", "rpc-cpus",
										String.valueOf(Runtime.getRuntime().availableProcessors())))));
			});
	}

	@Test
	void propertiesWin() {
		this.serving
			.withPropertyValues("rpc.server.port=0", "spring.application.name=other", "rpc.server.codecs=json",
					"rpc.server.concurrency.max=7", "rpc.server.registration.name=arith",
					"rpc.server.registration.id=arith-3", "rpc.server.registration.host=node3.example",
					"rpc.server.registration.port=30123", "rpc.server.registration.version=1.2",
					"rpc.server.registration.weight=2.5", "rpc.server.registration.tags=gpu,eu",
					"rpc.server.registration.metadata.zone=a", "rpc.server.registration.metadata.[rpc-capacity]=9")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.registered).singleElement().satisfies((registration) -> {
					assertThat(registration.service()).isEqualTo("arith");
					NodeEndpoint node = registration.node();
					assertThat(node.id()).isEqualTo("arith-3");
					assertThat(node.address()).isEqualTo("node3.example:30123");
					assertThat(node.codec()).isEqualTo("json");
					assertThat(node.version()).isEqualTo("1.2");
					assertThat(node.weight()).isEqualTo(2.5);
					assertThat(node.tags()).containsExactly("gpu", "eu");
					assertThat(node.capacity()).isEqualTo(9);
					assertThat(node.metadata()).containsEntry("zone", "a").containsEntry("rpc-port", "30123");
				});
			});
	}

	@Test
	void registrationComesAfterListeningAndGoesBeforeDraining() {
		this.serving.withPropertyValues("rpc.server.port=0").run((context) -> {
			assertThat(this.events).containsExactly("listen 54321", "register");
			assertThat(RpcRegistrationLifecycle.PHASE).isGreaterThan(RpcServerDrainLifecycle.PHASE);
		});
		assertThat(this.events.subList(2, this.events.size())).startsWith("withdraw").hasSizeGreaterThan(1);
	}

	@Test
	void registrarThatFailsDoesNotKeepTheServerFromStopping() {
		this.serving.withBean("failing", NodeRegistrar.class, FailingRegistrar::new)
			.withPropertyValues("rpc.server.port=0")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(this.events).contains("withdraw");
	}

	@Test
	void registrationIsMeteredAndShown() {
		this.serving
			.withConfiguration(
					AutoConfigurations.of(RpcMetricsAutoConfiguration.class, RpcEndpointAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("failing", NodeRegistrar.class, FailingRegistrar::new)
			.withPropertyValues("rpc.server.port=0", "management.endpoints.web.exposure.include=rpc")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				context.getBean(RegistrationGauges.class).bindTo(meters);
				assertThat(meters.get("rpc.server.registered").tag("registry", "fake").gauge().value()).isOne();
				assertThat(meters.get("rpc.server.registered").tag("registry", "failing").gauge().value()).isZero();
				this.registered.clear();
				assertThat(meters.get("rpc.server.registered").tag("registry", "fake").gauge().value()).isZero();
				ServerDescriptor server = context.getBean(RpcEndpoint.class).rpc().server();
				assertThat(server).isNotNull();
				assertThat(server.registrations()).containsExactlyInAnyOrder(
						new RegistrationDescriptor("fake", false, null),
						new RegistrationDescriptor("failing", false, "as the test wants"));
			});
	}

	@Test
	void serverWithoutRegistryHasNoSuchMeter() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcServerAutoConfiguration.class,
					RpcRegistrationAutoConfiguration.class, RpcMetricsAutoConfiguration.class))
			.withBean("rpcServerTransport", ListeningTransport.class, () -> this.transport)
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withUserConfiguration(Echo.class)
			.withPropertyValues("rpc.server.port=0")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				context.getBean(RegistrationGauges.class).bindTo(meters);
				assertThat(meters.find("rpc.server.registered").gauge()).isNull();
			});
	}

	@Test
	void disabledRegistersNothing() {
		this.serving.withPropertyValues("rpc.server.port=0", "rpc.server.registration.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(RpcServerRegistration.class);
			assertThat(this.registered).isEmpty();
		});
	}

	@Test
	void applicationWithoutServerRegistersNothing() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(RpcRegistrationLifecycle.class);
			assertThat(this.registered).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "name=a/b", "host=http://node", "port=0", "weight=0", "weight=NaN" })
	void valueBeyondItsRangeFailsTheStartAndIsNamed(String property) {
		this.serving.withPropertyValues("rpc.server.port=0", "rpc.server.registration." + property)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("rpc.server.registration." + property.substring(0, property.indexOf('='))));
	}

	@Test
	void nameOfTheApplicationHasToFitIfItIsRegistered() {
		this.serving.withPropertyValues("rpc.server.port=0", "spring.application.name=My application")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("rpc.server.registration.name")
				.hasStackTraceContaining("spring.application.name"));
	}

	@Test
	void addressListenedOnIsAdvertisedUnlessItIsAWildcard() throws Exception {
		assertThat(AdvertisedAddress.of(InetAddress.getByName("10.1.2.3"))).isEqualTo("10.1.2.3");
		assertThat(AdvertisedAddress.of(InetAddress.getByName("::1"))).isEqualTo("0:0:0:0:0:0:0:1");
		assertThat(InetAddress.getByName(AdvertisedAddress.of(InetAddress.getByName("0.0.0.0"))).isAnyLocalAddress())
			.isFalse();
	}

	@Test
	void addressThatOthersCanReachIsChosenAndIpv4BeforeIpv6() throws Exception {
		InetAddress loopback = InetAddress.getByName("127.0.0.1");
		InetAddress linkLocal = InetAddress.getByName("fe80::1");
		InetAddress ipv6 = InetAddress.getByName("2001:db8::1");
		InetAddress first = InetAddress.getByName("10.0.0.1");
		InetAddress second = InetAddress.getByName("172.17.0.1");
		assertThat(AdvertisedAddress.choose(List.of(loopback, linkLocal, ipv6, first, second))).isEqualTo(first);
		assertThat(AdvertisedAddress.choose(List.of(linkLocal, ipv6))).isEqualTo(ipv6);
		assertThat(AdvertisedAddress.choose(List.of(linkLocal)).isLoopbackAddress()).isTrue();
	}

	private final class FakeRegistrar implements NodeRegistrar {

		@Override
		public void register(NodeRegistration registration) {
			RpcRegistrationAutoConfigurationTests.this.events.add("register");
			RpcRegistrationAutoConfigurationTests.this.registered.add(registration);
		}

		@Override
		public CompletionStage<@Nullable Void> withdraw() {
			RpcRegistrationAutoConfigurationTests.this.events.add("withdraw");
			return CompletableFuture.completedStage(null);
		}

		@Override
		public RegistrationSnapshot registration() {
			return new RegistrationSnapshot("fake", !RpcRegistrationAutoConfigurationTests.this.registered.isEmpty(),
					null);
		}

	}

	private static final class FailingRegistrar implements NodeRegistrar {

		@Override
		public void register(NodeRegistration registration) {
		}

		@Override
		public CompletionStage<@Nullable Void> withdraw() {
			throw new IllegalStateException("as the test wants");
		}

		@Override
		public RegistrationSnapshot registration() {
			return new RegistrationSnapshot("failing", false, "as the test wants");
		}

	}

}
