package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
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
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.server.ManualTimers;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What real Go clients sent, and what no client of Go's would send, to our one port over
 * real sockets: whole, byte by byte, and step by step. The replies must say what Go's
 * said, and the connection must end when Go's did: one that goes on answers one more
 * call.
 */
@Timeout(60)
class ServedConversationIntegrationTests {

	/** The replies come in any order. */
	private static final Set<String> ANY_ORDER = Set.of("jraw_pipelined", "jraw_same_id_twice", "raw_same_seq_twice",
			"jraw_framing");

	/** What these clients send ends within a call, so that nothing can follow. */
	private static final Set<String> UNFINISHED = Set.of("raw_truncated", "raw_header_then_close");

	private static final Gob GOB = Gob.builder().types(types()).build();

	/** No time passes: what ends is not ended by the deadline of a request. */
	private static final Transport TRANSPORT = new ManualTimers(
			ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow().create("served-", 1, true));

	private static RpcServer onePort;

	private static RpcServer gobPort;

	@BeforeAll
	static void start() {
		onePort = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.transport(TRANSPORT)
			.service(new ConversationServices.Arith())
			.service("math.v1.Arith", new ConversationServices.Arith())
			.service(new ConversationServices.EchoService())
			.start();
		gobPort = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.format(new GobWireFormat(WireLimits.DEFAULT, types(), PropertyNames.standard()))
			.service(new ConversationServices.Arith())
			.service(new ConversationServices.GobEchoService())
			.start();
	}

	@AfterAll
	static void close() {
		onePort.close();
		gobPort.close();
		TRANSPORT.close();
		DifferencesFromGo.requireUsed(Side.SERVER, Side.PORT, Side.MESSAGES, Side.HEADER);
	}

	static Stream<Conversation> served() {
		return Conversation.all()
			.filter((each) -> !each.name().contains("reply_") || each.name().startsWith("gob_")
					|| each.name().startsWith("json_"))
			.filter((each) -> !each.name().startsWith("raw_server_"));
	}

	static Stream<Arguments> ways() {
		return served().flatMap((each) -> Arrays.stream(Way.values()).map((way) -> Arguments.of(each, way)));
	}

	@Test
	void everyConversationWithAClientToPlayIsRun() {
		assertThat(served()).hasSize(108);
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("ways")
	void serverAnswersAsGoDoes(Conversation conversation, Way way) throws IOException {
		boolean needsGobServices = Set.of("gob_box", "gob_bad_reply").contains(conversation.name());
		byte[] answered;
		try (RawPeer peer = new RawPeer((needsGobServices ? gobPort : onePort).port())) {
			answered = (way == Way.STEPS) ? steps(conversation, peer) : pieces(conversation, peer, way);
		}
		List<String> actual = replies(conversation, answered);
		if (answersOneMore(conversation)) {
			assertThat(OneMoreCall.wasAnswered(actual)).as("one more call on the connection, among %s", actual)
				.isTrue();
		}
		Difference difference = difference(conversation);
		if (difference != null) {
			List<String> expected = DifferencesFromGo.replies(difference);
			assertThat(DifferencesFromGo.withoutTexts(actual, expected)).as(difference.toString())
				.containsExactlyInAnyOrderElementsOf(expected);
			boolean sameEnd = conversation.clientClosesFirst() == endsOutput(conversation);
			assertThat(sameEnd && actual.equals(repliesOfGo(conversation))).as("the same as Go's: no difference")
				.isFalse();
		}
		else if (way != Way.STEPS || !isExact(conversation) || ANY_ORDER.contains(conversation.name())) {
			assertThat(actual).containsExactlyInAnyOrderElementsOf(repliesOfGo(conversation));
		}
		else {
			assertThat(actual).isEqualTo(repliesOfGo(conversation));
		}
		assertThat(actual).noneMatch((reply) -> reply.contains("java") || reply.contains("netrpc"));
		checkMessages(conversation, answered);
	}

	private static void checkMessages(Conversation conversation, byte[] answered) {
		Difference meant = DifferencesFromGo.of(Side.MESSAGES, conversation.name());
		if (difference(conversation) == null) {
			int ofGo = conversation.messages(conversation.server());
			int ours = conversation.messages(answered)
					- (answersOneMore(conversation) ? conversation.isJson() ? 1 : 2 : 0);
			assertThat(ours).isEqualTo((meant != null) ? Integer.parseInt(meant.outcome().get(0)) : ofGo);
			assertThat(ours == ofGo).isEqualTo(meant == null);
		}
	}

	private static @Nullable Difference difference(Conversation conversation) {
		Difference ofPort = DifferencesFromGo.of(Side.PORT, conversation.name());
		return (ofPort != null) ? ofPort : DifferencesFromGo.of(Side.SERVER, conversation.name());
	}

	private static boolean endsWith(String end, Conversation conversation) {
		Difference difference = difference(conversation);
		return difference != null && difference.outcome().contains(end);
	}

	// Where our server closes, the peer goes on waiting for it.
	private static boolean endsOutput(Conversation conversation) {
		return (conversation.clientClosesFirst() && !endsWith(DifferencesFromGo.CLOSED, conversation))
				|| endsWith(DifferencesFromGo.GOES_ON, conversation);
	}

	private static boolean answersOneMore(Conversation conversation) {
		return endsOutput(conversation) && !UNFINISHED.contains(conversation.name());
	}

	private static void end(Conversation conversation, RawPeer peer) throws IOException {
		if (answersOneMore(conversation)) {
			peer.send(OneMoreCall.after(conversation.client()), false);
		}
		if (endsOutput(conversation)) {
			peer.endOutput();
		}
	}

	private static byte[] pieces(Conversation conversation, RawPeer peer, Way way) throws IOException {
		peer.send(conversation.client(), way == Way.BYTES);
		end(conversation, peer);
		return peer.readToEnd();
	}

	// Whether each step of Go's server is one of ours: the replies are as many, and are
	// cut in the same way.
	private static boolean isExact(Conversation conversation) {
		return !endsWith(DifferencesFromGo.CLOSED, conversation) && !endsWith(DifferencesFromGo.GOES_ON, conversation)
				&& DifferencesFromGo.of(Side.MESSAGES, conversation.name()) == null;
	}

	private static byte[] steps(Conversation conversation, RawPeer peer) throws IOException {
		ByteArrayOutputStream expected = new ByteArrayOutputStream();
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		boolean ended = false;
		for (Conversation.Step step : conversation.steps()) {
			if (step.byClient()) {
				peer.send(step.bytes(), false);
				if (step.closes()) {
					end(conversation, peer);
					ended = true;
				}
			}
			else if (isExact(conversation) && !ended) {
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
		if (!ended) {
			end(conversation, peer);
		}
		received.writeBytes(peer.readToEnd());
		return received.toByteArray();
	}

	private static List<String> repliesOfGo(Conversation conversation) {
		return replies(conversation, conversation.server()).stream().map(DifferencesFromGo::withoutHeaders).toList();
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

	private static GobTypes types() {
		return GobTypes.builder().register("Point", ConversationServices.Point.class).build();
	}

	enum Way {

		WHOLE, BYTES, STEPS

	}

	record Response(String serviceMethod, @Unsigned long seq, String error) {
	}

}
