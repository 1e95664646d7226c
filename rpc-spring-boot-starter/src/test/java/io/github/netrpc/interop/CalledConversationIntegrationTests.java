package io.github.netrpc.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.Notation;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.interop.Conversation.End;
import io.github.netrpc.interop.ConversationServices.Args;
import io.github.netrpc.interop.ConversationServices.Point;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What real Go servers sent, and what no server of Go's would send, to our client over
 * real sockets, whole and byte by byte. Each call must end as Go's did, and so must the
 * connection: one that goes on answers one more call.
 */
@Timeout(60)
class CalledConversationIntegrationTests {

	private static final GobTypes TYPES = GobTypes.builder().register("Point", Point.class).build();

	private static final Gob GOB = Gob.builder().types(TYPES).build();

	private static Transport transport;

	@BeforeAll
	static void open() {
		transport = ServiceLoader.load(Transport.Provider.class)
			.findFirst()
			.orElseThrow()
			.create("conversations-", 1, true);
	}

	@AfterAll
	static void close() {
		transport.close();
		DifferencesFromGo.requireUsed(Side.CLIENT);
	}

	static Stream<Conversation> called() {
		return Conversation.all().filter((each) -> !each.calls().isEmpty() && isOurs(each));
	}

	private static boolean isOurs(Conversation conversation) {
		Difference difference = DifferencesFromGo.of(Side.CLIENT, conversation.name());
		return difference == null || !difference.outcome().contains(DifferencesFromGo.NOT_SENT);
	}

	static Stream<Arguments> ways() {
		return called().flatMap((each) -> Stream.of(Arguments.of(each, false), Arguments.of(each, true)));
	}

	@Test
	void everyConversationWithAServerToPlayIsRun() {
		assertThat(called()).hasSize(25 + 15 + 2 + 8 + 22 + 20);
	}

	@ParameterizedTest(name = "{0} bytewise={1}")
	@MethodSource("ways")
	void callsAndTheConnectionEndAsGosDo(Conversation conversation, boolean bytewise) throws Exception {
		try (ScriptedServer server = new ScriptedServer(conversation, bytewise);
				RpcChannel channel = channel(conversation, server.address())) {
			List<JsonNode> calls = conversation.calls();
			List<CompletableFuture<?>> futures = new ArrayList<>();
			for (int inStep : callsInSteps(conversation, calls.size())) {
				List<CompletableFuture<?>> now = new ArrayList<>();
				for (int i = 0; i < inStep; i++) {
					int before = futures.size() + i;
					if (i > 0) {
						// The script answers by number, so the first call must have got
						// its own.
						Awaitility.await().until(() -> channel.nodes().get(0).calls() >= before);
					}
					now.add(call(channel, calls.get(before), conversation.name()));
				}
				futures.addAll(now);
				CompletableFuture.allOf(now.toArray(CompletableFuture[]::new))
					.handle((value, failure) -> failure)
					.get(10, TimeUnit.SECONDS);
			}
			for (int i = 0; i < futures.size(); i++) {
				check(conversation, i, futures.get(i));
			}
			checkEnd(conversation, server, channel, calls.subList(futures.size(), calls.size()));
		}
	}

	private static void checkEnd(Conversation conversation, ScriptedServer server, RpcChannel channel,
			List<JsonNode> later) throws Exception {
		End end = end(conversation);
		if (end == End.GOES_ON) {
			assertThat(channel.call("Arith.Add", new Args(20, 22), Long.class)).as("one more call on the connection")
				.isEqualTo(ScriptedServer.ANSWER);
			return;
		}
		if (end == End.CLOSED_BY_CLIENT) {
			assertThat(server.isClosedByClient()).as("the connection is closed by the client").isTrue();
		}
		// Go's client says that it is shut down; ours connects again, but nobody listens.
		for (JsonNode call : later) {
			RpcException failure = failure(call(channel, call, conversation.name()));
			assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
			assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		}
	}

	private static End end(Conversation conversation) {
		Difference difference = DifferencesFromGo.of(Side.CLIENT, conversation.name());
		if (difference == null) {
			return conversation.clientsEnd();
		}
		assertThat(difference.outcome()).endsWith(DifferencesFromGo.GOES_ON);
		assertThat(conversation.clientsEnd()).as("Go's client goes on, too, so there is no difference")
			.isNotEqualTo(End.GOES_ON);
		return End.GOES_ON;
	}

