package io.github.netrpc.autoconfigure.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.netrpc.actuate.RpcEndpoint;
import io.github.netrpc.actuate.RpcHealthIndicator;
import io.github.netrpc.actuate.RpcInfoContributor;
import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.observation.RpcMetricsAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerCustomizer;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.observation.ClientGauges;
import io.github.netrpc.observation.ServerGauges;

import static org.assertj.core.api.Assertions.assertThat;

class RpcActuateAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcServerAutoConfiguration.class, RpcMetricsAutoConfiguration.class, RpcEndpointAutoConfiguration.class,
				RpcHealthAutoConfiguration.class, RpcInfoAutoConfiguration.class));

	@Test
	void endpointIsThereWhereItIsExposed() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=rpc")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RpcEndpoint.class));
	}

	@Test
	void endpointIsAbsentWhereItIsNotExposed() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RpcEndpoint.class));
	}

	@Test
	void endpointIsAbsentWhereAccessIsDenied() {
		this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=rpc", "management.endpoint.rpc.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RpcEndpoint.class));
	}

	@Test
	void endpointOfTheApplicationWins() {
		RpcEndpoint own = new RpcEndpoint(null, null, null);
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=rpc")
			.withBean("own", RpcEndpoint.class, () -> own)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(RpcEndpoint.class);
				assertThat(context.getBean(RpcEndpoint.class)).isSameAs(own);
			});
	}

	@Test
	void healthIndicatorCanBeDisabled() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RpcHealthIndicator.class));
		this.runner.withPropertyValues("management.health.rpc.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RpcHealthIndicator.class));
	}

	@Test
	void nothingIsShownWhereThereIsNothing() {
		this.runner.withPropertyValues("rpc.client.enabled=false", "management.endpoints.web.exposure.include=rpc")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RpcEndpoint.class)
				.doesNotHaveBean(RpcHealthIndicator.class)
				.doesNotHaveBean(RpcInfoContributor.class));
	}

	@Test
	void metersNeedARegistry() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClientGauges.class));
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ClientGauges.class)
				.doesNotHaveBean(ServerGauges.class)
				.doesNotHaveBean(RpcServerCustomizer.class));
	}

	@Test
	void ageOfAListThatMayChangeIsMetered() {
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("rpc.client.channel.found.target=dns://arith.invalid:1",
					"rpc.client.channel.fixed.target=localhost:1")
			.run((context) -> {
				RpcChannelRegistry channels = context.getBean(RpcChannelRegistry.class);
				channels.channel("found");
				channels.channel("fixed");
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("rpc.directory.age").timeGauges()).singleElement().satisfies((age) -> {
					assertThat(age.getId().getTag("channel")).isEqualTo("found");
					assertThat(age.value()).isNaN();
				});
				assertThat(registry.get("rpc.directory.answers").tag("outcome", "failed").functionCounter().count())
					.isZero();
			});
	}

	@Test
	void metersNeedMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RpcMetricsAutoConfiguration.class));
	}

}
