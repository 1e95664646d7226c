package io.github.netrpc.autoconfigure.client;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.cluster.ClusterNode;
import io.github.netrpc.cluster.DirectoryContext;
import io.github.netrpc.cluster.LoadBalancer;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.cluster.TargetUri;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcClientFactory;
import io.github.netrpc.context.scanned.clients.ScannedClient;
import io.github.netrpc.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class RpcClientAutoConfigurationTests {

	private static final String[] TARGETS = { "rpc.client.channel.scanned.target=static://localhost:1",
			"rpc.client.channel.nested.target=static://localhost:1,localhost:2" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class));

	@Test
	void applicationWithoutClientsHasNoChannels() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(RpcChannelRegistry.class);
			assertThat(context.getBean(RpcChannelRegistry.class).channels()).isEmpty();
		});
	}

	@Test
	void clientsOfTheApplicationsPackagesAreInjectable() {
		this.runner.withUserConfiguration(Scanned.class).withPropertyValues(TARGETS).run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(ScannedClient.class)
				.hasSingleBean(ScannedClient.Nested.class);
			assertThat(Proxy.isProxyClass(context.getBean(ScannedClient.class).getClass())).isTrue();
			assertThat(context.getBean(RpcChannelRegistry.class).channels()).extracting(RpcChannel::name)
				.containsExactly("nested", "scanned");
		});
	}

	@Test
	void clustersOfClientsAreInjectable() {
		this.runner.withUserConfiguration(Scanned.class).withPropertyValues(TARGETS).run((context) -> {
			assertThat(context).hasNotFailed();
			RpcCluster<?> cluster = (RpcCluster<?>) context
				.getBeanProvider(ResolvableType.forClassWithGenerics(RpcCluster.class, ScannedClient.Nested.class))
				.getObject();
			assertThat(cluster.nodes()).extracting(ClusterNode::id).containsExactly("localhost:1", "localhost:2");
		});
	}

	@Test
	void disabledRegistersNothing() {
		this.runner.withUserConfiguration(Scanned.class)
			.withPropertyValues("rpc.client.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RpcClientFactory.class)
				.doesNotHaveBean(ScannedClient.class)
				.doesNotHaveBean(Transport.class));
	}

	@Test
	void channelWithoutTargetFailsTheStart() {
		this.runner.withUserConfiguration(Scanned.class)
			.withPropertyValues(TARGETS[0])
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(MissingTargetException.class)
				.hasMessageContaining("rpc.client.channel.nested.target"));
	}

	@Test
	void channelWithoutTargetIsExplainedByTheProperty(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Scanned.class, Automatic.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatThrownBy(() -> application.run("--" + TARGETS[0])).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The RPC channel 'nested' is used, but has no target.")
			.contains("Set the property 'rpc.client.channel.nested.target'");
	}

	@Test
	void malformedTargetFailsByTheProperty() {
		this.runner.withUserConfiguration(Scanned.class)
			.withPropertyValues(TARGETS)
			.withPropertyValues("rpc.client.channel.nested.target=static://localhost")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(Exception.class)
				.hasStackTraceContaining(InvalidConfigurationPropertyValueException.class.getName())
				.hasStackTraceContaining("rpc.client.channel.nested.target"));
	}

	@Test
	void badTimeoutFailsByTheProperty() {
		this.runner.withPropertyValues("rpc.client.channel.nested.timeout=0")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("rpc.client.channel.nested.timeout"));
	}

	@Test
	void connectionDetailsReplaceTheTarget() {
		this.runner.withUserConfiguration(Scanned.class)
			.withPropertyValues(TARGETS)
			.withBean(RpcClientConnectionDetails.class, () -> (channel) -> "static://" + channel + ".test:99")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(PropertiesRpcClientConnectionDetails.class);
				assertThat(context.getBean(RpcChannelRegistry.class).channel("scanned").target())
					.isEqualTo("static://scanned.test:99");
			});
	}

	@Test
	void factoryOfTheApplicationWins() {
		RpcClientFactory factory = new RpcClientFactory() {

			@Override
			public <T> T create(Class<T> type) {
				return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
						(proxy, method, arguments) -> "own"));
			}

		};
		this.runner.withUserConfiguration(Scanned.class)
			.withBean(RpcClientFactory.class, () -> factory)
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(RpcChannelRegistry.class);
				assertThat(context.getBean(ScannedClient.class).greet()).isEqualTo("own");
			});
	}

	@Test
	void customizersRunInOrderForEachChannel() {
		this.runner.withUserConfiguration(Scanned.class, Customizers.class)
			.withPropertyValues(TARGETS)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Customizers.class).seen).containsExactlyInAnyOrder("first nested",
						"second nested", "first scanned", "second scanned");
				assertThat(context.getBean(Customizers.class).seen).containsSubsequence("first nested", "second nested")
					.containsSubsequence("first scanned", "second scanned");
			});
	}

	@Test
	void propertiesReachTheChannel() {
		this.runner
			.withPropertyValues("rpc.client.channel.a.target=localhost:1", "rpc.client.channel.a.codec=json",
					"rpc.client.channel.b.target=localhost:1")
			.run((context) -> {
				RpcChannelRegistry channels = context.getBean(RpcChannelRegistry.class);
				assertThat(channels.channel("a").codec()).isEqualTo("json");
				assertThat(channels.channel("b").codec()).isEqualTo("gob");
				assertThat(channels.channel("a")).isSameAs(channels.channel("a"));
			});
	}

	@Test
	void directoryProviderOfTheApplicationMakesDirectories() {
		List<String> made = new ArrayList<>();
		this.runner
			.withPropertyValues("rpc.client.channel.a.target=own://here?zone=1",
					"rpc.client.channel.a.directory.refresh-interval=200ms", "rpc.client.channel.b.target=own://there")
			.withBean(NodeDirectory.Provider.class, () -> new OwnDirectories(made))
			.run((context) -> {
				RpcChannelRegistry channels = context.getBean(RpcChannelRegistry.class);
				assertThat(channels.channel("a").target()).isEqualTo("own://here?zone=1");
				channels.channel("b");
				assertThat(made).containsExactly("a here {zone=1} PT0.2S", "b there {} null");
			});
		assertThat(made).endsWith("closed", "closed");
	}

	@Test
	void unknownSchemeFailsByThePropertyAndNamesTheSchemesThereAre() {
		this.runner.withUserConfiguration(Scanned.class)
			.withPropertyValues(TARGETS)
			.withPropertyValues("rpc.client.channel.nested.target=ftp://localhost:1")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("rpc.client.channel.nested.target")
				.hasStackTraceContaining("no directory has the scheme \"ftp\"")
				.hasStackTraceContaining("dns://")
				.hasStackTraceContaining("static://"));
	}

	@Test
	void loadBalancersOfTheApplicationAreFoundByTheirNames() {
		List<String> made = new ArrayList<>();
		this.runner
			.withPropertyValues("rpc.client.channel.a.target=localhost:1", "rpc.client.channel.a.load-balancer=own",
					"rpc.client.channel.b.target=localhost:1", "rpc.client.channel.b.load-balancer=provided",
					"rpc.client.channel.c.target=localhost:1", "rpc.client.channel.c.load-balancer=random")
			.withBean("own", LoadBalancer.class, () -> (nodes, request) -> 0)
			.withBean(LoadBalancer.Provider.class, () -> new OwnBalancers(made))
			.run((context) -> {
				RpcChannelRegistry channels = context.getBean(RpcChannelRegistry.class);
				channels.channel("a");
				channels.channel("c");
				assertThat(made).isEmpty();
				channels.channel("b");
				assertThat(made).containsExactly("made");
			});
	}

	@Test
	void unknownLoadBalancerFailsByThePropertyAndNamesThoseThereAre() {
		this.runner.withUserConfiguration(Scanned.class)
			.withPropertyValues(TARGETS)
			.withPropertyValues("rpc.client.channel.nested.load-balancer=best")
			.withBean("own", LoadBalancer.class, () -> (nodes, request) -> 0)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("rpc.client.channel.nested.load-balancer")
				.hasStackTraceContaining(
						"expected: one of consistent-hash, least-loaded, own, random, round-robin, weighted"));
	}

	@Test
	void listenersAreToldOfEachChannel() {
		List<String> created = new ArrayList<>();
		this.runner.withPropertyValues("rpc.client.channel.a.target=localhost:1")
			.withBean(RpcChannelListener.class, () -> (channel) -> created.add(channel.name()))
			.run((context) -> {
				RpcChannelRegistry channels = context.getBean(RpcChannelRegistry.class);
				channels.channel("a");
				channels.channel("a");
				assertThat(created).containsExactly("a");
			});
	}

	@Test
	void closingTheContextClosesTheChannels() {
		RpcChannelRegistry[] registry = new RpcChannelRegistry[1];
		this.runner.withPropertyValues("rpc.client.channel.a.target=localhost:1").run((context) -> {
			registry[0] = context.getBean(RpcChannelRegistry.class);
			registry[0].channel("a");
		});
		assertThat(registry[0].channels()).isEmpty();
		assertThatThrownBy(() -> registry[0].channel("a")).isInstanceOf(IllegalStateException.class);
	}

	/** Directories that list nothing. */
	private record OwnDirectories(List<String> made) implements NodeDirectory.Provider {

		@Override
		public String scheme() {
			return "own";
		}

		@Override
		public NodeDirectory create(TargetUri target, DirectoryContext context) {
			this.made.add(context.channel() + " " + target.location() + " " + target.parameters() + " "
					+ context.refreshInterval());
			return new NodeDirectory() {

				@Override
				public void watch(Listener listener) {
				}

				@Override
				public void close() {
					OwnDirectories.this.made.add("closed");
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = ScannedClient.class)
	static class Scanned {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class })
	static class Automatic {

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		private final List<String> seen = new ArrayList<>();

		@Bean
		@Order(2)
		RpcChannelCustomizer second() {
			return (name, builder) -> this.seen.add("second " + name);
		}

		@Bean
		@Order(1)
		RpcChannelCustomizer first() {
			return (name, builder) -> this.seen.add("first " + name);
		}

	}

	/**
	 * Makes a balancer, and says so.
	 */
	private record OwnBalancers(List<String> made) implements LoadBalancer.Provider {

		@Override
		public String name() {
			return "provided";
		}

		@Override
		public LoadBalancer create(DoubleSupplier random) {
			this.made.add("made");
			return (nodes, request) -> 0;
		}

	}

}
