package io.github.netrpc.autoconfigure.discovery.cloud;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.sample.Arith;
import io.github.netrpc.autoconfigure.server.RpcRegistrationAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.discovery.cloud.CloudDirectoryProvider;
import io.github.netrpc.discovery.cloud.CloudHeartbeatListener;
import io.github.netrpc.discovery.cloud.CloudRegistrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RpcCloudDiscoveryAutoConfigurationTests {

	private static final String TARGET = "rpc.client.channel.arith.target=discovery://arith";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcServerAutoConfiguration.class, RpcRegistrationAutoConfiguration.class,
				RpcCloudDiscoveryAutoConfiguration.class, RpcCloudRegistrationAutoConfiguration.class));

	@Test
	void channelAsksTheDiscoveryClient() {
		this.runner.withUserConfiguration(Server.class)
			.withPropertyValues("rpc.server.port=0")
			.run((server) -> this.runner
				.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class,
						SimpleDiscoveryClientAutoConfiguration.class))
				.withPropertyValues(TARGET,
						"spring.cloud.discovery.client.simple.instances.arith[0].uri=http://127.0.0.1:1",
						"spring.cloud.discovery.client.simple.instances.arith[0].instance-id=n1",
						"spring.cloud.discovery.client.simple.instances.arith[0].metadata.rpc-port="
								+ server.getEnvironment().getProperty("local.rpc.server.port"))
				.run((client) -> {
					assertThat(client).hasNotFailed();
					RpcChannel channel = client.getBean(RpcChannelRegistry.class).channel("arith");
					assertThat(channel.call("Arith.Add", new Arith.Args(7, 8), Arith.Reply.class))
						.isEqualTo(new Arith.Reply(15));
					assertThat(channel.nodes()).extracting((node) -> node.id()).containsExactly("n1");
				}));
	}

	@Test
	void channelWithoutDiscoveryClientStartsAndSaysWhatIsMissing() {
		this.runner.withPropertyValues(TARGET, "rpc.client.channel.arith.timeout=300ms").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(DiscoveryClient.class);
			RpcChannel channel = context.getBean(RpcChannelRegistry.class).channel("arith");
			assertThatThrownBy(() -> channel.call("Arith.Add", new Arith.Args(7, 8), Arith.Reply.class))
				.hasMessageContaining("there is no DiscoveryClient");
		});
	}

	@Test
	void serverHasARegistrarAndACallerHasNone() {
		this.runner.withUserConfiguration(Server.class)
			.withPropertyValues("rpc.server.port=0")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(CloudRegistrar.class));
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(CloudRegistrar.class)
			.hasSingleBean(CloudDirectoryProvider.class)
			.hasSingleBean(CloudHeartbeatListener.class));
	}

	@Test
	void serverThatDoesNotRegisterHasNoRegistrar() {
		this.runner.withUserConfiguration(Server.class)
			.withPropertyValues("rpc.server.port=0", "rpc.server.registration.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CloudRegistrar.class));
	}

	@Test
	void disabledHasNothing() {
		this.runner.withUserConfiguration(Server.class)
			.withPropertyValues("rpc.server.port=0", "rpc.discovery.cloud.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(CloudRegistrar.class)
				.doesNotHaveBean(NodeDirectory.Provider.class));
	}

	@Test
	void withoutSpringCloudHasNothing() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(NodeDirectory.Provider.class));
	}

	@Test
	void intervalThatIsTooShortFailsTheStart() {
		this.runner.withPropertyValues("rpc.discovery.cloud.poll-interval=10ms")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("rpc.discovery.cloud.poll-interval"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Server {

		@Bean
		Arith arith() {
			return new Adding();
		}

	}

	static class Adding implements Arith {

		@Override
		public Reply add(Args args) {
			return new Reply(args.a() + args.b());
		}

		@Override
		public CompletableFuture<Reply> multiply(int a, int b) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Reply divide(Args args) {
			throw new UnsupportedOperationException();
		}

		@Override
		public String thread() {
			throw new UnsupportedOperationException();
		}

	}

}
