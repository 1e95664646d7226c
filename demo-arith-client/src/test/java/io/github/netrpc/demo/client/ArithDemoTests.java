package io.github.netrpc.demo.client;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.client.RestClient;

import io.github.netrpc.client.CircuitState;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.context.RpcChannelRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The demo runs alone; what it prints is true, and what it did is on the metrics page.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "rpc.client.channel.arith.timeout=10s")
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class ArithDemoTests {

	private static final Pattern CALLS = Pattern.compile("(?m)^  (\\S+) (\\w+): +(\\d+) attempts, (\\d+) lost$");

	private static final Pattern CHUNKS = Pattern
		.compile("(?m)^  (\\S+) +(\\d+) chunks, +[0-9.]+ s of work, (\\d+) reassigned, ");

	@LocalServerPort
	private int port;

	@Test
	void printsWhatHappens(@Autowired ArithDemo demo, @Autowired EmbeddedNodes nodes,
			@Autowired RpcChannelRegistry channels, CapturedOutput captured) throws InterruptedException {
		// The run at the start has ended with a node that died and came back.
		await().until(() -> channels.channel("arith")
			.nodes()
			.stream()
			.allMatch((node) -> node.state() == NodeState.READY && node.circuit() == CircuitState.CLOSED));
		demo.run(new DefaultApplicationArguments());
		String all = captured.getOut();
		String output = all.substring(all.lastIndexOf("7 + 8 = "));
		singleCalls(output);
		sharedWork(part(output, "600 calls by 8 threads", "A broadcast has"), nodes.last().address());
		assertThat(part(output, "A broadcast has", "A race has").lines().filter((line) -> line.endsWith(" 42")))
			.hasSize(3);
		race(part(output, "A race has", "A quorum of 2"), nodes);
		assertThat(part(output, "A quorum of 2", nodes.last().address() + " dies"))
			.containsPattern("\\S+ 42\\s+\\S+ 42\\s+" + nodes.last().address() + " CANCELLED, ");
		dyingNode(part(output, nodes.last().address() + " dies", "A broadcast says"), nodes);
		assertThat(part(output, "A broadcast says", "It is back"))
			.contains(nodes.last().address() + " UNAVAILABLE, NOT_RUN");
		returnedNode(part(output, "It is back", "The primes below"), nodes);
		primes(output.substring(output.indexOf("The primes below")), nodes);
	}

	private static void singleCalls(String text) {
		assertThat(text).contains("7 + 8 = 15")
			.contains("6 * 7 = 42, without waiting")
			.contains("17 / 5 = 3, remainder 2")
			.contains("1 / 0: divide by zero (INVALID_ARGUMENT, RAN_AND_FAILED)");
	}

	private static void sharedWork(String text, String slow) {
		assertThat(text.split("the squares of 1 to 600 add up to 72180100, 0 failed", -1)).hasSize(3);
		List<MatchResult> rows = rows(text);
		assertThat(rows).hasSize(6).allMatch((row) -> row.group(2).equals("READY") && row.group(4).equals("0"));
		assertThat(sum(rows.subList(0, 3))).isEqualTo(600);
		assertThat(sum(rows.subList(3, 6))).isEqualTo(600);
		assertThat(rows.get(5).group(1)).isEqualTo(slow);
		assertThat(calls(rows.get(5))).isLessThan(150);
	}

	private static void race(String text, EmbeddedNodes nodes) {
		assertThat(text).startsWith("A race has the first answer, 42;")
			.contains(nodes.first().address() + " answered")
			.contains(nodes.nodes().get(1).address() + " was cancelled")
			.contains(nodes.last().address() + " was cancelled");
	}

	private static void dyingNode(String text, EmbeddedNodes nodes) {
		assertThat(text).contains("dies in the middle of 2000 calls").contains("made again, 0 failed");
		List<MatchResult> rows = rows(text);
		assertThat(rows).hasSize(3);
		assertThat(rows.get(2).group(1)).isEqualTo(nodes.last().address());
		assertThat(rows.get(2).group(2)).isNotEqualTo("READY");
		assertThat(rows.subList(0, 2)).allMatch((row) -> row.group(2).equals("READY"));
		// Those that were lost were given to two nodes.
		assertThat(sum(rows)).isBetween(2_000L, 2_020L);
	}

	private static void returnedNode(String text, EmbeddedNodes nodes) {
		List<MatchResult> rows = rows(text);
		assertThat(text).startsWith("It is back, and called again: 0 failed");
		assertThat(rows).hasSize(3).allMatch((row) -> row.group(2).equals("READY"));
		assertThat(rows.get(2).group(1)).isEqualTo(nodes.last().address());
		assertThat(sum(rows)).isEqualTo(2_000);
		assertThat(calls(rows.get(2))).isPositive();
	}

	private static void primes(String text, EmbeddedNodes nodes) {
		assertThat(text).startsWith("The primes below 10,000,000 are counted in 500 chunks.")
			.contains("  " + nodes.last().address() + " dies")
			.contains(" 100 %, 500 of 500")
			.contains("664,579 primes below 10,000,000, as is known, in ");
		List<MatchResult> rows = CHUNKS.matcher(text).results().toList();
		assertThat(rows).hasSize(3);
		assertThat(rows).extracting((row) -> row.group(1))
			.containsExactlyElementsOf(nodes.nodes().stream().map(EmbeddedNode::address).toList());
		// What it had when it died was done by the others.
		assertThat(rows.stream().mapToLong((row) -> Long.parseLong(row.group(2))).sum()).isEqualTo(500);
		assertThat(Long.parseLong(rows.get(2).group(2))).isBetween(1L, 249L);
		assertThat(Long.parseLong(rows.get(2).group(3))).isPositive();
	}

	private static String part(String text, String from, String to) {
		assertThat(text).containsSubsequence(from, to);
		return text.substring(text.indexOf(from), text.indexOf(to, text.indexOf(from)));
	}

	private static List<MatchResult> rows(String text) {
		return CALLS.matcher(text).results().toList();
	}

	private static long calls(MatchResult row) {
		return Long.parseLong(row.group(3));
	}

	private static long sum(List<MatchResult> rows) {
		return rows.stream().mapToLong(ArithDemoTests::calls).sum();
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
