package io.github.netrpc.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.Notation;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.interop.ConversationServices.Args;
import io.github.netrpc.interop.ConversationServices.Point;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What real Go servers sent, and what no server of Go's would send, to our client over
 * real sockets, whole and byte by byte. Each call must end as Go's did.
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
	void callsEndAsGosDo(Conversation conversation, boolean bytewise) throws Exception {
		try (ScriptedServer server = new ScriptedServer(conversation, bytewise);
				RpcChannel channel = channel(conversation, server.address())) {
			List<JsonNode> calls = conversation.calls();
			List<CompletableFuture<?>> futures = new ArrayList<>();
			int index = 0;
			for (int inStep : callsInSteps(conversation, calls.size())) {
				List<CompletableFuture<?>> now = new ArrayList<>();
				for (int i = 0; i < inStep; i++) {
					if (i > 0) {
						// The script answers by number, so the first call must have got
						// its own.
						int before = index;
						Awaitility.await().until(() -> channel.nodes().get(0).calls() >= before);
					}
					now.add(call(channel, calls.get(index++), conversation.name()));
				}
				futures.addAll(now);
				CompletableFuture.allOf(now.toArray(CompletableFuture[]::new))
					.handle((value, failure) -> failure)
					.get(10, TimeUnit.SECONDS);
			}
			for (int i = 0; i < futures.size(); i++) {
				check(conversation, i, futures.get(i));
			}
		}
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

	private static void check(Conversation conversation, int index, CompletableFuture<?> call) {
		JsonNode expected = conversation.calls().get(index);
		Difference difference = DifferencesFromGo.of(Side.CLIENT, conversation.name());
		String outcome = (difference != null) ? difference.outcome().get(index) : "";
		if (difference != null && !outcome.equals(DifferencesFromGo.MISFIT)
				&& !outcome.equals(DifferencesFromGo.UNANSWERED)) {
			assertThat(call).isCompletedWithValueMatching((value) -> outcome.equals(String.valueOf(value)));
			return;
		}
		if (expected.has("error") || expected.has("dial")) {
			RpcException failure = failure(call);
			if (expected.has("from") && "server".equals(expected.get("from").asString())) {
				String text = expected.get("error").asString();
				assertThat(failure).hasMessage(text);
				assertThat(failure.code())
					.isEqualTo(text.startsWith("rpc: ") ? RpcCode.UNIMPLEMENTED : RpcCode.UNKNOWN);
			}
			else {
				assertThat(failure.code())
					.isIn(Set.of(RpcCode.UNAVAILABLE, RpcCode.INTERNAL, RpcCode.DEADLINE_EXCEEDED, RpcCode.DATA_LOSS));
			}
			return;
		}
		assertThat(call).isCompleted();
		if (!expected.get("reply").toString().contains("discarded")) {
			assertThat(new Notation(GOB, List.of(), false).difference(expected.get("reply"), call.join())).isNull();
		}
	}

	private static RpcException failure(CompletableFuture<?> call) {
		assertThat(call).isCompletedExceptionally();
		CompletionException wrapped = catchThrowableOfType(CompletionException.class, call::join);
		assertThat(wrapped).hasCauseInstanceOf(RpcException.class);
		return (RpcException) wrapped.getCause();
	}

}
