package io.github.netrpc.interop;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

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
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hostile bytes to a live one-port server, whole and byte by byte, and through TLS: each
 * ends as {@code gallery.tsv} says, in an error reply with this text or a connection
 * closed for this reason, and the next client is unhurt (reliability S1 to S22, R22). Who
 * must be closed at once goes on waiting for it: it does not end its output. Who has to
 * say more is cut when its time is over. What shows each rule of security is named in
 * {@code gallery-rules.tsv}.
 */
@Timeout(60)
class HostileGalleryIntegrationTests {

	/** More is only sent whole: byte by byte it would take minutes and prove no more. */
	private static final int MOST_BYTEWISE = 4096;

	private static final Gob GOB = Gob.standard();

	/** No time passes: what ends is not ended by the deadline of a request. */
	private static final ManualTimers TRANSPORT = new ManualTimers(netty("gallery-"));

	private static final TestAuthority AUTHORITY = new TestAuthority("gallery");

	private static final TlsSettings TLS = TlsSettings.builder()
		.keys(AUTHORITY.server("127.0.0.1").keyStore(), TestAuthority.PASSWORD)
		.build();

	private static final ManualTimers SECURED = new ManualTimers(netty("gallery-tls-").secured(() -> TLS));

	/** As much as one read of the server's takes. */
	private static final int ONE_READ = 1024;

	private static final byte[] ALERT = { 21, 3, 3, 0, 2, 2, 10 };

	private static final int MOST_LOGGED = 400;

	private static final Map<String, HostileOutcome> OUTCOMES = HostileOutcome.all();

	private static final Reasons REASONS = new Reasons();

	private static RpcServer server;

	private static RpcServer securedServer;

	private static SSLContext context;

	private static RpcChannel longLived;

	private static int threadsBefore;

	private static Transport netty(String threads) {
		return ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow().create(threads, 1, true);
	}

	@BeforeAll
	static void start() throws Exception {
		REASONS.start();
		((Logger) LoggerFactory.getLogger(RpcServer.class)).addAppender(REASONS);
		server = start(TRANSPORT);
		securedServer = start(SECURED);
		context = SSLContext.getInstance("TLS");
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(AUTHORITY.trustStore());
		context.init(null, trust.getTrustManagers(), null);
		longLived = RpcChannel.builder()
			.target("127.0.0.1:" + server.port())
			.codec("gob")
			.timeout(Duration.ofSeconds(10))
			.build();
		assertThat(longLived.call("Arith.Add", new Args(1, 1), Long.class)).isEqualTo(2);
		threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
	}

	private static RpcServer start(ManualTimers transport) {
		return transport.server()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.service(new EchoService())
			.start();
	}

