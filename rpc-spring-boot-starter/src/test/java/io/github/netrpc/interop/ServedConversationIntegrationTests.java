package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.gob.Vectors;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What real Go clients sent, and what no client of Go's would send, to our one port over
 * real sockets: whole, byte by byte, and step by step. The replies must say what Go's
 * said, and the connection must end when Go's did.
 */
@Timeout(60)
class ServedConversationIntegrationTests {

	private static final String NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n"
			+ "X-Content-Type-Options: nosniff\r\nContent-Length: 19\r\nConnection: close\r\n\r\n404 page not found\n";

	/** Where we mean to differ, what is replied instead, and why. */
	private static final Map<String, Difference> DIFFERENCES = Map.ofEntries(
			differ("gob_nil_pointer_reply", "Go panics and its process ends; we send the zero value",
					"0 Echo.Ptr: Struct[fields={}]"),
			differ("gob_bad_reply", "Go sends a header without a body and closes; we answer with an error",
					"0 Echo.BadReply: ? Struct[fields={}]"),
			differ("raw_header_then_close", "Go answers \"EOF\" to half a call; we do not answer what never came"),
			differ("json_nan", "Go sends nothing and the caller waits for ever; we answer with an error",
					"{\"id\":0,\"result\":null,\"error\":?}\n", "{\"id\":1,\"result\":0,\"error\":null}\n"),
			differ("json_nil_pointer_reply", "Go's null costs its own client the connection; we send the zero value",
					"{\"id\":0,\"result\":{\"A\":0,\"B\":0},\"error\":null}\n"),
			differ("jraw_null", "one port: only { opens a JSON connection, so this is no known protocol"),
			differ("jraw_gob", "one port: gob is answered as gob", "0 Arith.Add: 15"),
			differ("raw_garbage", "one port: HTTP is answered as HTTP", NOT_FOUND),
			differ("jraw_http", "one port: HTTP is answered as HTTP", NOT_FOUND),
			differ("hraw_call_with_handshake", "Go loses what comes together with the head; we keep it",
					"HTTP/1.0 200 Connected to Go RPC\n\n", "0 Arith.Add: 15"));

	/** The replies come in any order. */
	private static final Set<String> ANY_ORDER = Set.of("jraw_pipelined", "jraw_same_id_twice", "raw_same_seq_twice",
			"jraw_framing");

	private static final Gob GOB = Gob.builder().types(types()).build();

	private static RpcServer onePort;

	private static RpcServer gobPort;

