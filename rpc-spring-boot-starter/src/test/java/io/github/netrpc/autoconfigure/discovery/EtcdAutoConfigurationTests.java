package io.github.netrpc.autoconfigure.discovery;

import java.time.Duration;

import io.etcd.jetcd.Client;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.discovery.etcd.EtcdDirectory;
import io.github.netrpc.discovery.etcd.EtcdRegistrar;
import io.github.netrpc.discovery.etcd.EtcdSettings;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, EtcdAutoConfiguration.class));

	private final ApplicationContextRunner serving = this.runner.withBean(RpcServerLifecycle.class,
			() -> new RpcServerLifecycle(() -> null, java.util.List.of(), (event) -> {
			}));

	@Test
	void targetsAreKnownWithoutAnySettings() {
		this.serving.run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(EtcdDirectory.Provider.class);
			assertThat(context).doesNotHaveBean(EtcdRegistrar.class);
		});
	}

	@Test
	void serverIsRegisteredWhereEndpointsAreSet() {
		this.serving.withPropertyValues("rpc.discovery.etcd.endpoints=127.0.0.1:1")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(EtcdRegistrar.class));
		this.serving.withPropertyValues("rpc.discovery.etcd.endpoints[0]=127.0.0.1:1")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(EtcdRegistrar.class));
	}

	@Test
	void applicationWithoutServerRegistersNothing() {
		this.runner.withPropertyValues("rpc.discovery.etcd.endpoints=127.0.0.1:1")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EtcdRegistrar.class));
	}

	@Test
	void registrationMayBeDisabled() {
		this.serving
			.withPropertyValues("rpc.discovery.etcd.endpoints=127.0.0.1:1", "rpc.server.registration.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EtcdRegistrar.class));
	}

	@Test
	void propertiesBecomeSettings() {
		this.runner
			.withPropertyValues("rpc.discovery.etcd.endpoints=a:1,b:2", "rpc.discovery.etcd.prefix=/test/",
					"rpc.discovery.etcd.username=rpc", "rpc.discovery.etcd.password=secret",
					"rpc.discovery.etcd.timeout=1s", "rpc.discovery.etcd.refresh-interval=7s",
					"rpc.discovery.etcd.lease-time=20")
			.run((context) -> {
				EtcdSettings settings = context.getBean(EtcdSettings.class);
				assertThat(settings.endpoints()).containsExactly("a:1", "b:2");
				assertThat(settings.prefix()).isEqualTo("/test/");
				assertThat(settings.user()).isEqualTo("rpc");
				assertThat(settings.password()).isEqualTo("secret");
				assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(1));
				assertThat(settings.refreshInterval()).isEqualTo(Duration.ofSeconds(7));
				assertThat(settings.leaseTime()).isEqualTo(Duration.ofSeconds(20));
				assertThat(settings.tls()).isNull();
			});
	}

	@Test
	void bundleSecuresConnections() {
		this.runner
			.withPropertyValues("spring.ssl.bundle.jks.etcd.options.enabled-protocols=TLSv1.3",
					"rpc.discovery.etcd.ssl.bundle=etcd")
			.run((context) -> {
				EtcdSettings.Tls tls = context.getBean(EtcdSettings.class).tls();
				assertThat(tls).isNotNull();
				assertThat(tls.protocols()).containsExactly("TLSv1.3");
				assertThat(tls.trust()).isNotNull();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "endpoints=nowhere", "prefix=/test", "username=me", "timeout=1", "refresh-interval=1",
			"lease-time=1" })
	void valueBeyondItsRangeFailsTheStartAndIsNamed(String property) {
		this.runner.withPropertyValues("rpc.discovery.etcd." + property)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("rpc.discovery.etcd." + property.substring(0, property.indexOf('='))));
	}

	@Test
	void backsOffWithoutJetcd() {
		this.runner.withClassLoader(new FilteredClassLoader(Client.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EtcdSettings.class));
	}

	@Test
	void settingsOfTheApplicationWin() {
		this.runner.withUserConfiguration(OwnSettings.class)
			.withPropertyValues("rpc.discovery.etcd.endpoints=a:1")
			.run((context) -> assertThat(context.getBean(EtcdSettings.class).endpoints()).isEmpty());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnSettings {

		@Bean
		EtcdSettings ownSettings() {
			return EtcdSettings.DEFAULT;
		}

	}

}
