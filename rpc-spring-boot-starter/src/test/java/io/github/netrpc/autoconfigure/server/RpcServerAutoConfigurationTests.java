package io.github.netrpc.autoconfigure.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcServerDrainLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.context.RpcServerStartedEvent;
import io.github.netrpc.context.scanned.ScannedService;
import io.github.netrpc.context.scanned.clients.ScannedClient;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.server.RpcInsecureAddressException;
import io.github.netrpc.server.RpcPortInUseException;
import io.github.netrpc.server.ServiceSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RpcServerAutoConfigurationTests {

	private final ListeningTransport transport = new ListeningTransport();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcServerAutoConfiguration.class))
		.withBean("rpcServerTransport", ListeningTransport.class, () -> this.transport);

	private final ApplicationContextRunner serving = this.runner.withUserConfiguration(Echo.class);

	@Test
	void servicesAreOfferedAndThePortIsPublished(CapturedOutput output) {
		this.serving.withUserConfiguration(Events.class).withPropertyValues("rpc.server.port=0").run((context) -> {
			assertThat(context).hasNotFailed();
			RpcServerLifecycle lifecycle = context.getBean(RpcServerLifecycle.class);
			assertThat(lifecycle.server()).isNotNull();
			assertThat(lifecycle.server().services()).extracting(ServiceSnapshot::name).containsExactly("Echo");
			assertThat(context.getEnvironment().getProperty("local.rpc.server.port", Integer.class))
				.isEqualTo(ListeningTransport.FREE_PORT);
			assertThat(context.getBean(Events.class).ports).containsExactly(ListeningTransport.FREE_PORT);
			assertThat(output).contains("RPC server started on port 54321 (tcp, gob and json) with 1 service: Echo");
		});
	}

	@Test
	void listensOnTheDefaultPortOfLoopback() {
		this.serving.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(this.transport.events).containsExactly("listen 1234");
		});
	}

	@Test
	void applicationWithoutServicesDoesNotListen() {
		this.runner.run(this::doesNotListen);
	}

	@Test
	void applicationThatOnlyCallsAServiceDoesNotListen() {
		this.runner.withUserConfiguration(OnlyCalls.class)
			.withPropertyValues("rpc.client.channel.scanned.target=localhost:1",
					"rpc.client.channel.nested.target=localhost:1")
			.run((context) -> {
				assertThat(context).hasSingleBean(ScannedClient.class);
				doesNotListen(context);
			});
	}

	@Test
	void proxyMadeByHandDoesNotListen() {
		this.runner.withUserConfiguration(ProxyByHand.class)
			.withPropertyValues("rpc.client.channel.scanned.target=localhost:1")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.transport.events).isEmpty();
			});
	}

	@Test
	void disabledDoesNotListen() {
		this.serving.withPropertyValues("rpc.server.enabled=false").run(this::doesNotListen);
	}

	@Test
	void addressBeyondLoopbackFailsTheStart() {
		this.serving.withPropertyValues("rpc.server.address=0.0.0.0")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(RpcInsecureAddressException.class));
		assertThat(this.transport.events).isEmpty();
	}

	@Test
	void addressBeyondLoopbackWorksIfItIsWrittenDown() {
		this.serving.withPropertyValues("rpc.server.address=0.0.0.0", "rpc.server.insecure=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void portInUseFailsTheStart() {
		this.transport.inUse = true;
		this.serving.run((context) -> assertThat(context).hasFailed()
			.getFailure()
			.hasStackTraceContaining(RpcPortInUseException.class.getName()));
	}

	@Test
	void valueBeyondItsRangeFailsTheStart() {
		this.serving.withPropertyValues("rpc.server.port=65536")
			.run((context) -> assertThat(context).hasFailed().getFailure().hasStackTraceContaining("rpc.server.port"));
	}

	@Test
	void serviceThatCannotBeOfferedFailsTheStartWithAllProblems() {
		this.runner.withUserConfiguration(Overloaded.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOfSatisfying(RpcDefinitionException.class, (ex) -> assertThat(ex.problems()).hasSize(2)));
	}

	@Test
	void lifecycleOfTheApplicationWins() {
		this.serving
			.withBean("own", RpcServerLifecycle.class, () -> new RpcServerLifecycle(() -> null, List.of(), (event) -> {
			}))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(RpcServerLifecycle.class).hasBean("own");
				assertThat(this.transport.events).isEmpty();
			});
	}

	@Test
	void customizersRunInOrder() {
		this.serving.withUserConfiguration(Customizers.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Customizers.class).seen).containsExactly("first", "second");
		});
	}

	@Test
	void onlyTheConfiguredFormatsAreSpoken(CapturedOutput output) {
		this.serving.withPropertyValues("rpc.server.codecs=json").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("(tcp, json)");
		});
	}

	@Test
	void debugLogShowsMethodsAsGoWritesThem(CapturedOutput output) {
		this.serving.withPropertyValues("logging.level.io.github.netrpc.context=debug")
			.withInitializer((context) -> LoggingSystem.get(getClass().getClassLoader())
				.setLogLevel(RpcServerLifecycle.class.getName(), LogLevel.DEBUG))
			.run((context) -> assertThat(output).contains("func (Echo) Repeat(string, *string) error"));
	}

	@Test
	void handlersRunOnABoundedPool() {
		this.serving.withPropertyValues("rpc.server.concurrency.max=7").run((context) -> {
			assertThat(context).hasNotFailed();
			ThreadPoolTaskExecutor executor = context.getBean("rpcServerTaskExecutor", ThreadPoolTaskExecutor.class);
			assertThat(executor.getMaxPoolSize()).isEqualTo(7);
			assertThat(executor.getThreadNamePrefix()).isEqualTo("rpc-handler-");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlersRunOnVirtualThreadsWhereBootEnablesThem() {
		this.serving.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("rpcServerTaskExecutor")).isInstanceOf(SimpleAsyncTaskExecutor.class);
		});
	}

	@Test
	void executorOfTheApplicationWins() {
		Executor own = Runnable::run;
		this.serving.withBean("rpcServerTaskExecutor", Executor.class, () -> own).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("rpcServerTaskExecutor")).isSameAs(own);
		});
	}

	@Test
	void applicationsExecutorStaysTheOneThatIsInjectedByType() {
		this.serving.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class)).run((context) -> {
			assertThat(context).hasNotFailed().hasBean("applicationTaskExecutor").hasBean("rpcServerTaskExecutor");
			assertThat(context.getBeanProvider(TaskExecutor.class).getObject())
				.isSameAs(context.getBean("applicationTaskExecutor"));
		});
	}

	@Test
	void lazyInitializationDoesNotStopTheListener() {
		this.serving
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.transport.events).containsExactly("listen 1234");
			});
	}

	@Test
	void restartListensAgain() {
		this.serving.run((context) -> {
			context.getSourceApplicationContext().stop();
			assertThat(context.getBean(RpcServerLifecycle.class).isRunning()).isFalse();
			context.getSourceApplicationContext().start();
			assertThat(context.getBean(RpcServerLifecycle.class).isRunning()).isTrue();
			assertThat(context.getBean(RpcServerDrainLifecycle.class).isRunning()).isTrue();
		});
		assertThat(this.transport.events).containsExactly("listen 1234", "close 1234", "listen 1234", "close 1234");
	}

	@Test
	void pauseOfATestsContextDoesNotStopTheListener() {
		this.serving.run((context) -> {
			context.getSourceApplicationContext(ConfigurableApplicationContext.class).pause();
			assertThat(context.getBean(RpcServerLifecycle.class).isRunning()).isTrue();
		});
	}

	@Test
	void closingTheContextSaysWhatBecameOfTheCalls(CapturedOutput output) {
		this.serving.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("RPC server is stopping; 0 calls are in flight, with 30 s to end")
			.contains("RPC server stopped; all calls were answered");
		assertThat(this.transport.events).containsExactly("listen 1234", "close 1234");
		assertThat(this.transport.closed).isTrue();
	}

	private void doesNotListen(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed()
			.doesNotHaveBean(RpcServerLifecycle.class)
			.doesNotHaveBean("rpcServerTaskExecutor");
		assertThat(this.transport.events).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = ScannedClient.class)
	static class OnlyCalls {

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxyByHand {

		@Bean
		ScannedService remote(RpcChannelRegistry channels) {
			RpcChannel channel = channels.channel("scanned");
			return channel.proxy(ScannedService.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Events {

		private final List<Integer> ports = new ArrayList<>();

		@EventListener
		void started(RpcServerStartedEvent event) {
			this.ports.add(event.address().getPort());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		private final List<String> seen = new ArrayList<>();

		@Bean
		@Order(2)
		RpcServerCustomizer second() {
			return (builder) -> this.seen.add("second");
		}

		@Bean
		@Order(1)
		RpcServerCustomizer first() {
			return (builder) -> this.seen.add("first");
		}

	}

}
