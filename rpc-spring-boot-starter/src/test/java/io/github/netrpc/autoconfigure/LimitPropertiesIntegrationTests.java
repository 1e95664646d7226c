package io.github.netrpc.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.observation.RpcMetricsAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.context.EnableRpcClients;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.server.RefusalReason;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The limits that an application sets bound what its server and its channel read, in both
 * formats. What is told has the number that was set, and its property.
 */
@ExtendWith(OutputCaptureExtension.class)
class LimitPropertiesIntegrationTests {

	private static final String SERVER = "rpc.server.";

	private static final String CHANNEL = "rpc.client.channel.limited.";

	private static final String MESSAGE = "(limit: 8192 bytes, max-message-size)";

	private static final String DEPTH = "nested deeper than 5 levels (limit: max-depth)";

	private static final String STRING = "max-string-size)";

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcServerAutoConfiguration.class, RpcMetricsAutoConfiguration.class))
		.withBean(MeterRegistry.class, () -> this.meters)
		.withUserConfiguration(Application.class)
		.withPropertyValues("rpc.server.port=0", CHANNEL + "target=127.0.0.1:${local.rpc.server.port}");

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void serverRefusesWhatIsBeyondItsLimits(String codec, CapturedOutput output) {
		runLimited(codec, SERVER, (values) -> {
			assertThat(refusal(() -> values.length("s".repeat(200)))).contains("(limit: 100", STRING);
			assertThat(values.length("s".repeat(100))).isEqualTo(100);
		});
		// What could not be followed any more closes the connection: the log says why.
		runLimited(codec, SERVER,
				(values) -> assertThat(refusal(() -> values.depth(Nested.of(10))) + output.getOut()).contains(DEPTH));
		runLimited(codec, SERVER,
				(values) -> assertThat(refusal(() -> values.size(texts(500))) + output.getOut()).contains(MESSAGE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void whatIsBeyondALimitIsCounted(String codec) {
		this.runner
			.withPropertyValues(CHANNEL + "codec=" + codec, SERVER + "max-string-size=100B",
					SERVER + "max-decoded-size=8KB", SERVER + "max-message-size=64KB")
			.run((context) -> {
				LimitedValues values = context.getBean(LimitedValues.class);
				RpcServer server = Objects.requireNonNull(context.getBean(RpcServerLifecycle.class).server());
				values.length("s");
				assertThat(server.refused(RefusalReason.LIMIT)).isZero();
				assertThat(refusal(() -> values.length("s".repeat(200)))).contains(STRING);
				assertThat(server.refused(RefusalReason.LIMIT)).isEqualTo(1);
				assertThat(refusal(() -> values.size(texts(300)))).contains("max-decoded-size");
				assertThat(server.refused(RefusalReason.LIMIT)).isEqualTo(2);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void channelRefusesWhatIsBeyondItsLimits(String codec) {
		runLimited(codec, CHANNEL, (values) -> {
			assertThat(refusal(() -> values.text(200))).contains("(limit: 100", STRING);
			assertThat(refusal(() -> values.size(texts(500)))).contains("8192 bytes (limit: max-message-size)");
			assertThat(values.text(100)).hasSize(100);
		});
		runLimited(codec, CHANNEL, (values) -> assertThat(refusal(() -> values.nested(10))).contains(DEPTH));
		runLimited(codec, CHANNEL, (values) -> assertThat(refusal(() -> values.texts(500))).contains(MESSAGE));
		this.runner.withPropertyValues(CHANNEL + "codec=" + codec, CHANNEL + "max-decoded-size=8KB")
			.run((context) -> assertThat(refusal(() -> context.getBean(LimitedValues.class).texts(300)))
				.contains("max-decoded-size"));
		assertThat(failedCalls("Texts", RpcCode.INTERNAL)).isOne();
		assertThat(failedCalls("Text", RpcCode.INTERNAL)).isOne();
		assertThat(failedCalls("Size", RpcCode.INVALID_ARGUMENT)).isOne();
		// What could not be followed any more closes the connection.
		assertThat(failedCalls("Nested", codec.equals("gob") ? RpcCode.INTERNAL : RpcCode.UNAVAILABLE)).isOne();
		assertThat(failedCalls("Texts", RpcCode.UNAVAILABLE)).isOne();
	}

	private long failedCalls(String method, RpcCode code) {
		return this.meters.get("rpc.client.requests").tag("method", method).tag("code", code.name()).timer().count();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void sameCallsPassWithinHigherLimits(String codec) {
		for (String prefix : List.of(SERVER, CHANNEL)) {
			run(codec, prefix, "64KB", 20, "1KB", (values) -> {
				assertThat(values.length("s".repeat(200))).isEqualTo(200);
				assertThat(values.depth(Nested.of(10))).isEqualTo(10);
				assertThat(values.size(texts(500))).isEqualTo(500);
				assertThat(values.text(200)).hasSize(200);
				assertThat(values.nested(10)).isEqualTo(Nested.of(10));
				assertThat(values.texts(500)).hasSize(500);
			});
		}
	}

	@Test
	void serverAndChannelRefuseDefinitionsBeyondTheirLimits(CapturedOutput output) {
		for (String prefix : List.of(SERVER, CHANNEL)) {
			for (String limit : List.of("max-definitions=1", "max-definitions-size=20B")) {
				this.runner.withPropertyValues(CHANNEL + "codec=gob", prefix + limit).run((context) -> {
					LimitedValues values = context.getBean(LimitedValues.class);
					String refusal = refusal(() -> values.nested(3)) + refusal(() -> values.depth(Nested.of(3)));
					assertThat(refusal + output.getOut())
						.contains("(limit: " + limit.substring(0, limit.indexOf('=')) + ")");
				});
			}
			this.runner.withPropertyValues(CHANNEL + "codec=gob", prefix + "max-definitions=20")
				.run((context) -> assertThat(context.getBean(LimitedValues.class).depth(Nested.of(3))).isEqualTo(3));
		}
		// Each of the two limits of either side has closed a connection.
		assertThat(failedCalls("Nested", RpcCode.UNAVAILABLE)).isEqualTo(4);
	}

	@Test
	void serverRefusesAHeadBeyondItsLimit() {
		String head = "CONNECT /_goRPC_ HTTP/1.0\nA: " + "x".repeat(200) + "\n\n";
		this.runner.withPropertyValues(SERVER + "max-http-head-size=200B")
			.run((context) -> assertThat(answer(context, head)).startsWith("HTTP/1.1 431 "));
		this.runner.withPropertyValues(SERVER + "max-http-head-size=300B")
			.run((context) -> assertThat(answer(context, head)).startsWith("HTTP/1.0 200 "));
	}

	private static String answer(ApplicationContext context, String head) throws IOException {
		int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.rpc.server.port"));
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	private void runLimited(String codec, String prefix, Calls calls) {
		run(codec, prefix, "8KB", 5, "100B", calls);
	}

	private void run(String codec, String prefix, String message, int depth, String string, Calls calls) {
		this.runner
			.withPropertyValues(CHANNEL + "codec=" + codec, prefix + "max-message-size=" + message,
					prefix + "max-depth=" + depth, prefix + "max-string-size=" + string)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				calls.of(context.getBean(LimitedValues.class));
			});
	}

	private static List<String> texts(int size) {
		return Collections.nCopies(size, "s".repeat(50));
	}

	private static String refusal(Runnable call) {
		RpcException failure = catchThrowableOfType(RpcException.class, call::run);
		assertThat(failure).isNotNull();
		return failure.getMessage() + "\n";
	}

	@FunctionalInterface
	private interface Calls {

		void of(Values values);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRpcClients(types = LimitedValues.class)
	static class Application {

		@Bean
		ValuesService valuesService() {
			return new ValuesService();
		}

	}

	@RpcService
	interface Values {

		int length(String text);

		int depth(Nested nested);

		int size(List<String> texts);

		String text(int length);

		Nested nested(int depth);

		List<String> texts(int size);

	}

	@RpcClient("limited")
	interface LimitedValues extends Values {

	}

	@RpcService
	static class ValuesService implements Values {

		@Override
		public int length(String text) {
			return text.length();
		}

		@Override
		public int depth(Nested nested) {
			return (int) Stream.iterate(nested, (each) -> each != null, Nested::inside).count();
		}

		@Override
		public int size(List<String> texts) {
			return texts.size();
		}

		@Override
		public String text(int length) {
			return "s".repeat(length);
		}

		@Override
		public Nested nested(int depth) {
			return Nested.of(depth);
		}

		@Override
		public List<String> texts(int size) {
			return LimitPropertiesIntegrationTests.texts(size);
		}

	}

	record Nested(int level, @Nullable Nested inside) {

		static Nested of(int depth) {
			return new Nested(depth, (depth > 1) ? of(depth - 1) : null);
		}

	}

}
