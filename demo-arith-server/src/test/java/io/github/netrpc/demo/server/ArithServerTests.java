package io.github.netrpc.demo.server;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.client.RestClient;

import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.LocalRpcServerPort;
import io.github.netrpc.demo.server.Arith.Args;
import io.github.netrpc.demo.server.Arith.Quotient;
import io.github.netrpc.demo.server.Arith.Reply;
import io.github.netrpc.demo.server.Primes.Range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The demo's services, called over both formats, and its Actuator pages.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "rpc.server.port=0")
class ArithServerTests {

	@LocalRpcServerPort
	private int rpcPort;

	@LocalServerPort
	private int port;

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void answers(String codec) {
		try (RpcChannel channel = RpcChannel.builder().target("127.0.0.1:" + this.rpcPort).codec(codec).build()) {
			assertThat(channel.call("Arith.Add", new Args(7, 8), Reply.class)).isEqualTo(new Reply(15));
			assertThat(channel.call("Arith.Multiply", new Args(6, 7), Reply.class)).isEqualTo(new Reply(42));
			assertThat(channel.call("Arith.Divide", new Args(17, 5), Quotient.class)).isEqualTo(new Quotient(3, 2));
			assertThatExceptionOfType(RpcException.class)
				.isThrownBy(() -> channel.call("Arith.Divide", new Args(1, 0), Quotient.class))
				.withMessage("divide by zero");
			assertThat(channel.call("Primes.Count", new Range(0, 10_000), Long.class)).isEqualTo(1_229);
		}
	}

	@Test
	void callsAreOnTheMetricsPage() {
		answers("json");
		RestClient client = RestClient.create("http://127.0.0.1:" + this.port + "/actuator");
		assertThat(client.get().uri("/prometheus").retrieve().body(String.class))
			.contains("rpc_server_requests_seconds_count")
			.contains("method=\"Add\"");
		assertThat(client.get().uri("/rpc").retrieve().body(String.class)).contains("Arith").contains("Divide");
		assertThat(client.get().uri("/health").retrieve().body(String.class)).contains("\"rpc\"");
	}

}
