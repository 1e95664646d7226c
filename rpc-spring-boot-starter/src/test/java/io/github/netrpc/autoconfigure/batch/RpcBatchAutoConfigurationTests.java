package io.github.netrpc.autoconfigure.batch;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.batch.PartitionHints;
import io.github.netrpc.batch.RpcPartitionHandler;
import io.github.netrpc.batch.RpcPartitionWorker;
import io.github.netrpc.context.RpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

class RpcBatchAutoConfigurationTests {

	private static final String CHANNEL = "rpc.batch.channel=workers";

	private static final String TARGET = "rpc.client.channel.workers.target=127.0.0.1:1";

	private static final String WORKER = "rpc.batch.worker.enabled=true";

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcBatchAutoConfiguration.class, RpcServerAutoConfiguration.class))
		.withPropertyValues("rpc.server.port=0");

	private final ApplicationContextRunner runner = this.bare.withBean(JobRepository.class,
			ResourcelessJobRepository::new);

	@Test
	void nothingIsThereUntilItIsAskedFor() {
		this.runner.withBean("imports", Step.class, () -> new NamedStep("imports"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RpcPartitionHandler.class)
				.doesNotHaveBean(RpcPartitionWorker.class)
				.doesNotHaveBean(RpcServerLifecycle.class));
	}

	@Test
	void coordinatorHasAHandlerAndNoServer() {
		this.runner.withPropertyValues(CHANNEL, TARGET)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RpcPartitionHandler.class)
				.doesNotHaveBean(RpcPartitionWorker.class)
				.doesNotHaveBean(RpcServerLifecycle.class));
	}

	@Test
	void workerIsAServiceOfItsServer() {
		this.runner.withPropertyValues(WORKER)
			.withBean("imports", Step.class, () -> new NamedStep("imports"))
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasSingleBean(RpcPartitionWorker.class)
					.doesNotHaveBean(RpcPartitionHandler.class);
				assertThat(context.getBean(RpcServerLifecycle.class).server()).isNotNull();
				assertThat(context.getBean(RpcPartitionWorker.class).isRunning()).isTrue();
			});
	}

	@Test
	void ownBeansWin() {
		RpcPartitionWorker own = new RpcPartitionWorker(new ResourcelessJobRepository(), List.of());
		this.runner.withPropertyValues(WORKER)
			.withBean("own", RpcPartitionWorker.class, () -> own)
			.run((context) -> assertThat(context.getBean(RpcPartitionWorker.class)).isSameAs(own));
	}

	@Test
	void withoutAJobRepositoryThereIsNothing() {
		this.bare.withPropertyValues(CHANNEL, TARGET, WORKER)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RpcPartitionHandler.class)
				.doesNotHaveBean(RpcPartitionWorker.class));
	}

	@Test
	void withoutSpringBatchThereIsNothing() {
		this.bare.withPropertyValues(CHANNEL, TARGET, WORKER)
			.withClassLoader(new FilteredClassLoader("org.springframework.batch"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RpcBatchProperties.class));
	}

	@Test
	void twoStepsOfOneNameStopTheStart() {
		this.runner.withPropertyValues(WORKER)
			.withBean("one", Step.class, () -> new NamedStep("imports"))
			.withBean("other", Step.class, () -> new NamedStep("imports"))
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("two steps are named \"imports\""));
	}

	@ParameterizedTest
	@CsvSource({ "grid-size, 0", "partition-timeout, 0s", "attempts, 0", "window, -1" })
	void valueBeyondItsRangeStopsTheStart(String name, String value) {
		this.runner.withPropertyValues(CHANNEL, TARGET, "rpc.batch." + name + "=" + value)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("rpc.batch." + name));
	}

	@Test
	void nativeImageKnowsTheCoordinatorsProxyAndItsMessages() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new PartitionHints().registerHints(hints, getClass().getClassLoader());
		Class<?> service = Class.forName("io.github.netrpc.batch.PartitionService");
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(service)).accepts(hints);
		for (String message : List.of("PartitionRequest", "PartitionResult")) {
			assertThat(RuntimeHintsPredicates.reflection().onType(Class.forName("io.github.netrpc.batch." + message)))
				.accepts(hints);
		}
	}

	/**
	 * A step that is only looked at.
	 */
	private record NamedStep(String name) implements Step {

		@Override
		public String getName() {
			return this.name;
		}

		@Override
		public void execute(StepExecution execution) {
			throw new UnsupportedOperationException();
		}

	}

}