	// How many calls Go's client had made before each time it waited.
	private static List<Integer> callsInSteps(Conversation conversation, int calls) {
		List<Integer> counts = new ArrayList<>();
		int left = calls;
		for (Conversation.Step step : conversation.steps()) {
			if (step.byClient() && step.bytes().length > 0 && !isHead(conversation, step)) {
				int requests = conversation.isJson() ? conversation.messages(step.bytes())
						: Math.max(1, GobFrames.values(step.bytes(), 0) / 2);
				counts.add(Math.min(left, requests));
				left -= Math.min(left, requests);
			}
		}
		if (counts.isEmpty()) {
			// The connection was refused; our client calls all the same.
			counts.add(1);
		}
		return counts;
	}

	private static boolean isHead(Conversation conversation, Conversation.Step step) {
		return conversation.isHttp() && step.bytes()[0] == 'C';
	}

	private static RpcChannel channel(Conversation conversation, String address) {
		RpcChannelBuilder builder = RpcChannel.builder()
			.target(address)
			.transport(transport)
			.http(conversation.isHttp())
			.extensions(false)
			.timeout(Duration.ofSeconds(5))
			.methodTimeout("Echo.Float", Duration.ofMillis(300));
		return (conversation.isJson() ? builder.codec("json")
				: builder.format(new GobWireFormat(WireLimits.DEFAULT, TYPES, PropertyNames.standard())))
			.build();
	}

	private static CompletableFuture<?> call(RpcChannel channel, JsonNode call, String conversation) {
		if (call.has("dial")) {
			return channel.callAsync("Arith.Add", new Args(7, 8), Long.class);
		}
		String method = call.get("method").asString();
		Object argument = ConversationCalls.argument(call);
		if (call.has("reply") && call.get("reply").isString() && "discarded".equals(call.get("reply").asString())) {
			return channel.callAsync(method, argument, Void.class);
		}
		return channel.callAsync(method, argument, ConversationCalls.reply(conversation, call));
	}

	private static void check(Conversation conversation, int index, CompletableFuture<?> call) throws Exception {
		JsonNode expected = conversation.calls().get(index);
		Difference difference = DifferencesFromGo.of(Side.CLIENT, conversation.name());
		if (difference != null) {
			checkDifference(difference.outcome().get(index), call);
		}
		else if (expected.has("dial")) {
			assertFailed(failure(call), RpcCode.UNAVAILABLE, Known.NOT_RUN);
		}
		else if (ConversationCalls.isUnanswered(expected)) {
			assertFailed(failure(call), RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN);
		}
		else if (expected.has("error")) {
			checkError(conversation, expected, failure(call));
		}
		else {
			assertThat(call).isCompleted();
			if (!expected.get("reply").toString().contains("discarded")) {
				assertThat(new Notation(GOB, List.of(), false).difference(expected.get("reply"), call.join())).isNull();
			}
		}
	}

	private static void checkDifference(String outcome, CompletableFuture<?> call) throws Exception {
		if (outcome.equals(DifferencesFromGo.MISFIT)) {
			RpcException failure = failure(call);
			assertFailed(failure, RpcCode.INTERNAL, Known.RAN_AND_FAILED);
			assertThat(failure).hasMessageContaining(" does not fit: ");
			return;
		}
		assertThat(call).isCompletedWithValueMatching((value) -> outcome.equals(String.valueOf(value)));
	}

	private static void checkError(Conversation conversation, JsonNode expected, RpcException failure) {
		if ("server".equals(expected.get("from").asString())) {
			String text = expected.get("error").asString();
			boolean missing = text.startsWith("rpc: ");
			assertThat(failure).hasMessage(text);
			assertFailed(failure, missing ? RpcCode.UNIMPLEMENTED : RpcCode.UNKNOWN,
					missing ? Known.NOT_RUN : Known.RAN_AND_FAILED);
			return;
		}
		assertFailed(failure, RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		assertThat(failure).hasMessageContaining((conversation.clientsEnd() == End.CLOSED_BY_CLIENT)
				? "was closed by this side: " : "was closed by the node");
	}

	private static void assertFailed(RpcException failure, RpcCode code, Known known) {
		assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
		assertThat(failure.known()).as(failure.getMessage()).isEqualTo(known);
	}

	private static RpcException failure(CompletableFuture<?> call) throws Exception {
		CompletableFuture<Throwable> failure = call.handle((value, thrown) -> thrown);
		assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(RpcException.class);
		return (RpcException) failure.get();
	}

}
