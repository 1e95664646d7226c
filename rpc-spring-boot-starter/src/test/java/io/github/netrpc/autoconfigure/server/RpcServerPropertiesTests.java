package io.github.netrpc.autoconfigure.server;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RpcServerPropertiesTests {

	@Test
	void defaultsAreThoseOfTheDesign() {
		RpcServerProperties properties = bind(Map.of());
		assertThat(properties.bindAddress().getPort()).isEqualTo(1234);
		assertThat(properties.bindAddress().getAddress().isLoopbackAddress()).isTrue();
		assertThat(properties.insecure()).isFalse();
		assertThat(properties.limits()).isEqualTo(WireLimits.DEFAULT);
		assertThat(properties.codecs()).containsExactly(Codec.GOB, Codec.JSON);
		assertThat(properties.httpPath()).isEqualTo("/_goRPC_");
		assertThat(properties.maxConnections()).isEqualTo(10_000);
		assertThat(properties.maxDefinitions()).isEqualTo(1_000);
		assertThat(properties.maxDefinitionsSize()).isEqualTo(DataSize.ofKilobytes(256));
		assertThat(properties.maxHttpHeadSize()).isEqualTo(DataSize.ofKilobytes(8));
		assertThat(properties.ssl().handshakeTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(properties.concurrency().maxOr(200)).isEqualTo(200);
		assertThat(properties.concurrency().queue()).isEqualTo(1024);
		assertThat(properties.shutdown().gracePeriod()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.overload().targetWait()).isEqualTo(Duration.ofMillis(5));
		assertThat(properties.overload().interval()).isEqualTo(Duration.ofMillis(100));
		assertThat(properties.overload().maxWait()).isEqualTo(Duration.ofMillis(100));
		assertThat(properties.connection().maxCalls()).isEqualTo(1024);
		assertThat(properties.connection().slowReaderTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.connection().maxUnsentSize()).isEqualTo(DataSize.ofMegabytes(1));
		assertThat(properties.connection().firstRequestTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(properties.connection().requestTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.shutdown().quietTime()).isEqualTo(Duration.ofMillis(500));
		assertThat(properties.connection().idleTimeout()).isZero();
		assertThat(properties.connection().maxAge()).isZero();
	}

	@Test
	void boundsOfStrangersAndOfAllPeersAreThoseOfTheGuide() {
		RpcServerProperties properties = bind(Map.of());
		assertThat(properties.authentication().maxMessageSize()).isEqualTo(DataSize.ofKilobytes(64));
		assertThat(properties.authentication().maxConnectionsPerAddress()).isEqualTo(100);
		assertThat(properties.authentication().maxRefusedLogins()).isEqualTo(5);
		assertThat(properties.authentication().timeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.authentication().maxValidity()).isEqualTo(Duration.ofMinutes(5));
		assertThat(properties.authentication().refusalValidity()).isEqualTo(Duration.ofSeconds(5));
		assertThat(properties.maxArgumentsSize()).isEqualTo(DataSize.ofMegabytes(256));
		assertThat(properties.maxUnsentSize()).isEqualTo(DataSize.ofMegabytes(256));
		assertThat(properties.connection().maxArgumentsSize()).isEqualTo(DataSize.ofMegabytes(64));
		assertThat(properties.concurrency().async()).isEqualTo(10_000);
	}

	@Test
	void numberWithoutSuffixIsInTheUnitOfThePropertysName() {
		RpcServerProperties properties = bind(
				Map.of("rpc.server.shutdown.grace-period", "7", "rpc.server.max-message-size", "8KB",
						"rpc.server.shutdown.quiet-time", "40", "rpc.server.connection.request-timeout", "700"));
		assertThat(properties.shutdown().quietTime()).isEqualTo(Duration.ofMillis(40));
		assertThat(properties.connection().requestTimeout()).isEqualTo(Duration.ofMillis(700));
		assertThat(properties.shutdown().gracePeriod()).isEqualTo(Duration.ofSeconds(7));
		assertThat(properties.limits().maxMessageBytes()).isEqualTo(8 * 1024);
	}

	@ParameterizedTest
	@CsvSource({ "port, 65536", "port, -1", "http-path, rpc", "http-path, /a b", "io-threads, -1", "max-connections, 0",
			"max-message-size, 63B", "max-message-size, 2GB", "max-decoded-size, 1B", "max-depth, 0",
			"max-string-size, 0B", "max-number-digits, 0", "max-definitions, 0", "max-definitions-size, 0B",
			"max-http-head-size, 63B", "concurrency.max, 0", "concurrency.queue, 0", "shutdown.grace-period, -1s",
			"overload.target-wait, 0", "overload.interval, 0", "overload.max-wait, -1ms", "connection.max-calls, 0",
			"connection.slow-reader-timeout, 0", "connection.idle-timeout, -1s", "connection.max-age, -1s",
			"connection.max-unsent-size, 1023B", "connection.first-request-timeout, 0",
			"connection.request-timeout, -1s", "authentication.max-validity, -1s",
			"authentication.refusal-validity, -1s", "shutdown.quiet-time, 0", "codecs, 'gob,gob'" })
	void valueBeyondItsRangeIsRefusedByTheNameOfTheProperty(String name, String value) {
		assertThatThrownBy(() -> bind(Map.of("rpc.server." + name, value))).rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getName()).isEqualTo("rpc.server." + name));
	}

	private static RpcServerProperties bind(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("rpc.server",
				RpcServerProperties.class);
	}

}
