package io.github.netrpc.autoconfigure.client;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.client.RetryLimits;
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
		assertThat(channel.codec()).isEqualTo(Codec.GOB);
		assertThat(channel.transport()).isEqualTo(RpcClientProperties.Transport.TCP);
		assertThat(channel.httpPath()).isEqualTo("/_goRPC_");
		assertThat(channel.timeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(channel.retry().limits()).isEqualTo(RetryLimits.DEFAULT);
		assertThat(channel.limits("any")).isEqualTo(WireLimits.DEFAULT);
	}

	@Test
	void channelIsReadAsTheGuideWritesIt() {
		RpcClientProperties.Channel channel = bind(Map.of("rpc.client.channel.arith.target", "static://a:1,b:2",
				"rpc.client.channel.arith.codec", "json", "rpc.client.channel.arith.transport", "http",
				"rpc.client.channel.arith.timeout", "500", "rpc.client.channel.arith.method.add.timeout", "20ms",
				"rpc.client.channel.arith.method.add.idempotent", "true", "rpc.client.channel.arith.retry.max-attempts",
				"5", "rpc.client.channel.arith.retry.budget", "0.2", "rpc.client.channel.arith.max-depth", "1000"))
			.channel()
			.get("arith");
		assertThat(channel.target()).isEqualTo("static://a:1,b:2");
		assertThat(channel.codec()).isEqualTo(Codec.JSON);
		assertThat(channel.transport()).isEqualTo(RpcClientProperties.Transport.HTTP);
		assertThat(channel.timeout()).isEqualTo(Duration.ofMillis(500));
		assertThat(channel.method().get("add").timeout()).isEqualTo(Duration.ofMillis(20));
		assertThat(channel.method().get("add").idempotent()).isTrue();
		assertThat(channel.retry().limits())
			.isEqualTo(new RetryLimits(5, Duration.ofMillis(100), Duration.ofSeconds(1), 0.2));
		assertThat(channel.limits("any").maxDepth()).isEqualTo(1000);
	}

	@ParameterizedTest
	@CsvSource({ "timeout, 0s", "timeout, -1s", "method.add.timeout, 0ms", "http-path, x", "retry.max-attempts, 0",
			"retry.max-attempts, 11", "retry.backoff, 0ms", "retry.max-backoff, 99ms", "retry.budget, 1.1",
			"retry.budget, -0.1", "max-message-size, 1B", "max-decoded-size, 1B", "max-depth, 0", "max-string-size, 0B",
			"max-number-digits, 0" })
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
