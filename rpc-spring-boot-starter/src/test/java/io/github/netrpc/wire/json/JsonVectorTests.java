package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.Notation;
import io.github.netrpc.interop.ConversationCalls;
import io.github.netrpc.interop.DifferencesFromGo;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Both codecs against every recorded conversation of real Go.
 */
class JsonVectorTests {

	private static final WireFormat FORMAT = new JsonWireFormat.Provider().create(WireLimits.DEFAULT);

	private static final Notation NOTATION = new Notation(Gob.standard(), List.of(), false);

	/** Answers come as calls finish; here they come in the order of arrival. */
	private static final Set<String> OUT_OF_ORDER = Set.of("json_out_of_order", "jraw_pipelined");

	static Stream<Vectors.Conversation> served() {
		return Vectors.conversations().stream().filter((each) -> !each.name().startsWith("jreply_"));
	}

	static Stream<Vectors.Conversation> called() {
		return Vectors.conversations().stream().filter((each) -> each.calls() != null);
	}

	@Test
	void everyConversationIsRun() {
		assertThat(Vectors.conversations()).hasSize(73);
		assertThat(Stream.concat(served(), called()).map(Vectors.Conversation::name).distinct()).hasSize(73);
	}

	@ParameterizedTest
	@MethodSource("served")
	void serverAnswersAsGoDoes(Vectors.Conversation conversation) {
		for (int pieceSize : new int[] { Integer.MAX_VALUE / 2, 1, 7 }) {
			VectorServer server = new VectorServer(FORMAT);
			boolean refused = server.feed(conversation.client(), pieceSize);
			assertThat(refused).as("refused").isEqualTo(conversation.serverGivesUp());
			List<String> expected = lines(conversation.server());
			Difference difference = DifferencesFromGo.of(Side.SERVER, conversation.name());
			if (difference != null) {
				List<String> replies = DifferencesFromGo.replies(difference);
				assertThat(DifferencesFromGo.withoutTexts(server.replies, replies)).as(difference.toString())
					.isEqualTo(replies);
				assertThat(server.replies)
					.noneMatch((reply) -> reply.contains("java") || reply.contains("VectorServer"));
			}
			else if (OUT_OF_ORDER.contains(conversation.name())) {
				assertThat(server.replies).containsExactlyInAnyOrderElementsOf(expected);
			}
			else {
				assertThat(server.replies).isEqualTo(expected);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("called")
	void clientSeesWhatGosClientSees(Vectors.Conversation conversation) {
		for (int pieceSize : new int[] { Integer.MAX_VALUE / 2, 1, 7 }) {
			Client client = new Client(conversation);
			boolean refused = client.feed(conversation.server(), pieceSize);
			boolean goGivesUp = false;
			for (int i = 0; i < client.expected.size(); i++) {
				JsonNode call = client.expected.get(i);
				String outcome = client.outcomes.get((long) i);
				if (!call.has("error")) {
					assertThat(outcome).as("call " + i).isEqualTo("ok");
				}
				else if (call.get("from").asString().equals("server")) {
					assertThat(outcome).as("call " + i).isEqualTo(call.get("error").asString());
				}
				else if (!ConversationCalls.isUnanswered(call)) {
					goGivesUp = true;
				}
			}
			Difference difference = DifferencesFromGo.of(Side.CLIENT, conversation.name());
			if (difference != null) {
				assertThat(refused).isFalse();
				for (int i = 0; i < client.expected.size(); i++) {
					String outcome = client.outcomes.getOrDefault((long) i, DifferencesFromGo.UNANSWERED);
					assertThat(outcome.startsWith("misfit json: ") ? DifferencesFromGo.MISFIT : outcome)
						.as(difference.toString())
						.isEqualTo(difference.outcome().get(i));
				}
			}
			else {
				assertThat(refused).as("refused").isEqualTo(goGivesUp);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("called")
	void clientWritesWhatGosClientWrites(Vectors.Conversation conversation) throws Exception {
		Difference difference = DifferencesFromGo.of(Side.REQUEST, conversation.name());
		List<String> ofGo = lines(conversation.client());
		List<String> requests = (difference != null) ? difference.outcome() : ofGo;
		assertThat(difference != null && requests.equals(ofGo)).as("the same as Go's: no difference").isFalse();
		assertThat(requests).isNotEmpty();
		for (int i = 0; i < requests.size(); i++) {
			JsonNode call = conversation.calls().get(i);
			Object argument = ConversationCalls.argument(call);
			JsonBuffer out = (JsonBuffer) FORMAT.newBuffer();
			FORMAT.clientCodec()
				.encodeRequest(ServiceMethod.verbatim(call.get("method").asString()), i, 0, Map.of(), argument,
						plan(ConversationCalls.type(argument)), out);
			assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8)).isEqualTo(requests.get(i));
		}
	}

	@AfterAll
	static void everyDifferenceIsUsed() {
		DifferencesFromGo.requireUsed(Side.REQUEST);
	}

	private static ValuePlan plan(TypeRef<?> type) {
		return FORMAT.plan(new ValueShape.Value(type.annotatedType()));
	}

	private static List<String> lines(byte[] bytes) {
		List<String> lines = new ArrayList<>();
		for (String line : new String(bytes, StandardCharsets.UTF_8).split("(?<=\n)")) {
			if (!line.isEmpty()) {
				lines.add(line);
			}
		}
		return lines;
	}

	private static final class Client {

		private final List<JsonNode> expected = new ArrayList<>();

		private final Map<Long, String> outcomes = new HashMap<>();

		private final String conversation;

		Client(Vectors.Conversation conversation) {
			this.conversation = conversation.name();
			conversation.calls().forEach(this.expected::add);
		}

		boolean feed(byte[] bytes, int pieceSize) {
			io.github.netrpc.wire.ClientCodec codec = FORMAT.clientCodec();
			int consumed = 0;
			for (int to = Math.min(pieceSize, bytes.length);; to = Math.min(to + pieceSize, bytes.length)) {
				byte[] moved = Arrays.copyOfRange(bytes, consumed, to);
				try {
					consumed += codec.decode(moved, 0, moved.length, this::take);
				}
				catch (WireException ex) {
					return true;
				}
				if (to == bytes.length) {
					return false;
				}
			}
		}

		private @Nullable PendingReply take(long seq) {
			if (seq >= this.expected.size() || this.outcomes.containsKey(seq)) {
				return null;
			}
			JsonNode call = this.expected.get((int) seq);
			return new PendingReply() {

				@Override
				public ValuePlan replyPlan() {
					return plan(ConversationCalls.reply(Client.this.conversation, call));
				}

				@Override
				public void succeeded(@Nullable Object value) {
					JsonNode reply = call.get("reply");
					String difference = (reply != null) ? NOTATION.difference(reply, value)
							: ": expected " + call.get("error") + ", but was " + value;
					Client.this.outcomes.put(seq, (difference != null) ? difference : "ok");
				}

				@Override
				public void failed(String error, RpcCode code, Known known) {
					Client.this.outcomes.put(seq, error);
				}

				@Override
				public void malformed(String reason) {
					Client.this.outcomes.put(seq, "misfit " + reason);
				}

			};
		}

	}

}
