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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
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
			if (conversation.name().equals("json_nan")) {
				assertThat(server.replies).hasSize(2).element(1).isEqualTo(expected.get(0));
				assertThat(server.replies.get(0)).startsWith("{\"id\":0,\"result\":null,\"error\":\"").contains("NaN");
			}
			else if (conversation.name().equals("json_nil_pointer_reply")) {
				assertThat(server.replies).containsExactly("{\"id\":0,\"result\":0,\"error\":null}\n");
			}
			else if (DifferencesFromGo.SERVER.containsKey(conversation.name())) {
				assertThat(server.replies.stream().map(JsonVectorTests::withoutText))
					.containsExactlyElementsOf(expected.stream().map(JsonVectorTests::withoutText).toList());
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
			Client client = new Client(conversation.calls());
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
				else if (!conversation.name().equals("json_nan")) {
					goGivesUp = true;
				}
			}
			if (DifferencesFromGo.CLIENT.containsKey(conversation.name())) {
				assertThat(refused).isFalse();
				assertThat(client.outcomes.get(0L)).startsWith("misfit json: ");
			}
			else {
				assertThat(refused).as("refused").isEqualTo(goGivesUp);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("called")
	void clientWritesWhatGosClientWrites(Vectors.Conversation conversation) throws Exception {
		List<String> requests = lines(conversation.client());
		JsonNode calls = conversation.calls();
		for (int i = 0; i < requests.size(); i++) {
			JsonNode args = calls.get(i).get("args");
			if (!args.isObject() || !args.has("A")) {
				continue;
			}
			JsonBuffer out = (JsonBuffer) FORMAT.newBuffer();
			FORMAT.clientCodec()
				.encodeRequest(method(calls.get(i).get("method").asString()), i, 0, Map.of(),
						new VectorServer.Args(args.get("A").asLong(), args.get("B").asLong()),
						plan(new TypeRef<VectorServer.Args>() {
						}), out);
			assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8)).isEqualTo(requests.get(i));
		}
	}

	private static io.github.netrpc.ServiceMethod method(String name) {
		int dot = name.lastIndexOf('.');
		return (dot > 0 && dot < name.length() - 1) ? io.github.netrpc.ServiceMethod.parse(name)
				: org.junit.jupiter.api.Assumptions.abort(name + " is no name that our client can call");
	}

	private static ValuePlan plan(TypeRef<?> type) {
		return FORMAT.plan(new ValueShape.Value(type.annotatedType()));
	}

	private static String withoutText(String reply) {
		return reply.replaceFirst("\"error\":\".*\"", "\"error\":\"?\"");
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

		Client(JsonNode calls) {
			calls.forEach(this.expected::add);
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
					String method = call.get("method").asString();
					return switch (method) {
						case "Echo.Upper", "Echo.EmptyError" -> plan(new TypeRef<String>() {
						});
						case "Echo.Ints" -> plan(new TypeRef<List<Integer>>() {
						});
						case "Echo.Table" -> plan(new TypeRef<Map<String, Integer>>() {
						});
						case "Echo.Event" -> plan(new TypeRef<VectorServer.Event>() {
						});
						case "Echo.Float" -> plan(new TypeRef<Double>() {
						});
						case "Echo.Nothing" -> FORMAT.plan(ValueShape.EMPTY);
						case "Arith.Divide" -> plan(new TypeRef<VectorServer.Quotient>() {
						});
						default -> (call.has("error") && call.get("error").asString().contains("type string"))
								? plan(new TypeRef<String>() {
								}) : plan(new TypeRef<Long>() {
								});
					};
				}

				@Override
				public void succeeded(@Nullable Object value) {
					Client.this.outcomes.put(seq, matches(value) ? "ok" : "wrong value " + value);
				}

				private boolean matches(@Nullable Object value) {
					JsonNode reply = call.get("reply");
					if (reply == null) {
						return true;
					}
					if (value instanceof Long number) {
						return reply.asLong() == number;
					}
					if (value instanceof String text) {
						return reply.asString().equals(text);
					}
					if (value instanceof VectorServer.Quotient quotient) {
						return reply.get("Quo").asLong() == quotient.quo()
								&& reply.get("Rem").asLong() == quotient.rem();
					}
					return !(value instanceof List<?> list) || list.size() == reply.size();
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
