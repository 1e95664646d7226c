package io.github.netrpc.autoconfigure.server;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.ServerInside;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each limit that an application sets is that of its server. All have odd values at once,
 * so that no two can be taken for each other.
 */
class ServerLimitsTests {

	private static final String GOB = "scope.formats.0.format.gob.limits.";

	private static final String JSON = "scope.formats.1.format.limits.";

	private static final String LIMITS = "scope.limits.";

	private static final String ACCESS = "scope.access.";

	private static final List<Row> ROWS = List.of(row("max-connections", 7001, "scope.connections.bound"),
			row("max-unsent-size", "701MB", 701L << 20, "scope.unsent.limit"),
			row("max-arguments-size", "704MB", 704L << 20, "scope.arguments.limit"),
			row("max-arguments-size", "704MB", 176L << 20, "scope.definitions.limit"),
			row("max-message-size", "70001B", 70001, GOB + "maxMessageBytes", JSON + "maxMessageBytes"),
			row("max-decoded-size", "70003B", 70003, GOB + "maxDecodedBytes", JSON + "maxDecodedBytes"),
			row("max-depth", 61, GOB + "maxDepth", JSON + "maxDepth"),
			row("max-string-size", "7013B", 7013, GOB + "maxStringBytes", JSON + "maxStringBytes"),
			row("max-number-digits", 67, JSON + "maxNumberDigits"),
			row("max-definitions", 71, GOB + "maxTypes", JSON + "maxDefinitions"),
			row("max-definitions-size", "7019B", 7019, GOB + "maxDefinitionBytes", JSON + "maxDefinitionBytes"),
			row("max-http-head-size", "7027B", 7027, LIMITS + "headBytes"),
			row("concurrency.max", 73, "scope.handlers.maxRunners"),
			row("concurrency.queue", 79, "scope.handlers.capacity", "scope.handlers.overload.capacity"),
			row("concurrency.async", 83, "scope.async.max"),
			row("overload.target-wait", "7ms", millis(7), "scope.handlers.overload.limits.targetNanos"),
			row("overload.interval", "89ms", millis(89), "scope.handlers.overload.limits.intervalNanos"),
			row("overload.max-wait", "97ms", millis(97), "scope.handlers.overload.limits.maxWaitNanos"),
			row("connection.max-calls", 101, LIMITS + "calls"),
			row("connection.max-arguments-size", "7039B", 7039, LIMITS + "argumentBytes"),
			row("connection.max-unsent-size", "7043B", 7043, LIMITS + "unreadBytes"),
			row("connection.first-request-timeout", "103ms", millis(103), LIMITS + "firstRequestNanos"),
			row("connection.request-timeout", "107ms", millis(107), LIMITS + "requestNanos"),
			row("connection.slow-reader-timeout", "109ms", millis(109), LIMITS + "stalledNanos"),
			row("connection.idle-timeout", "113ms", millis(113), LIMITS + "idleNanos"),
			row("connection.max-age", "127ms", millis(127), LIMITS + "maxAgeNanos"),
			row("shutdown.quiet-time", "131ms", millis(131), LIMITS + "quietNanos"),
			row("authentication.max-message-size", "7057B", 7057, ACCESS + "limits.messageBytes"),
			row("authentication.max-connections-per-address", 137, ACCESS + "limits.connections",
					ACCESS + "strangers.most"),
			row("authentication.max-refused-logins", 139, ACCESS + "limits.refusals"),
			row("authentication.timeout", "149ms", millis(149), ACCESS + "limits.nanos"),
			row("authentication.max-validity", "151ms", millis(151), ACCESS + "maxValidityNanos"),
			row("authentication.refusal-validity", "157ms", millis(157), ACCESS + "refusalValidityNanos"));

	/** Numbers that are no limits of the server's, and where they are tested. */
	private static final Map<String, String> OTHERS = Map.of("port", "RpcServerAutoConfigurationTests", "io-threads",
			"RpcServerAutoConfigurationTests", "ssl.handshake-timeout", "TlsBundlesTests", "shutdown.grace-period",
			"RpcServerAutoConfigurationTests", "registration.port", "RpcRegistrationAutoConfigurationTests",
			"registration.weight", "RpcRegistrationAutoConfigurationTests");

	@Test
	void everyLimitIsThatOfTheServer() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcServerAutoConfiguration.class))
			.withBean("rpcServerTransport", ListeningTransport.class, ListeningTransport::new)
			.withBean(Echo.class)
			.withPropertyValues("rpc.server.authentication.token=0123456789abcdef")
			.withPropertyValues(ROWS.stream().map(Row::setting).distinct().toArray(String[]::new))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				RpcServer server = Objects.requireNonNull(context.getBean(RpcServerLifecycle.class).server());
				for (Row row : ROWS) {
					for (String path : row.paths()) {
						assertThat(number(ServerInside.read(server, path))).as(row.name() + " at " + path)
							.isEqualTo(row.expected());
					}
				}
			});
	}

	@Test
	void everyNumberAmongThePropertiesHasARow() {
		Set<String> rows = ROWS.stream().map(Row::name).collect(Collectors.toCollection(LinkedHashSet::new));
		rows.addAll(OTHERS.keySet());
		assertThat(numbers(RpcServerProperties.class, "")).containsExactlyInAnyOrderElementsOf(rows);
	}

	private static List<String> numbers(Class<?> type, String prefix) {
		return Stream.of(type.getRecordComponents()).flatMap((component) -> {
			String name = prefix + kebab(component);
			if (component.getType().isRecord()) {
				return numbers(component.getType(), name + ".").stream();
			}
			return isNumber(component.getType()) ? Stream.of(name) : Stream.empty();
		}).toList();
	}

	private static boolean isNumber(Class<?> type) {
		return (type.isPrimitive() && type != boolean.class) || Number.class.isAssignableFrom(type)
				|| type == Duration.class || type == DataSize.class;
	}

	private static String kebab(RecordComponent component) {
		return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	private static long number(Object value) {
		return (value instanceof Duration duration) ? duration.toNanos() : ((Number) value).longValue();
	}

	private static long millis(long millis) {
		return Duration.ofMillis(millis).toNanos();
	}

	private static Row row(String name, int value, String... paths) {
		return row(name, String.valueOf(value), value, paths);
	}

	private static Row row(String name, String value, long expected, String... paths) {
		return new Row(name, value, expected, List.of(paths));
	}

	/**
	 * A limit.
	 *
	 * @param name the property
	 * @param value its value
	 * @param expected the same as the server has it
	 * @param paths where the server has it
	 */
	private record Row(String name, String value, long expected, List<String> paths) {

		String setting() {
			return "rpc.server." + this.name + "=" + this.value;
		}

	}

}
