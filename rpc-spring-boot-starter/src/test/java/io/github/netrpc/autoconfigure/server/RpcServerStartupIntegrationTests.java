package io.github.netrpc.autoconfigure.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Start and stop of an application without a web server, on real sockets.
 */
@ExtendWith(OutputCaptureExtension.class)
class RpcServerStartupIntegrationTests {

	private static final String SHORT_PHASES = "--spring.lifecycle.timeout-per-shutdown-phase=1ms";

	@Test
	void portInUseFailsWithinTwoSecondsNamingThePortAndTheProperty(CapturedOutput output) throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			long start = System.nanoTime();
			assertThatThrownBy(() -> run("--rpc.server.port=" + other.getLocalPort())).isNotNull();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("could not listen on port " + other.getLocalPort() + ": it is in use")
				.contains("'rpc.server.port'");
		}
	}

	@Test
	void addressOfAnotherMachineIsExplained(CapturedOutput output) {
		assertThatThrownBy(
				() -> run("--rpc.server.port=0", "--rpc.server.address=192.0.2.1", "--rpc.server.insecure=true"))
			.isNotNull();
		assertThat(output).contains("could not listen on 192.0.2.1:0: ")
			.contains("assign requested address")
			.contains("'rpc.server.address' ('192.0.2.1')")
			.doesNotContain("in use");
	}

	@Test
	void addressBeyondLoopbackIsExplained(CapturedOutput output) {
		assertThatThrownBy(() -> run("--rpc.server.port=0", "--rpc.server.address=0.0.0.0")).isNotNull();
		assertThat(output).contains("The property 'rpc.server.address' is '0.0.0.0'")
			.contains("'rpc.server.insecure=true'");
	}

	@Test
	void valueBeyondItsRangeIsExplained(CapturedOutput output) {
		assertThatThrownBy(() -> run("--rpc.server.port=70000")).isNotNull();
		assertThat(output).contains("rpc.server.port").contains("must be between 0 and 65535");
	}

	@Test
	void serviceThatCannotBeOfferedIsExplained(CapturedOutput output) {
		SpringApplication application = application(Overloaded.class);
		assertThatThrownBy(() -> application.run("--rpc.server.port=0")).isNotNull();
		assertThat(output).contains("These RPC services or clients cannot be used:")
			.contains("  1. ")
			.contains("  2. ")
			.contains("Mend each of them:");
	}

	@Test
	void applicationWithoutWebServerStaysAliveUntilItIsClosed() {
		// Contexts that other test classes have left in the cache keep their threads.
		long before = liveServerThreads();
		try (ConfigurableApplicationContext context = run("--rpc.server.port=0")) {
			assertThat(call(port(context))).isEqualTo("hello");
			assertThat(liveServerThreads()).isGreaterThan(before);
		}
		Awaitility.await().until(() -> liveServerThreads() <= before);
	}

	@Test
	void restartListensOnTheSamePort() throws IOException {
		int port = freePort();
		try (ConfigurableApplicationContext context = run("--rpc.server.port=" + port)) {
			assertThat(call(port)).isEqualTo("hello");
			context.stop();
			assertThatExceptionOfType(ConnectException.class)
				.isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
			context.start();
			assertThat(call(port)).isEqualTo("hello");
		}
		try (ConfigurableApplicationContext context = run("--rpc.server.port=" + port)) {
			assertThat(port(context)).isEqualTo(port);
		}
	}

	@Test
	void callInFlightIsAnsweredWhenTheContextCloses(CapturedOutput output) throws Exception {
		ConfigurableApplicationContext context = application(SlowService.class).run("--rpc.server.port=0");
		SlowService service = context.getBean(SlowService.class);
		try (RpcChannel channel = channel(port(context))) {
			CompletableFuture<String> reply = channel.callAsync("Slow.Answer", null, String.class);
			assertThat(service.entered.await(5, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
			Awaitility.await().until(() -> output.getOut().contains("1 call is in flight"));
			assertThat(closed).isNotDone();
			service.released.countDown();
			assertThat(reply).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("late");
			assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
		}
		assertThat(output).contains("all calls were answered");
	}

	@Test
	void callMayTakeTheGracePeriodHoweverShortPhasesAre(CapturedOutput output) throws Exception {
		ConfigurableApplicationContext context = application(SlowService.class).run("--rpc.server.port=0",
				SHORT_PHASES);
		SlowService service = context.getBean(SlowService.class);
		try (RpcChannel channel = channel(port(context))) {
			CompletableFuture<String> reply = channel.callAsync("Slow.Answer", null, String.class);
			assertThat(service.entered.await(5, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
			Awaitility.await().until(() -> output.getOut().contains("1 call is in flight, with 30 s to end"));
			assertThatExceptionOfType(TimeoutException.class).as("hundreds of phases")
				.isThrownBy(() -> closed.get(300, TimeUnit.MILLISECONDS));
			service.released.countDown();
			assertThat(reply).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("late");
			assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
		}
		assertThat(output).contains("all calls were answered");
	}

	@Test
	void hungCallIsCutOffAfterTheGracePeriod(CapturedOutput output) throws Exception {
		ConfigurableApplicationContext context = application(SlowService.class).run("--rpc.server.port=0",
				"--rpc.server.shutdown.grace-period=100ms", SHORT_PHASES);
		SlowService service = context.getBean(SlowService.class);
		try (RpcChannel channel = channel(port(context))) {
			CompletableFuture<String> reply = channel.callAsync("Slow.Answer", null, String.class);
			assertThat(service.entered.await(5, TimeUnit.SECONDS)).isTrue();
			context.close();
			assertThat(reply).failsWithin(Duration.ofSeconds(5))
				.withThrowableThat()
				.withMessageContaining("server is shutting down: the call took too long");
		}
		finally {
			service.released.countDown();
		}
		assertThat(output).contains("1 call was cut off after 0.1 s: Slow.Answer (1)");
	}

	@Test
	void handlersRunOnThePool() {
		try (ConfigurableApplicationContext context = application(WhereAmI.class).run("--rpc.server.port=0");
				RpcChannel channel = channel(port(context))) {
			assertThat(channel.call("WhereAmI.Thread", null, String.class)).contains("rpc-handler-")
				.doesNotContain("VirtualThread");
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlersRunOnVirtualThreads() {
		try (ConfigurableApplicationContext context = application(WhereAmI.class).run("--rpc.server.port=0",
				"--spring.threads.virtual.enabled=true"); RpcChannel channel = channel(port(context))) {
			assertThat(channel.call("WhereAmI.Thread", null, String.class)).contains("rpc-handler-")
				.startsWith("VirtualThread");
		}
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return application(Greeting.class).run(arguments);
	}

	private static SpringApplication application(Class<?> service) {
		SpringApplication application = new SpringApplication(Automatic.class, service);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	private static int port(ConfigurableApplicationContext context) {
		return context.getBean(RpcServerLifecycle.class).server().port();
	}

	private static String call(int port) {
		try (RpcChannel channel = channel(port)) {
			return channel.call("Greeting.Greet", null, String.class);
		}
	}

	private static RpcChannel channel(int port) {
		return RpcChannel.builder().target("127.0.0.1:" + port).codec("json").build();
	}

	private static long liveServerThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("rpc-server-io-") && !thread.isDaemon())
			.count();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ LifecycleAutoConfiguration.class, RpcWireAutoConfiguration.class,
			RpcServerAutoConfiguration.class })
	static class Automatic {

	}

	@RpcService("Greeting")
	interface GreetingService {

		String greet();

	}

	@RpcService
	static class Greeting implements GreetingService {

		@Override
		public String greet() {
			return "hello";
		}

	}

	@RpcService("WhereAmI")
	interface ThreadService {

		String thread();

	}

	@RpcService
	static class WhereAmI implements ThreadService {

		@Override
		public String thread() {
			return Thread.currentThread().toString();
		}

	}

}
