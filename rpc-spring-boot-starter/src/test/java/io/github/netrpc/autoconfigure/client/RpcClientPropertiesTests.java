package io.github.netrpc.autoconfigure.client;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.cluster.OutlierPolicy;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RpcClientPropertiesTests {

	@Test
	void withoutConfigurationThereIsNoChannel() {
		assertThat(bind(Map.of()).channel()).isEmpty();
	}

	@Test
	void channelHasTheDefaultsOfTheDesign() {
		RpcClientProperties.Channel channel = RpcClientProperties.Channel.DEFAULT;
		assertThat(channel.target()).isNull();
		assertThat(channel.directory().refreshInterval()).isNull();
		assertThat(channel.codec()).isEqualTo(Codec.GOB);
		assertThat(channel.transport()).isEqualTo(RpcClientProperties.Transport.TCP);
		assertThat(channel.httpPath()).isEqualTo("/_goRPC_");
		assertThat(channel.timeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(channel.retry().limits()).isEqualTo(RetryLimits.DEFAULT);
		assertThat(channel.limits("any")).isEqualTo(WireLimits.DEFAULT);
		assertThat(channel.extensions()).isEqualTo(RpcClientProperties.Extensions.AUTO);
		assertThat(channel.nodeLimits()).isEqualTo(ClientLimits.DEFAULT);
		assertThat(channel.connectionPolicy()).isEqualTo(ConnectionPolicy.DEFAULT);
		assertThat(channel.deadlineGrace()).isEqualTo(Duration.ofMillis(25));
		assertThat(channel.loadBalancer()).isEqualTo("least-loaded");
		assertThat(channel.slowStart()).isEqualTo(Duration.ofSeconds(30));
		assertThat(channel.outlier().policy()).isEqualTo(OutlierPolicy.DEFAULT);
	}

	@Test
	void ejectionIsReadAsTheGuideWritesIt() {
		String prefix = "rpc.client.channel.arith.";
		RpcClientProperties.Channel channel = bind(Map.of(prefix + "slow-start", "0", prefix + "load-balancer",
				"weighted", prefix + "outlier.consecutive-failures", "0", prefix + "outlier.failure-ratio", "0.2",
				prefix + "outlier.minimum-calls", "100", prefix + "outlier.window", "1m", prefix + "outlier.ejection",
				"1", prefix + "outlier.max-ejection", "30s", prefix + "outlier.max-ejected", "0.25"))
			.channel()
			.get("arith");
		assertThat(channel.slowStart()).isZero();
		assertThat(channel.loadBalancer()).isEqualTo("weighted");
		assertThat(channel.outlier().policy()).isEqualTo(new OutlierPolicy(0, 0.2, 100, Duration.ofMinutes(1),
				Duration.ofSeconds(1), Duration.ofSeconds(30), 0.25));
		assertThat(channel.hedging().policy()).isNull();
		assertThat(bind(Map.of(prefix + "hedging.enabled", "true")).channel().get("arith").hedging().policy())
			.isEqualTo(HedgingPolicy.DEFAULT);
		assertThat(bind(Map.of(prefix + "hedging.enabled", "true", prefix + "hedging.methods", "add",
				prefix + "hedging.percentile", "0.9", prefix + "hedging.floor", "5", prefix + "hedging.max-extra-load",
				"0.2", prefix + "hedging.max-error-share", "0.05", prefix + "hedging.minimum-calls", "10"))
			.channel()
			.get("arith")
			.hedging()
			.policy()).isEqualTo(new HedgingPolicy(0.9, Duration.ofMillis(5), 0.2, 0.05, 10, Set.of("add")));
		assertThat(bind(Map.of(prefix + "outlier.max-ejection", "0")).channel().get("arith").outlier().policy())
			.isEqualTo(OutlierPolicy.OFF);
	}

	@Test
	void connectionsAreReadAsTheGuideWritesThem() {
		String prefix = "rpc.client.channel.arith.";
		RpcClientProperties.Channel channel = bind(Map.of(prefix + "extensions", "off", prefix + "connections", "4",
				prefix + "max-in-flight", "256", prefix + "keepalive.interval", "500ms", prefix + "keepalive.timeout",
				"2s", prefix + "idle-close", "0", prefix + "max-age", "1h", prefix + "reconnect.max-delay", "5s",
				prefix + "max-depth", "1000", prefix + "deadline-grace", "40"))
			.channel()
			.get("arith");
		assertThat(channel.deadlineGrace()).isEqualTo(Duration.ofMillis(40));
		assertThat(channel.extensions()).isEqualTo(RpcClientProperties.Extensions.OFF);
		assertThat(channel.limits("any").maxDepth()).isEqualTo(1000);
		assertThat(channel.nodeLimits())
			.isEqualTo(new ClientLimits(4, 256, 1024, 4 * 1024 * 1024, Duration.ofSeconds(3)));
		assertThat(channel.connectionPolicy()).isEqualTo(new ConnectionPolicy(
				new ConnectionPolicy.Keepalive(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(20),
						Duration.ofSeconds(30)),
				Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ZERO, Duration.ofHours(1)));
	}

	@Test
	void channelIsReadAsTheGuideWritesIt() {
		RpcClientProperties.Channel channel = bind(Map.of("rpc.client.channel.arith.target", "static://a:1,b:2",
				"rpc.client.channel.arith.codec", "json", "rpc.client.channel.arith.transport", "http",
				"rpc.client.channel.arith.timeout", "500", "rpc.client.channel.arith.method.add.timeout", "20ms",
				"rpc.client.channel.arith.method.add.idempotent", "true", "rpc.client.channel.arith.retry.max-attempts",
				"5", "rpc.client.channel.arith.retry.budget", "0.2", "rpc.client.channel.arith.retry.budget-floor",
				"3"))
			.channel()
			.get("arith");
		assertThat(channel.target()).isEqualTo("static://a:1,b:2");
		assertThat(channel.codec()).isEqualTo(Codec.JSON);
		assertThat(channel.transport()).isEqualTo(RpcClientProperties.Transport.HTTP);
		assertThat(channel.timeout()).isEqualTo(Duration.ofMillis(500));
		assertThat(channel.method().get("add").timeout()).isEqualTo(Duration.ofMillis(20));
		assertThat(channel.method().get("add").idempotent()).isTrue();
		assertThat(channel.retry().limits())
			.isEqualTo(new RetryLimits(5, Duration.ofMillis(100), Duration.ofSeconds(1), 0.2, 3));
	}

	@ParameterizedTest
	@CsvSource({ "timeout, 0s", "timeout, -1s", "method.add.timeout, 0ms", "http-path, x", "retry.max-attempts, 0",
			"retry.max-attempts, 11", "retry.backoff, 0ms", "retry.max-backoff, 99ms", "retry.budget, 1.1",
			"retry.budget, -0.1", "retry.budget-floor, -1", "max-message-size, 1B", "max-decoded-size, 1B",
			"max-depth, 0", "max-string-size, 0B", "max-number-digits, 0", "connections, 0", "connections, 65",
			"connect-timeout, 0s", "max-in-flight, 1000", "max-in-flight, 0", "max-in-flight, 131072", "max-pending, 0",
			"max-unsent-size, 1B", "idle-close, -1s", "max-age, -1s", "keepalive.interval, 0s", "keepalive.timeout, 2s",
			"keepalive.idle-interval, 0s", "keepalive.idle-timeout, 20s", "reconnect.initial-delay, 0s",
			"reconnect.max-delay, 99ms", "directory.refresh-interval, 99ms", "slow-start, -1s",
			"outlier.consecutive-failures, -1", "outlier.failure-ratio, 0", "outlier.failure-ratio, 1.1",
			"outlier.minimum-calls, 0", "outlier.window, 1ms", "outlier.ejection, 0s", "outlier.max-ejection, 2s",
			"outlier.max-ejected, 1.5", "hedging.percentile, 0.4", "hedging.percentile, 1", "hedging.floor, -1ms",
			"hedging.max-extra-load, 0", "hedging.max-error-share, 1.1", "hedging.minimum-calls, 0",
			"deadline-grace, -1ms", "deadline-grace, 61s" })
	void valueBeyondItsRangeIsRefusedByTheNameOfTheProperty(String name, String value) {
		assertThatThrownBy(() -> bind(Map.of("rpc.client.channel.arith." + name, value))).rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getName()).isEqualTo("rpc.client.channel.arith." + name));
	}

	private static RpcClientProperties bind(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("rpc.client",
				RpcClientProperties.class);
	}

}
