package io.github.netrpc.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.autoconfigure.sample.Arith;
import io.github.netrpc.autoconfigure.sample.GobArith;
import io.github.netrpc.autoconfigure.sample.HttpArith;
import io.github.netrpc.autoconfigure.sample.JsonArith;
import io.github.netrpc.autoconfigure.sample.SampleApplication;
import io.github.netrpc.context.LocalRpcServerPort;
import io.github.netrpc.context.RpcChannelRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A whole application: service, clients, web server and Actuator in one context.
 */
@SpringBootTest(classes = SampleApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "rpc.server.port=0", "rpc.client.channel.json.codec=json",
				"rpc.client.channel.http.transport=http",
				"management.endpoints.web.exposure.include=health,info,prometheus,rpc",
				"management.endpoint.health.show-details=always", "management.endpoint.health.show-components=always" })
class RpcApplicationIntegrationTests {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	@Autowired
	private ApplicationContext context;

	@Autowired
	private RpcChannelRegistry channels;

	@LocalRpcServerPort
	private int rpcPort;

	@Value("${local.server.port}")
	private int webPort;

	@ParameterizedTest
	@ValueSource(classes = { GobArith.class, JsonArith.class, HttpArith.class })
	void injectedClientCallsTheService(Class<? extends Arith> type) {
		Arith arith = this.context.getBean(type);
		assertThat(arith.add(new Arith.Args(7, 8))).isEqualTo(new Arith.Reply(15));
		assertThat(arith.multiply(6, 7)).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new Arith.Reply(42));
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> arith.divide(new Arith.Args(1, 0)))
			.withMessage("divide by zero");
	}

	@Test
	void asyncTwinCallsTheService() {
		assertThat(this.context.getBean(GobArith.class).addAsync(new Arith.Args(1, 2)))
			.succeedsWithin(Duration.ofSeconds(5))
			.isEqualTo(new Arith.Reply(3));
	}

	@Test
	void missingMethodIsUnimplemented() {
		assertThatExceptionOfType(RpcException.class)
			.isThrownBy(() -> this.channels.channel("gob").call("Arith.Subtract", new Arith.Args(1, 2), Void.class))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNIMPLEMENTED));
	}

	@Test
	void prometheusPageShowsCallsOfBothSides() throws Exception {
		this.context.getBean(GobArith.class).add(new Arith.Args(1, 2));
		this.context.getBean(JsonArith.class).add(new Arith.Args(1, 2));
		missingMethodIsUnimplemented();
		String page = get("/actuator/prometheus").body();
		for (String codec : new String[] { "gob", "json" }) {
			for (String side : new String[] { "server", "client" }) {
				assertThat(page).contains("rpc_" + side + "_requests_seconds_count{code=\"OK\",codec=\"" + codec
						+ "\",method=\"Add\",outcome=\"SUCCESS\",service=\"Arith\"}");
			}
		}
		assertThat(page)
			.contains("rpc_server_requests_seconds_count{code=\"UNIMPLEMENTED\",codec=\"gob\","
					+ "method=\"unknown\",outcome=\"CLIENT_ERROR\",service=\"unknown\"}")
			.contains("# HELP rpc_server_requests_seconds ")
			.contains("# HELP rpc_client_requests_seconds ");
		assertThat(page.lines()
			.filter((line) -> line.startsWith("rpc_server_connections "))
			.map((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))).singleElement()
			.satisfies((connections) -> assertThat(connections).isGreaterThanOrEqualTo(2));
		assertThat(page.lines().filter((line) -> line.startsWith("rpc_server_requests_seconds_count")))
			.noneMatch((line) -> line.contains("Subtract"));
		assertThat(Stream.of("rpc_server_in_flight", "rpc_client_in_flight")).allMatch(page::contains);
	}

	@Test
	void rpcPageShowsServicesConnectionsAndChannels() throws Exception {
		this.context.getBean(JsonArith.class).add(new Arith.Args(1, 2));
		JsonNode page = json("/actuator/rpc");
		assertThat(page.at("/server/address").asString()).endsWith(":" + this.rpcPort);
		assertThat(page.at("/server/connectionCount").asInt()).isPositive();
		assertThat(page.at("/server/connections/0/remoteAddress").asString()).isNotBlank();
		assertThat(page.at("/server/services/0/name").asString()).isEqualTo("Arith");
		JsonNode add = page.at("/server/services/0/methods/0");
		assertThat(add.get("name").asString()).isEqualTo("Add");
		assertThat(add.get("signature").asString()).isEqualTo("Add(Args, *Reply) error");
		assertThat(add.get("calls").asLong()).isPositive();
		assertThat(page.get("channels")).anySatisfy((channel) -> {
			assertThat(channel.get("name").asString()).isEqualTo("json");
			assertThat(channel.get("codec").asString()).isEqualTo("json");
			assertThat(channel.get("picks").asLong()).isEqualTo(channel.at("/nodes/0/calls").asLong()).isPositive();
			assertThat(channel.get("retries").asLong()).isZero();
			assertThat(channel.at("/nodes/0/state").asString()).isEqualTo("READY");
		});
	}

	@Test
	void rpcPageShowsOneServiceOrChannel() throws Exception {
		this.context.getBean(JsonArith.class).add(new Arith.Args(1, 2));
		assertThat(json("/actuator/rpc/services/Arith").get("methods")).hasSize(4);
		assertThat(json("/actuator/rpc/channels/json").at("/nodes/0/address").asString())
			.isEqualTo("127.0.0.1:" + this.rpcPort);
		assertThat(get("/actuator/rpc/services/Nobody").statusCode()).isEqualTo(404);
		assertThat(get("/actuator/rpc/channels/nobody").statusCode()).isEqualTo(404);
		assertThat(get("/actuator/rpc/secrets/any").statusCode()).isEqualTo(404);
	}

	@Test
	void jobsAreShownAndMetered() throws Exception {
		int sum = this.channels.channel("gob")
			.cluster(GobArith.class)
			.distribute(List.of(1, 2, 3), (arith, number) -> arith.add(new Arith.Args(number, number)).c())
			.name("doubles")
			.label("team", "blue")
			.start()
			.collect(Collectors.summingInt(Integer::intValue));
		assertThat(sum).isEqualTo(12);
		JsonNode job = json("/actuator/rpc/channels/gob").at("/jobs/0");
		assertThat(job.get("name").asString()).isEqualTo("doubles");
		assertThat(job.get("state").asString()).isEqualTo("SUCCEEDED");
		assertThat(job.get("total").asLong()).isEqualTo(3);
		assertThat(job.get("completed").asLong()).isEqualTo(3);
		assertThat(job.at("/labels/team").asString()).isEqualTo("blue");
		assertThat(job.at("/nodes/0/completed").asLong()).isEqualTo(3);
		assertThat(get("/actuator/prometheus").body())
			.contains("rpc_job_items_total{channel=\"gob\",job=\"doubles\",state=\"completed\"} 3")
			.contains("rpc_job_ended_total{channel=\"gob\",job=\"doubles\",outcome=\"SUCCESS\"} 1")
			.contains("rpc_job_open{channel=\"gob\",job=\"doubles\"} 0");
	}

	@Test
	void healthShowsListenerAndChannels() throws Exception {
		this.context.getBean(JsonArith.class).add(new Arith.Args(1, 2));
		JsonNode rpc = json("/actuator/health").at("/components/rpc");
		assertThat(rpc.get("status").asString()).isEqualTo("UP");
		assertThat(rpc.at("/details/server").asString()).isEqualTo("listening on port " + this.rpcPort);
		assertThat(rpc.at("/details/channels/json").asString()).isEqualTo("1 READY");
	}

	@Test
	void infoShowsPortAndServices() throws Exception {
		JsonNode rpc = json("/actuator/info").get("rpc");
		assertThat(rpc.get("port").asInt()).isEqualTo(this.rpcPort);
		assertThat(rpc.at("/services/0").asString()).isEqualTo("Arith");
	}

	private JsonNode json(String path) throws IOException, InterruptedException {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).isEqualTo(200);
		return JsonMapper.builder().build().readTree(response.body());
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return HTTP.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.webPort + path)).build(),
				BodyHandlers.ofString());
	}

}