	@AfterAll
	static void close() {
		Awaitility.await().untilAsserted(() -> assertThat(server.connectionCount()).isEqualTo(1));
		Awaitility.await().untilAsserted(() -> assertThat(securedServer.connectionCount()).isZero());
		assertThat(server.inFlight()).isZero();
		assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threadsBefore + 60);
		longLived.close();
		server.close();
		TRANSPORT.close();
		securedServer.close();
		SECURED.close();
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
		assertThat(vectors.get(false)).isGreaterThan(150);
		assertThat(vectors.get(true)).isEqualTo(49 * 6);
	}

	@Test
	void everyRuleHasAnInputOrATestThatIsThere() {
		List<GalleryRule> rules = GalleryRule.all();
		assertThat(rules).extracting(GalleryRule::number)
			.containsAll(IntStream.rangeClosed(1, 22).boxed().toList())
			.allMatch((number) -> number >= 1 && number <= 22);
		Set<String> handshakes = HostileHandshake.all()
			.stream()
			.map(HostileHandshake::name)
			.collect(Collectors.toSet());
		Set<String> guarded = GuardedInput.all().stream().map(GuardedInput::name).collect(Collectors.toSet());
		assertThat(rules).allSatisfy((rule) -> {
			switch (rule.kind()) {
				case "input" -> assertThat(OUTCOMES).containsKey(rule.name());
				case "handshake" -> assertThat(handshakes).contains(rule.name());
				case "guarded" -> assertThat(guarded).contains(rule.name());
				default -> assertThat(rule.isTest()).as("%s is a test", rule.name()).isTrue();
			}
		});
		assertThat(rules).filteredOn((rule) -> !rule.kind().equals("test"))
			.extracting(GalleryRule::number)
			.contains(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("gallery")
	void hostileBytesEndAsIsSaid(HostileInput input) throws Exception {
		HostileOutcome expected = OUTCOMES.get(input.name());
		moveOn();
		try (RawPeer peer = new RawPeer(server.port())) {
			check(peer, input, expected, false);
		}
		if (input.bytes().length <= MOST_BYTEWISE) {
			moveOn();
			try (RawPeer peer = new RawPeer(server.port())) {
				check(peer, input, expected, true);
			}
		}
		othersAreServed();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("gallery")
	void hostileBytesThroughTlsEndAsIsSaid(HostileInput input) throws Exception {
		if (input.bytes().length <= MOST_BYTEWISE) {
			moveOn();
			try (RawPeer peer = new RawPeer(
					context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), securedServer.port()))) {
				check(peer, input, OUTCOMES.get(input.name()), false);
			}
			othersAreServed();
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("gallery")
	void plainBytesAreRefusedWhereTlsIsSpoken(HostileInput input) throws Exception {
		byte[] bytes = input.bytes();
		boolean hello = bytes.length > 1 && bytes[0] == 0x16 && bytes[1] == 3;
		if (bytes.length > ONE_READ || hello) {
			return;
		}
		moveOn();
		try (RawPeer peer = new RawPeer(securedServer.port())) {
			peer.send(bytes, false);
			if (bytes.length == 0) {
				peer.endOutput();
				assertThat(peer.readToEnd()).isEmpty();
				return;
			}
			assertThat(peer.readToEnd()).isEqualTo(ALERT);
			assertThat(REASONS.await(peer))
				.isEqualTo("TLS (rpc.server.ssl) failed: the peer does not speak TLS, its first bytes are "
						+ HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 8)) + " (hex)");
		}
	}

	static Stream<HostileHandshake> handshakes() {
		return HostileHandshake.all().stream();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("handshakes")
	void hostileHandshakesEndAsIsSaid(HostileHandshake handshake) throws Exception {
		for (boolean bytewise : new boolean[] { false, true }) {
			moveOn();
			try (RawPeer peer = new RawPeer(securedServer.port())) {
				peer.send(handshake.bytes(), bytewise);
				if (handshake.waits()) {
					peer.endOutput();
				}
				assertThat(new String(peer.readToEnd(), StandardCharsets.ISO_8859_1)).doesNotContain("{", "rpc");
				String reason = REASONS.await(peer);
				assertThat(reason).matches(handshake.reason());
				assertHarmless(reason);
			}
			othersAreServed();
		}
	}

	static Stream<HostileInput> unfinished() {
		return gallery().filter((input) -> OUTCOMES.get(input.name()).kind().end() == End.WAITS);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("unfinished")
	void whatIsNotFinishedIsCutWhenItsTimeIsOver(HostileInput input) throws Exception {
		Duration limit = OUTCOMES.get(input.name()).limit();
		moveOn();
		try (RawPeer peer = new RawPeer(server.port())) {
			peer.send(input.bytes(), false);
			// By the same I/O thread, which has then read what came before.
			othersAreServed();
			othersAreServed();
			if (limit == null) {
				TRANSPORT.advance(Duration.ofDays(1));
				othersAreServed();
				peer.send(OneMoreCall.after(input.bytes()), false);
				peer.endOutput();
				assertThat(OneMoreCall.wasAnswered(replies(peer.readToEnd()))).isTrue();
				return;
			}
			TRANSPORT.advance(limit.minusMillis(1));
			othersAreServed();
			assertThat(REASONS.of(peer)).isNull();
			TRANSPORT.advance(Duration.ofMillis(1));
			peer.readToEnd();
			assertThat(REASONS.of(peer)).isEqualTo("a request was not complete in time (limit: rpc.server.connection."
					+ (limit.equals(Duration.ofSeconds(5)) ? "first-" : "") + "request-timeout = " + limit.toMillis()
					+ " ms)");
		}
		othersAreServed();
	}

	// The log has so many lines in a second, and then no more.
	private static void moveOn() {
		TRANSPORT.advance(Duration.ofSeconds(1));
		SECURED.advance(Duration.ofSeconds(1));
	}

	private static void othersAreServed() throws IOException {
		assertThat(longLived.call("Arith.Add", new Args(7, 8), Long.class)).as("the other client").isEqualTo(15);
		try (RawPeer next = new RawPeer(server.port())) {
			next.send(OneMoreCall.after(new byte[] { '{' }), false);
			assertThat(next.readLine()).as("the next client").isEqualTo(OneMoreCall.JSON_ANSWER);
		}
	}

	private static void check(RawPeer peer, HostileInput input, HostileOutcome expected, boolean bytewise)
			throws Exception {
		Kind kind = expected.kind();
		try (peer) {
			peer.send(input.bytes(), bytewise);
			if (kind.end() == End.GOES_ON) {
				peer.send(OneMoreCall.after(input.bytes()), false);
			}
			if (kind.end() != End.CLOSED) {
				peer.endOutput();
			}
			List<String> replies = replies(peer.readToEnd());
			String reason = REASONS.of(peer);
			assertHarmless((reason != null) ? reason : "");
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

	// S22: at most 32 bytes of input, escaped; nothing that could change a log.
	static void assertHarmless(String logged) {
		assertThat(logged).hasSizeLessThan(MOST_LOGGED).doesNotContain(HostileInput.SECRET);
		assertThat(logged.chars()).noneMatch(Character::isISOControl);
	}

	// What a reply says, of that kind.
	private static String text(Reply kind, String reply) {
		if (kind == Reply.HTTP) {
			assertThat(reply).startsWith("HTTP/1.").containsOnlyOnce("HTTP/1.");
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

	static List<String> replies(byte[] bytes) {
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
	static final class Reasons extends AppenderBase<ILoggingEvent> {

		private static final Pattern CLOSING = Pattern.compile("(?s)Closing connection from /127.0.0.1:(\\d+): (.*)");

		private final Map<Integer, String> byPort = new ConcurrentHashMap<>();

		@Override
		protected void append(ILoggingEvent event) {
			Matcher closing = CLOSING.matcher(event.getFormattedMessage());
			if (closing.matches()) {
				this.byPort.put(Integer.valueOf(closing.group(1)), closing.group(2));
			}
		}

		// The line may be written after the connection is closed.
		String await(RawPeer peer) {
			return Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(2))
				.until(() -> of(peer), Objects::nonNull);
		}

		// Ports come back.
		String of(RawPeer peer) {
			return this.byPort.remove(peer.localPort());
		}

	}

}
