package io.github.netrpc.interop;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.Vectors;
import io.github.netrpc.interop.HostileOutcome.End;
import io.github.netrpc.interop.HostileOutcome.Kind;
import io.github.netrpc.interop.HostileOutcome.Reply;
import io.github.netrpc.interop.ServedConversationIntegrationTests.Response;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.server.ManualTimers;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hostile bytes to a live one-port server, whole and byte by byte: each ends as
 * {@code gallery.tsv} says, in an error reply with this text or a connection closed for
 * this reason, and the next client is unhurt (reliability S7, S8, S13, R22). Who must be
 * closed at once goes on waiting for it: it does not end its output.
 */
@Timeout(60)
class HostileGalleryIntegrationTests {

	/** More is only sent whole: byte by byte it would take minutes and prove no more. */
	private static final int MOST_BYTEWISE = 4096;

	private static final Gob GOB = Gob.standard();

	/** No time passes: what ends is not ended by the deadline of a request. */
	private static final ManualTimers TRANSPORT = new ManualTimers(
			ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow().create("gallery-", 1, true));

	private static final Map<String, HostileOutcome> OUTCOMES = HostileOutcome.all();

	private static final Reasons REASONS = new Reasons();

	private static RpcServer server;

	private static RpcChannel longLived;

	private static int threadsBefore;

	@BeforeAll
	static void start() {
		REASONS.start();
		((Logger) LoggerFactory.getLogger(RpcServer.class)).addAppender(REASONS);
		server = TRANSPORT.server()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.service(new EchoService())
			.start();
		longLived = RpcChannel.builder()
			.target("127.0.0.1:" + server.port())
			.codec("gob")
			.timeout(Duration.ofSeconds(10))
			.build();
		assertThat(longLived.call("Arith.Add", new Args(1, 1), Long.class)).isEqualTo(2);
		threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
	}

	@AfterAll
	static void close() {
		Awaitility.await().untilAsserted(() -> assertThat(server.connectionCount()).isEqualTo(1));
		assertThat(server.inFlight()).isZero();
		assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threadsBefore + 60);
		longLived.close();
		server.close();
		TRANSPORT.close();
		((Logger) LoggerFactory.getLogger(RpcServer.class)).detachAppender(REASONS);
	}

	static Stream<HostileInput> gallery() {
		return HostileInput.all().stream();
	}

	@Test
	void galleryIsLargeAndItsOutcomesAreSaid() {
		List<String> names = gallery().map(HostileInput::name).toList();
		assertThat(names).hasSizeGreaterThan(250).doesNotHaveDuplicates();
		assertThat(OUTCOMES.keySet()).containsExactlyElementsOf(names);
		Map<Boolean, Long> vectors = names.stream()
			.collect(Collectors.partitioningBy((each) -> each.startsWith("malformed "), Collectors.counting()));
		assertThat(vectors.get(false)).isGreaterThan(60);
		assertThat(vectors.get(true)).isEqualTo(49 * 6);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("gallery")
	void hostileBytesEndAsIsSaid(HostileInput input) throws Exception {
		check(input, OUTCOMES.get(input.name()), false);
		if (input.bytes().length <= MOST_BYTEWISE) {
			check(input, OUTCOMES.get(input.name()), true);
		}
		assertThat(longLived.call("Arith.Add", new Args(7, 8), Long.class)).as("the other client").isEqualTo(15);
		try (RawPeer next = new RawPeer(server.port())) {
			next.send(OneMoreCall.after(new byte[] { '{' }), false);
			assertThat(next.readLine()).as("the next client").isEqualTo(OneMoreCall.JSON_ANSWER);
		}
	}

	private static void check(HostileInput input, HostileOutcome expected, boolean bytewise) throws Exception {
		// The log has so many lines in a second, and then no more.
		TRANSPORT.advance(Duration.ofSeconds(1));
		Kind kind = expected.kind();
		try (RawPeer peer = new RawPeer(server.port())) {
			peer.send(input.bytes(), bytewise);
			if (kind.end() == End.GOES_ON) {
				peer.send(OneMoreCall.after(input.bytes()), false);
			}
			if (kind.end() != End.CLOSED) {
				peer.endOutput();
			}
			List<String> replies = replies(peer.readToEnd());
			String reason = REASONS.of(peer);
			assertThat(OneMoreCall.wasAnswered(replies)).as("whether one more call is answered, by %s", replies)
				.isEqualTo(kind.end() == End.GOES_ON);
			assertThat(reason != null).as("whether the log says why the connection is closed: %s", reason)
				.isEqualTo(kind.end() == End.CLOSED && kind != Kind.HTTP);
			assertThat(replies).hasSize((kind.reply() != Reply.NONE) ? 1 : 0)
				.noneMatch(
						(reply) -> reply.contains("java") || reply.contains("netrpc") || reply.contains("Exception"));
			assertThat(
					(kind.reply() != Reply.NONE) ? text(kind.reply(), replies.get(0)) : (reason != null) ? reason : "")
				.matches(expected.pattern());
		}
	}

	// What a reply says, of that kind.
	private static String text(Reply kind, String reply) {
		if (kind == Reply.HTTP) {
			assertThat(reply).startsWith("HTTP/1.");
			return reply.substring(0, reply.indexOf('\n')).strip();
		}
		boolean error = reply.startsWith("{") ? !reply.endsWith(",\"error\":null}\n") : reply.startsWith("error ");
		assertThat(error).as(reply).isEqualTo(kind == Reply.ERROR);
		if (!error) {
			return "";
		}
		return reply.startsWith("{") ? reply.replaceFirst("(?s).*\"error\":\"(.*)\"}\n", "$1")
				: reply.substring("error ".length());
	}

	private static List<String> replies(byte[] bytes) {
		List<String> replies = new ArrayList<>();
		String text = new String(bytes, StandardCharsets.UTF_8);
		if (text.startsWith("HTTP/")) {
			replies.add(text);
			return replies;
		}
		if (text.startsWith("{")) {
			replies.addAll(Arrays.asList(text.split("(?<=\n)")));
			return replies;
		}
		Vectors.Stream stream = new Vectors.Stream(GOB, bytes, Vectors.Feed.WHOLE);
		while (stream.left() > 0) {
			Response header = (Response) stream.read(GOB.type(Response.class));
			Object body = stream.readDynamic();
			replies.add(!header.error().isEmpty() ? "error " + header.error()
					: Long.toUnsignedString(header.seq()) + " " + header.serviceMethod() + ": " + body);
		}
		return replies;
	}

	/** Why connections were closed, as the log says. */
	private static final class Reasons extends AppenderBase<ILoggingEvent> {

		private static final Pattern CLOSING = Pattern.compile("(?s)Closing connection from /127.0.0.1:(\\d+): (.*)");

		private final Map<Integer, String> byPort = new ConcurrentHashMap<>();

		@Override
		protected void append(ILoggingEvent event) {
			Matcher closing = CLOSING.matcher(event.getFormattedMessage());
			if (closing.matches()) {
				this.byPort.put(Integer.valueOf(closing.group(1)), closing.group(2));
			}
		}

		// Ports come back.
		String of(RawPeer peer) {
			return this.byPort.remove(peer.localPort());
		}

	}

}