	@BeforeAll
	static void start() {
		onePort = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ConversationServices.Arith())
			.service("math.v1.Arith", new ConversationServices.Arith())
			.service(new ConversationServices.EchoService())
			.start();
		gobPort = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.format(new GobWireFormat(WireLimits.DEFAULT, types(), PropertyNames.standard()))
			.service(new ConversationServices.GobEchoService())
			.start();
	}

	@AfterAll
	static void close() {
		onePort.close();
		gobPort.close();
	}

	static Stream<Conversation> served() {
		return Conversation.all()
			.filter((each) -> !each.name().contains("reply_") || each.name().startsWith("gob_")
					|| each.name().startsWith("json_"))
			.filter((each) -> !each.name().startsWith("raw_server_") && !each.name().equals("hraw_debug_page"));
	}

	static Stream<Arguments> ways() {
		return served().flatMap((each) -> Arrays.stream(Way.values()).map((way) -> Arguments.of(each, way)));
	}

	@Test
	void everyConversationWithAClientToPlayIsRun() {
		assertThat(served()).hasSize(107);
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("ways")
	void serverAnswersAsGoDoes(Conversation conversation, Way way) throws IOException {
		boolean needsGobServices = Set.of("gob_box", "gob_bad_reply").contains(conversation.name());
		byte[] answered;
		try (RawPeer peer = new RawPeer((needsGobServices ? gobPort : onePort).port())) {
			answered = (way == Way.STEPS) ? steps(conversation, peer) : pieces(conversation, peer, way);
		}
		Difference difference = DIFFERENCES.get(conversation.name());
		List<String> expected = (difference != null) ? difference.replies()
				: replies(conversation, conversation.server());
		List<String> actual = replies(conversation, answered);
		if (conversation.isHttp() && !expected.isEmpty()) {
			expected = withoutDate(expected);
		}
		boolean anyOrder = way != Way.STEPS || difference != null || ANY_ORDER.contains(conversation.name());
		expected = withoutOwnTexts(expected);
		if (anyOrder) {
			assertThat(likeGo(actual, expected)).containsExactlyInAnyOrderElementsOf(expected);
		}
		else {
			assertThat(likeGo(actual, expected)).isEqualTo(expected);
		}
		assertThat(actual).noneMatch((reply) -> reply.contains("java") || reply.contains("netrpc"));
	}

	private static byte[] pieces(Conversation conversation, RawPeer peer, Way way) throws IOException {
		peer.send(conversation.client(), way == Way.BYTES);
		if (conversation.clientClosesFirst() || DIFFERENCES.containsKey(conversation.name())) {
			peer.endOutput();
		}
		return peer.readToEnd();
	}

	private static byte[] steps(Conversation conversation, RawPeer peer) throws IOException {
		ByteArrayOutputStream expected = new ByteArrayOutputStream();
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		// Go cuts the reply of gob_box over messages, and we do not.
		boolean exact = !DIFFERENCES.containsKey(conversation.name()) && !conversation.name().equals("gob_box");
		for (Conversation.Step step : conversation.steps()) {
			if (step.byClient()) {
				peer.send(step.bytes(), false);
				if (step.closes()) {
					peer.endOutput();
				}
			}
			else if (exact) {
				expected.writeBytes(step.bytes());
				int wanted = conversation.messages(expected.toByteArray());
				while (conversation.messages(received.toByteArray()) < wanted) {
					int next = peer.read();
					if (next < 0) {
						break;
					}
					received.write(next);
				}
			}
		}
		if (!conversation.clientClosesFirst() && !exact) {
			peer.endOutput();
		}
		received.writeBytes(peer.readToEnd());
		return received.toByteArray();
	}

	private static List<String> replies(Conversation conversation, byte[] bytes) {
		List<String> replies = new ArrayList<>();
		byte[] rest = bytes;
		String text = new String(bytes, StandardCharsets.UTF_8);
		if (text.startsWith("HTTP/")) {
			boolean connected = text.startsWith("HTTP/1.0 200");
			int head = connected ? Conversation.headLength(bytes) : bytes.length;
			replies.add(text.substring(0, head));
			rest = Arrays.copyOfRange(bytes, head, bytes.length);
		}
		else if (text.startsWith("{")) {
			replies.addAll(Arrays.asList(text.split("(?<=\n)")));
			return replies;
		}
		Vectors.Stream stream = new Vectors.Stream(GOB, rest, Vectors.Feed.WHOLE);
		while (stream.left() > 0) {
			Response header = (Response) stream.read(GOB.type(Response.class));
			String error = header.error().isEmpty() ? "" : header.error() + " ";
			Object body = header.serviceMethod().equals("Echo.Event")
					? stream.read(GOB.type(ConversationServices.Event.class)) : stream.readDynamic();
			replies.add(Long.toUnsignedString(header.seq()) + " " + header.serviceMethod() + ": " + error + body);
		}
		return replies;
	}

	private static List<String> withoutDate(List<String> replies) {
		return replies.stream().map((reply) -> reply.replaceFirst("Date: [^\r]*\r\n", "")).toList();
	}

	// The texts of decoders are their own; that there is an error must agree.
	private static List<String> withoutOwnTexts(List<String> replies) {
		return replies.stream()
			.map((reply) -> reply.replaceFirst("\"error\":\"json: .*\"", "\"error\":?")
				.replaceFirst(": gob: .* Struct", ": ? Struct"))
			.toList();
	}

	private static List<String> likeGo(List<String> replies, List<String> expected) {
		return replies.stream().map((reply) -> likeGo(reply, expected)).toList();
	}

	private static String likeGo(String reply, List<String> expected) {
		for (String other : expected) {
			int text = other.indexOf('?');
			if (text >= 0 && reply.startsWith(other.substring(0, text)) && reply.endsWith(other.substring(text + 1))
					&& reply.length() > other.length()) {
				return other;
			}
		}
		return reply;
	}

	private static GobTypes types() {
		return GobTypes.builder().register("Point", ConversationServices.Point.class).build();
	}

	private static Map.Entry<String, Difference> differ(String name, String reason, String... replies) {
		return Map.entry(name, new Difference(reason, List.of(replies)));
	}

	enum Way {

		WHOLE, BYTES, STEPS

	}

	record Difference(String reason, List<String> replies) {
	}

	record Response(String serviceMethod, @Unsigned long seq, String error) {
	}

}
