package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.interop.HostileGalleryIntegrationTests.Reasons;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.server.HandlerCall;
import io.github.netrpc.server.ManualTimers;
import io.github.netrpc.server.RoleAuthorizer;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.SharedTokens;
import io.github.netrpc.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hostile bytes to a server that has to know who calls and what they may do: all of the
 * gallery, by strangers, and what only such a server can be told. No handler runs for
 * them but those that they may call, and an honest client beside them is served.
 */
@Timeout(60)
class GuardedGalleryIntegrationTests {

	/** So few that each crowd is held back. */
	private static final int MOST_CALLS = 16;

	private static final ManualTimers TRANSPORT = new ManualTimers(
			ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow().create("guarded-", 1, true));

	private static final Reasons REASONS = new Reasons();

	/** Handlers that have run for others than the honest client. */
	private static final AtomicInteger RUN_FOR_OTHERS = new AtomicInteger();

	private static final AtomicInteger RUN = new AtomicInteger();

	private static RpcServer server;

	private static RpcChannel honest;

	@BeforeAll
	static void start() {
		REASONS.start();
		((Logger) LoggerFactory.getLogger(RpcServer.class)).addAppender(REASONS);
		server = TRANSPORT.server()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.service(new EchoService())
			.maxConnectionCalls(MOST_CALLS)
			.authenticator(
					SharedTokens.of(Map.of("alice", GuardedInput.TOKEN_OF_ALICE, "bob", GuardedInput.TOKEN_OF_BOB)))
			.authorizer(RoleAuthorizer.of(Map.of("reader", List.of("Arith"), "owner", List.of("Arith", "Echo")),
					Map.of("alice", List.of("owner"), "bob", List.of("reader"))))
			.interceptor((call, next) -> {
				count(call);
				return next.proceed(call);
			})
			.start();
		honest = RpcChannel.builder()
			.target("127.0.0.1:" + server.port())
			.codec("gob")
			.token(() -> GuardedInput.TOKEN_OF_ALICE)
			.timeout(Duration.ofSeconds(10))
			.build();
	}

	private static void count(HandlerCall call) {
		RUN.incrementAndGet();
		Principal caller = call.context().principal();
		boolean permitted = caller != null
				&& (caller.getName().equals("alice") || call.method().service().equals("Arith"));
		if (!permitted) {
			RUN_FOR_OTHERS.incrementAndGet();
		}
	}

	@AfterAll
	static void close() {
		Awaitility.await().untilAsserted(() -> assertThat(server.connectionCount()).isEqualTo(1));
		assertThat(server.inFlight()).isZero();
		honest.close();
		server.close();
		TRANSPORT.close();
		((Logger) LoggerFactory.getLogger(RpcServer.class)).detachAppender(REASONS);
	}

	static Stream<HostileInput> gallery() {
		return HostileInput.all().stream();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("gallery")
	void strangersRunNothing(HostileInput input) throws Exception {
		moveOn();
		int before = RUN.get();
		try (RawPeer peer = new RawPeer(server.port())) {
			peer.send(input.bytes(), false);
			peer.send(OneMoreCall.after(input.bytes()), false);
			honestIsServed();
			peer.endOutput();
			List<String> replies = HostileGalleryIntegrationTests.replies(peer.readToEnd());
			// Built-in methods may be called by everybody
			boolean builtIn = new String(input.bytes(), StandardCharsets.UTF_8).contains("\"_goRPC_.");
			assertThat(replies.stream().skip(builtIn ? 1 : 0)).allSatisfy(
					(reply) -> assertThat(reply.startsWith("HTTP/") || isRefusal(reply)).as("a refusal: %s", reply)
						.isTrue());
			checkLog(peer);
		}
		honestIsServed();
		assertThat(RUN.get() - before).as("handlers that ran").isEqualTo(2);
	}

	private static boolean isRefusal(String reply) {
		return (reply.startsWith("error ") || reply.contains("\"result\":null,\"error\":\""))
				&& (reply.contains("the caller is not authenticated") || reply.contains("the token was refused"));
	}

	static Stream<GuardedInput> guarded() {
		return GuardedInput.all().stream();
	}

	@Test
	void namesAreThereOnce() {
		assertThat(guarded().map(GuardedInput::name)).hasSizeGreaterThan(25).doesNotHaveDuplicates();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("guarded")
	void whoWantsMoreIsToldWhatIsSaid(GuardedInput input) throws Exception {
		moveOn();
		try (RawPeer peer = new RawPeer(server.port())) {
			peer.send(input.text().getBytes(StandardCharsets.UTF_8), false);
			honestIsServed();
			// Who is known to be an extended peer never ends its output only
			String answer = new String(peer.readLines(input.replies().size()), StandardCharsets.UTF_8);
			if (input.reason() == null) {
				peer.endOutput();
			}
			assertThat(peer.readToEnd()).isEmpty();
			assertThat(answer).doesNotContain(HostileInput.SECRET, "java", "netrpc");
			assertThat(answer.chars().filter((each) -> each != '\n')).noneMatch(Character::isISOControl);
			assertReplies(answer.lines().toList(), input);
			if (input.reason() != null) {
				assertThat(REASONS.await(peer)).contains(input.reason()).doesNotContain(HostileInput.SECRET);
			}
			else {
				assertThat(checkLog(peer)).isNull();
			}
		}
		honestIsServed();
		assertThat(RUN_FOR_OTHERS).hasValue(0);
	}

	// Each reply is one of those that are expected, and each of these is there once.
	private static void assertReplies(List<String> replies, GuardedInput input) {
		List<Pattern> expected = new ArrayList<>(input.patterns());
		assertThat(replies).hasSize(expected.size());
		List<String> others = new ArrayList<>();
		for (String reply : replies) {
			int id = idOf(reply);
			if (!expected.removeIf((pattern) -> idOf(pattern.pattern()) == id && pattern.matcher(reply).matches())) {
				others.add(reply);
			}
		}
		assertThat(others).as("replies that are not expected: %s", expected).isEmpty();
	}

	private static int idOf(String reply) {
		int from = reply.indexOf("\"id\":") + "\"id\":".length();
		return Integer.parseInt(reply.substring(from, reply.indexOf(',', from)));
	}

	// The log has so many lines in a second, and then no more.
	private static void moveOn() {
		TRANSPORT.advance(Duration.ofSeconds(1));
	}

	private static void honestIsServed() {
		assertThat(honest.call("Arith.Add", new Args(7, 8), Long.class)).isEqualTo(15);
	}

	private static String checkLog(RawPeer peer) {
		String reason = REASONS.of(peer);
		HostileGalleryIntegrationTests.assertHarmless((reason != null) ? reason : "");
		return reason;
	}

}
