package io.github.netrpc.interop;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.Vectors;
import io.github.netrpc.interop.ServedConversationIntegrationTests.Response;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.server.ManualTimers;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hostile bytes to a live one-port server, whole and byte by byte: each ends in an error
 * reply or a closed connection, and the next client is unhurt (reliability S7, S8, S13,
 * R22). Who must be closed at once goes on waiting for it: it does not end its output.
 */
@Timeout(60)
class HostileGalleryIntegrationTests {

	/** More is only sent whole: byte by byte it would take minutes and prove no more. */
	private static final int MOST_BYTEWISE = 4096;

	private static final String GOOD = "{\"method\":\"Arith.Add\",\"params\":[{\"a\":20,\"b\":22}],\"id\":77}";

	private static final Gob GOB = Gob.standard();

	/** No time passes: what ends is not ended by the deadline of a request. */
	private static final Transport TRANSPORT = new ManualTimers(
			ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow().create("gallery-", 1, true));

	private static RpcServer server;

	private static RpcChannel longLived;

	private static int threadsBefore;

	private static int vectorsAnswered;

	@BeforeAll
	static void start() {
		server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.transport(TRANSPORT)
			.service(new ArithService())
			.service(new EchoService())
			.start();
		longLived = channel("gob");
		assertThat(longLived.call("Arith.Add", new Args(1, 1), Long.class)).isEqualTo(2);
		threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
	}

	@AfterAll
	static void close() {
		Awaitility.await().untilAsserted(() -> assertThat(server.connectionCount()).isEqualTo(1));
		assertThat(server.inFlight()).isZero();
		assertThat(vectorsAnswered).as("malformed arguments that cost the call only").isGreaterThan(200);
		assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threadsBefore + 60);
		longLived.close();
		server.close();
		TRANSPORT.close();
	}

	static Stream<HostileInput> gallery() {
		return HostileInput.all().stream();
	}

	@Test
	void galleryIsLargeAndNamesAreUnique() {
		List<HostileInput> all = HostileInput.all();
		assertThat(all).hasSizeGreaterThan(250).extracting(HostileInput::name).doesNotHaveDuplicates();
		Map<Boolean, Long> vectors = all.stream()
			.collect(Collectors.partitioningBy((each) -> each.name().startsWith("malformed "), Collectors.counting()));
		assertThat(vectors.get(false)).isGreaterThan(60);
		assertThat(vectors.get(true)).isEqualTo(49 * 6);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("gallery")
	void hostileBytesEndInAnErrorOrAClosedConnection(HostileInput input) throws Exception {
		check(input, false);
		if (input.bytes().length <= MOST_BYTEWISE) {
			check(input, true);
		}
		assertThat(longLived.call("Arith.Add", new Args(7, 8), Long.class)).as("the other client").isEqualTo(15);
		try (RawPeer next = new RawPeer(server.port())) {
			next.send(GOOD);
			assertThat(next.readLine()).as("the next client").isEqualTo("{\"id\":77,\"result\":42,\"error\":null}\n");
		}
	}

	private static void check(HostileInput input, boolean bytewise) throws Exception {
		try (RawPeer peer = new RawPeer(server.port())) {
			peer.send(input.bytes(), bytewise);
			boolean json = input.bytes().length > 0 && input.bytes()[0] == '{';
			boolean goesOn = json && (input.outcome() == HostileInput.Outcome.ERROR
					|| input.outcome() == HostileInput.Outcome.ANSWERED);
			if (goesOn) {
				String reply = peer.readLine();
				boolean error = input.outcome() == HostileInput.Outcome.ERROR;
				assertThat(reply).contains(error ? "\"result\":null,\"error\":\"" : "\"error\":null")
					.doesNotContain("java")
					.doesNotContain("netrpc")
					.doesNotContain("Exception");
				peer.send(GOOD);
				assertThat(peer.readLine()).contains("\"id\":77,\"result\":42");
			}
			if (!input.outcome().endsAtOnce()) {
				peer.endOutput();
			}
			byte[] last = peer.readToEnd();
			String rest = new String(last, StandardCharsets.ISO_8859_1);
			switch (input.outcome()) {
				case CLOSED_AT_ONCE, CLOSED_AT_END -> assertThat(rest).isEmpty();
				case HTTP -> assertThat(rest).startsWith("HTTP/1.").doesNotStartWith("HTTP/1.0 200");
				case CONNECTED -> assertThat(rest).isEqualTo("HTTP/1.0 200 Connected to Go RPC\n\n");
				case ERROR -> {
					assertThat(rest.isEmpty()).isEqualTo(json);
					assertThat(gobErrors(last)).hasSize(json ? 0 : 1).doesNotContain("");
				}
				case ANSWERED -> {
					assertThat(rest.isEmpty()).isEqualTo(json);
					assertThat(gobErrors(last)).hasSize(json ? 0 : 1).allMatch(String::isEmpty);
				}
				case ENDED -> ended(input, json, last, rest);
			}
		}
	}

	private static void ended(HostileInput input, boolean json, byte[] last, String rest) {
		assertThat(rest).doesNotContain("java").doesNotContain("netrpc");
		if (!json && !rest.isEmpty()) {
			assertThat(gobErrors(last)).as("errors of the replies").isNotEmpty().doesNotContain("");
			if (input.name().startsWith("malformed ")) {
				vectorsAnswered++;
			}
		}
	}

	// The error of each reply, "" where there is none; all of the bytes are replies.
	private static List<String> gobErrors(byte[] replies) {
		List<String> errors = new ArrayList<>();
		Vectors.Stream stream = new Vectors.Stream(GOB, replies, Vectors.Feed.WHOLE);
		while (stream.left() > 0) {
			Response header = (Response) stream.read(GOB.type(Response.class));
			stream.readDynamic();
			errors.add(header.error());
		}
		return errors;
	}

	private static RpcChannel channel(String codec) {
		return RpcChannel.builder()
			.target("127.0.0.1:" + server.port())
			.codec(codec)
			.timeout(Duration.ofSeconds(10))
			.build();
	}

}
