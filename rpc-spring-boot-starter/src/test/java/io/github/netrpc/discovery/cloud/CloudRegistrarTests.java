package io.github.netrpc.discovery.cloud;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.GenericApplicationContext;

import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.RegistrationSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CloudRegistrar}: what it does on its thread, the test does.
 */
@ExtendWith(OutputCaptureExtension.class)
class CloudRegistrarTests {

	private static final NodeRegistration SERVER = new NodeRegistration("arith",
			new NodeEndpoint("n", "10.0.0.7", 1234, Map.of("rpc-port", "1234", "rpc-tags", "gpu")));

	private final FakeRegistry registry = new FakeRegistry();

	private final FakeRegistration registration = new FakeRegistration(0, new HashMap<>());

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final ByHand thread = new ByHand();

	private @Nullable NodeRegistration current = SERVER;

	private final CloudRegistrar registrar = new CloudRegistrar(() -> this.current,
			new CloudRegistrations(this.context), Duration.ofSeconds(5), () -> this.thread);

	private final FakeAutoRegistration automatic = new FakeAutoRegistration(this.context, this.registry,
			this.registration);

	@BeforeEach
	void start() {
		this.context.registerBean(FakeRegistry.class, () -> this.registry);
		this.context.registerBean(FakeRegistration.class, () -> this.registration);
		this.context.registerBean(FakeAutoRegistration.class, () -> this.automatic);
		this.context.addApplicationListener(this.registrar);
		this.context.refresh();
	}

	@AfterEach
	void stop() {
		this.thread.shutdownNow();
	}

	@Test
	void entryOfAWebApplicationIsToldTheRpcPort() {
		this.registration.setPort(8080);
		this.automatic.start();
		assertThat(this.registry.log).containsExactly("registered 8080 1234 UP null");
		assertThat(this.registration.getMetadata()).containsEntry("rpc-tags", "gpu");
		this.registrar.register(SERVER);
		assertThat(this.thread.tasks).as("nothing is left to do").isEmpty();
	}

	@Test
	void withoutWebServerTheEntryIsMadeWithTheRpcPort() {
		this.registrar.register(SERVER);
		assertThat(this.registry.log).as("not on the caller's thread").isEmpty();
		this.thread.run();
		assertThat(this.registry.log).containsExactly("registered 1234 1234 UP null");
		assertThat(this.automatic.isRunning()).isTrue();
		assertThat(this.registrar.registration()).isEqualTo(new RegistrationSnapshot("spring-cloud", true, null));
	}

	@Test
	void portThatIsConfiguredStays() {
		this.registration.setPort(9999);
		this.registrar.register(SERVER);
		this.thread.run();
		assertThat(this.registry.log).containsExactly("registered 9999 1234 UP null");
	}

	@Test
	void registryThatIsAwayIsTriedAgain(CapturedOutput output) {
		this.registry.failure = new IllegalStateException("connection refused");
		this.registrar.register(SERVER);
		this.thread.run();
		assertThat(output).contains("could not be registered, which is tried again in 1000 ms")
			.contains("connection refused");
		this.thread.run();
		assertThat(this.thread.delays).containsExactly(0L, 1000L, 1600L);
		assertThat(this.registrar.registration().registered()).isFalse();
		assertThat(this.registrar.registration().lastFailure()).contains("connection refused");
		this.registry.failure = null;
		this.thread.run();
		assertThat(this.registry.log).containsExactly("refused", "refused", "registered 1234 1234 UP null");
		assertThat(this.registrar.registration()).isEqualTo(new RegistrationSnapshot("spring-cloud", true, null));
		assertThat(this.thread.tasks).isEmpty();
	}

	@Test
	void withdrawnEntryIsGoneAndStaysGone() {
		this.registrar.register(SERVER);
		this.thread.run();
		assertThat(withdraw()).isDone();
		assertThat(this.registry.log).endsWith("deregistered");
		assertThat(this.registrar.registration()).isEqualTo(new RegistrationSnapshot("spring-cloud", false, null));
		this.context.close();
		assertThat(this.registry.log).containsOnlyOnce("deregistered");
	}

	@Test
	void entryOfAWebApplicationIsWithdrawnToo() {
		this.automatic.start();
		assertThat(withdraw()).isDone();
		assertThat(this.registry.log).endsWith("deregistered");
	}

	@Test
	void withdrawnWhileTheRegistryIsAwayIsNotRegisteredLater() {
		this.registry.failure = new IllegalStateException("connection refused");
		this.registrar.register(SERVER);
		this.thread.run();
		Runnable retry = this.thread.tasks.remove();
		assertThat(withdraw()).isDone();
		this.registry.failure = null;
		retry.run();
		assertThat(this.registry.log).containsExactly("refused");
	}

	@Test
	void nothingToWithdrawEndsAtOnce() {
		assertThat(this.registrar.withdraw().toCompletableFuture()).isDone();
		assertThat(this.thread.tasks).isEmpty();
	}

	@Test
	void registryThatHangsDoesNotKeepTheServerFromStopping(CapturedOutput output) {
		CloudRegistrar impatient = new CloudRegistrar(() -> this.current, new CloudRegistrations(this.context),
				Duration.ofMillis(1), () -> this.thread);
		this.automatic.start();
		// The task is never run, as if it hung.
		impatient.withdraw().toCompletableFuture().join();
		assertThat(output).contains("The RPC server stops, but may still be registered");
	}

	@Test
	void earlyEntryIsNotUpBeforeTheServerListens() {
		this.current = null;
		this.registration.setPort(8080);
		this.automatic.start();
		assertThat(this.registry.log).containsExactly("registered 8080 null STARTING null");
		this.current = SERVER;
		this.registrar.register(SERVER);
		assertThat(this.registry.log).last().isEqualTo("registered 8080 1234 UP 1234");
	}

	@Test
	void earlyEntryOfAnApplicationThatNeverListensIsReleased() {
		this.current = null;
		this.registration.setPort(8080);
		this.automatic.start();
		this.registrar.onApplicationEvent(new ContextRefreshedEvent(this.context));
		assertThat(this.registry.log).last().isEqualTo("registered 8080 null UP null");
	}

	@Test
	void entryThatTakesNoMetadataIsWarnedOf(CapturedOutput output) {
		FakeRegistration fixed = new FakeRegistration(8080, Collections.emptyMap());
		this.registrar.onApplicationEvent(new InstancePreRegisteredEvent(this, fixed));
		assertThat(output).contains("callers will not know the RPC port",
				"spring.cloud.zookeeper.discovery.metadata.rpc-port=1234");
	}

	private CompletableFuture<@Nullable Void> withdraw() {
		CompletableFuture<@Nullable Void> withdrawn = this.registrar.withdraw().toCompletableFuture();
		while (!this.thread.tasks.isEmpty()) {
			this.thread.run();
		}
		return withdrawn;
	}

	/**
	 * An executor whose tasks the test runs.
	 */
	private static final class ByHand extends ScheduledThreadPoolExecutor {

		final Deque<Runnable> tasks = new ArrayDeque<>();

		final List<Long> delays = new ArrayList<>();

		ByHand() {
			super(0);
		}

		void run() {
			this.tasks.remove().run();
		}

		@Override
		public void execute(Runnable command) {
			this.tasks.add(command);
			this.delays.add(0L);
		}

		@Override
		public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
			this.tasks.add(command);
			this.delays.add(unit.toMillis(delay));
			return super.schedule(() -> {
			}, 1, TimeUnit.DAYS);
		}

	}

}
