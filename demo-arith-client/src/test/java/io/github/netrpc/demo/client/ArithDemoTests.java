package io.github.netrpc.demo.client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demo runs alone, and what it did is on the metrics page.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "rpc.client.channel.arith.timeout=10s")
@ExtendWith(OutputCaptureExtension.class)
class ArithDemoTests {

	@LocalServerPort
	private int port;

	@Test
	void printsResultsErrorAndNodes(@Autowired ArithDemo demo, CapturedOutput output) {
		demo.run(new DefaultApplicationArguments());
		assertThat(output).contains("7 + 8 = 15")
			.contains("6 * 7 = 42, without waiting")
			.contains("1 / 0: divide by zero (INVALID_ARGUMENT, RAN_AND_FAILED)")
			.contains("the squares of 1 to 300 add up to 9045050")
			.contains(" READY: ");
	}

	@Test
	void callsAreOnTheMetricsPage() {
		RestClient client = RestClient.create("http://127.0.0.1:" + this.port + "/actuator");
		String metrics = client.get().uri("/prometheus").retrieve().body(String.class);
		assertThat(metrics).contains("rpc_client_requests_seconds_count").contains("method=\"Multiply\"");
		String rpc = client.get().uri("/rpc").retrieve().body(String.class);
		assertThat(rpc).contains("arith").contains("READY");
	}

}
