package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;
import io.github.netrpc.wire.json.JsonWireFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a class says when it refuses a received value: for whoever runs the side that has
 * the class, and for nobody else.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedValueIntegrationTests {

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void refusedArgumentIsLoggedWithTheIdThatItsCallerIsTold(String codec, CapturedOutput output) throws Exception {
		try (RpcServer server = server(); RpcChannel channel = channel(server, codec)) {
			RpcException failure = catchThrowableOfType(RpcException.class,
					() -> channel.call("Shop.Order", new Anything(-3), Long.class));
			assertThat(failure.code()).isEqualTo(RpcCode.INVALID_ARGUMENT);
			assertThat(failure).hasMessageContaining("efused by its type").hasMessageNotContaining("positive");
			assertThat(output).contains("Shop.Order refused its argument: ")
				.contains(failure.getMessage().replaceAll(".*[(](id [0-9a-f]{8})[)].*", "$1"))
				.contains("IllegalArgumentException: count must be positive");
			assertThat(channel.call("Shop.Order", new Anything(4), Long.class)).isEqualTo(4);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void refusedReplyIsTheCauseOfTheCallersException(String codec) throws Exception {
		try (RpcServer server = server(); RpcChannel channel = channel(server, codec)) {
			RpcException failure = catchThrowableOfType(RpcException.class,
					() -> channel.call("Shop.Stock", null, Order.class));
			assertThat(failure.code()).isEqualTo(RpcCode.INTERNAL);
			assertThat(failure).hasMessageContaining("efused by its type")
				.hasRootCauseInstanceOf(IllegalArgumentException.class)
				.hasRootCauseMessage("count must be positive");
		}
	}

	private static RpcServer server() {
		return RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new Shop())
			.format(new GobWireFormat.Provider().create(WireLimits.DEFAULT))
			.format(new JsonWireFormat.Provider().create(WireLimits.DEFAULT))
			.start();
	}

	private static RpcChannel channel(RpcServer server, String codec) {
		return RpcChannel.builder().target("127.0.0.1:" + server.port()).codec(codec).build();
	}

	record Order(int count) {

		Order {
			if (count <= 0) {
				throw new IllegalArgumentException("count must be positive");
			}
		}

	}

	record Anything(int count) {

	}

	@RpcService("Shop")
	public static class Shop {

		public long order(Order order) {
			return order.count();
		}

		public Anything stock() {
			return new Anything(-1);
		}

	}

}
