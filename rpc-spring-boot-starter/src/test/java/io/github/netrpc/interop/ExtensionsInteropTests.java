package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.CodecPair;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;
import io.github.netrpc.wire.json.JsonWireFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Our header fields and live Go: peers that have them in their structs read the same as
 * we wrote, and stock ones notice nothing.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ExtensionsInteropTests {

	private static final String NO_META = ",\"Meta\":null}";

	@Test
	void goClientWithOurFieldsReadsWhatWeSend() throws Exception {
		try (RpcServer server = server()) {
			assertThat(GoExtended.call(server.address())).containsExactly(
					// Until the client has sent ours, the server sends none
					response(0, "Arith.Add", "", 0, 0, false), outcome("Arith.Add", "ok", "15"),
					response(1, "Arith.Add", "", 0, 0, false), outcome("Arith.Add", "ok", "3"),
					response(2, "Arith.Divide", "divide by zero", 3, 2, false),
					outcome("Arith.Divide", "divide by zero", "{\"Quo\":0,\"Rem\":0}"),
					response(3, "Arith.Nothing", "rpc: can't find method Arith.Nothing", 12, 1, false),
					outcome("Arith.Nothing", "rpc: can't find method Arith.Nothing", "3"),
					response(4, "Maybe.Find", "", 0, 0, true), outcome("Maybe.Find", "ok", "\"\""),
					response(5, "Maybe.Find", "", 0, 0, false), outcome("Maybe.Find", "ok", "\"\""),
					response(6, "Maybe.Left", "", 0, 0, false).replace(NO_META,
							",\"Meta\":{\"served-by\":\"Straße 7\"}}"),
					outcome("Maybe.Left", "ok", "\"{=empty, tenant=Straße}\""),
					response(7, "Arith.Add", "Request header: more than 8192 bytes of keys and values, at Meta", 3, 1,
							false),
					outcome("Arith.Add", "Request header: more than 8192 bytes of keys and values, at Meta", "3"),
					response(8, "Arith.Add", "Request header: -1000000000 ns left (expected: 0 or more), at TimeLeft",
							3, 1, false),
					outcome("Arith.Add", "Request header: -1000000000 ns left (expected: 0 or more), at TimeLeft", "3"),
					response(9, "Arith.Add", "", 0, 0, false), outcome("Arith.Add", "ok", "7"));
		}
	}

	@Test
	void goReadsTwoTypesOfResponseOnOneStreamIntoItsOwn() throws Exception {
		try (RpcServer server = server()) {
			List<String> lines = GoExtended.call(server.address(), "-stockreplies");
			assertThat(lines).hasSize(20)
				.element(0)
				.isEqualTo("{\"ServiceMethod\":\"Arith.Add\",\"Seq\":0,\"Error\":\"\"}");
			assertThat(lines.get(2)).isEqualTo("{\"ServiceMethod\":\"Arith.Add\",\"Seq\":1,\"Error\":\"\"}");
			assertThat(lines.get(4))
				.isEqualTo("{\"ServiceMethod\":\"Arith.Divide\",\"Seq\":2,\"Error\":\"divide by zero\"}");
			assertThat(lines.get(19)).isEqualTo(outcome("Arith.Add", "ok", "7"));
		}
	}

	@Test
	void goServerWithOurFieldsReadsWhatWeSend() throws Exception {
		CodecPair pair = new CodecPair(gob());
		try (GoExtended server = GoExtended.extended(); Socket socket = server.connect()) {
			call(pair, socket, 1, "Arith.Add", 0, Map.of(), new Args(7, 8), pair.number());
			assertThat(server.line()).isEqualTo(request("Arith.Add", 1, 0, "null"));
			assertThat(replies(pair, socket, 1)).containsExactly("reply 1 = 15");
			call(pair, socket, 2, "Arith.Add", 9_999_000_000L, Map.of("tenant", "Straße"), new Args(1, 2),
					pair.number());
			assertThat(server.line()).isEqualTo(request("Arith.Add", 2, 9_999_000_000L, "{\"tenant\":\"Straße\"}"));
			assertThat(replies(pair, socket, 3)).containsExactly("extended", "reply 2 with {tenant=Straße}",
					"reply 2 = 3");
			call(pair, socket, 3, "Arith.Divide", Long.MAX_VALUE, Map.of("notice", "soon"), new Args(1, 0),
					pair.number());
			assertThat(server.line()).isEqualTo(request("Arith.Divide", 3, Long.MAX_VALUE, "{\"notice\":\"soon\"}"));
			assertThat(replies(pair, socket, 3)).containsExactly("notice {drain=soon}", "reply 3 with {notice=soon}",
					"reply 3 failed: divide by zero INVALID_ARGUMENT RAN_AND_FAILED");
			call(pair, socket, 4, "Arith.None", 1, Map.of(), new Args(1, 0), pair.number());
			assertThat(server.line()).isEqualTo(request("Arith.None", 4, 1, "null"));
			assertThat(replies(pair, socket, 1))
				.containsExactly("reply 4 failed: rpc: can't find method Arith.None UNIMPLEMENTED NOT_RUN");
			ValuePlan text = pair.plan(new TypeRef<String>() {
			});
			call(pair, socket, 5, "Echo.Say", 1, Map.of(), "", text);
			assertThat(replies(pair, socket, 1)).containsExactly("reply 5 = null");
			call(pair, socket, 6, "Echo.Fail", 1, Map.of(), "late", text);
			assertThat(replies(pair, socket, 1)).containsExactly("reply 6 failed: late DEADLINE_EXCEEDED null");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "jsonrpc" })
	void stockGoServerIsSentOurFieldsAndAnswersAsEver(String codec) throws Exception {
		CodecPair pair = new CodecPair(codec.equals("gob") ? gob() : json());
		try (GoExtended server = GoExtended.stock(codec); Socket socket = server.connect()) {
			Map<String, String> metadata = new TreeMap<>(Map.of("a", "<b>", "tenant", "acme"));
			call(pair, socket, 0, "_goRPC_.Ping", 0, Map.of("connection", "0123456789abcdef"), new Args(0, 0),
					pair.number());
			assertThat(server.line()).isEqualTo(request("_goRPC_.Ping", 0, 0, "{\"connection\":\"0123456789abcdef\"}"));
			assertThat(replies(pair, socket, 1))
				.containsExactly("reply 0 failed: rpc: can't find service _goRPC_.Ping null null");
			call(pair, socket, 1, "Arith.Add", 5_000_000_000L, metadata, new Args(7, 8), pair.number());
			assertThat(server.line())
				.isEqualTo(request("Arith.Add", 1, 5_000_000_000L, "{\"a\":\"\\u003cb\\u003e\",\"tenant\":\"acme\"}"));
			assertThat(replies(pair, socket, 1)).containsExactly("reply 1 = 15");
			call(pair, socket, 2, "Arith.Divide", 1, Map.of(), new Args(1, 0), pair.number());
			assertThat(server.line()).isEqualTo(request("Arith.Divide", 2, 1, "null"));
			assertThat(replies(pair, socket, 1)).containsExactly("reply 2 failed: divide by zero null null");
			call(pair, socket, 3, "Arith.Add", 0, Map.of(), new Args(1, 2), pair.number());
			assertThat(server.line()).isEqualTo(request("Arith.Add", 3, codec.equals("gob") ? 0 : -1, "null"));
			assertThat(replies(pair, socket, 1)).containsExactly("reply 3 = 3");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "jsonrpc", "http" })
	void ourClientTellsStockGoServersWhatTheyIgnore(String codec) throws Exception {
		try (GoExtended server = GoExtended.stock(codec); RpcChannel channel = channel(server.address(), codec, true)) {
			Arith arith = RpcOptions.of(channel.proxy(Arith.class)).metadata("tenant", "acme").proxy();
			assertThat(arith.add(new Types.Args(7, 8))).isEqualTo(15);
			assertThat(server.line()).matches(Pattern.quote("{\"ServiceMethod\":\"_goRPC_.Ping\",\"Seq\":")
					+ "\\d+,\"TimeLeft\":0,\"Meta\":\\{\"connection\":\"[0-9a-f]{16}\"\\}\\}");
			assertThat(server.line()).matches(Pattern.quote("{\"ServiceMethod\":\"Arith.Add\",\"Seq\":")
					+ "\\d+,\"TimeLeft\":(9\\d{9}|10000000000),\"Meta\":\\{\"tenant\":\"acme\"\\}\\}");
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> arith.divide(new Types.Args(1, 0)))
				.withMessage("divide by zero")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNKNOWN))
				.satisfies((ex) -> assertThat(ex.known()).isEqualTo(Known.RAN_AND_FAILED));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "jsonrpc", "http" })
	void withExtensionsOffStockGoServersSeeAStockClient(String codec) throws Exception {
		try (GoExtended server = GoExtended.stock(codec);
				RpcChannel channel = channel(server.address(), codec, false)) {
			Arith arith = RpcOptions.of(channel.proxy(Arith.class)).metadata("tenant", "acme").proxy();
			assertThat(arith.add(new Types.Args(7, 8))).isEqualTo(15);
			// -1 stands for a member that is not there
			assertThat(server.line()).matches(Pattern.quote("{\"ServiceMethod\":\"Arith.Add\",\"Seq\":")
					+ "\\d+,\"TimeLeft\":" + (codec.equals("jsonrpc") ? "-1" : "0") + ",\"Meta\":null\\}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "jsonrpc", "http" })
	void stockGoClientsNoticeNothingOfExtendedOnesBesideThem(String codec) throws Exception {
		GoClient client = new GoClient(GoPrograms.build("goclient"), codec);
		List<String> checks = new ArrayList<>(client.checks());
		checks.removeAll(Set.of("http_debug_page", "complex", "interface_basic", "interface_struct"));
		assertThat(checks).hasSizeGreaterThan(50);
		try (RpcServer server = server();
				RpcChannel gob = channel(server.address(), "gob", true);
				RpcChannel json = channel(server.address(), "jsonrpc", true);
				RpcChannel http = channel(server.address(), "http", true)) {
			AtomicBoolean stop = new AtomicBoolean();
			List<CompletableFuture<Integer>> others = Stream.of(gob, json, http)
				.map((channel) -> RpcOptions.of(channel.proxy(Arith.class)).metadata("tenant", "acme").proxy())
				// Threads of their own: the common pool, which the handlers' pauses need,
				// has
				// one thread on two processors.
				.map((arith) -> CompletableFuture.supplyAsync(() -> callUntil(stop, arith),
						(task) -> new Thread(task).start()))
				.toList();
			Map<String, String> outcomes = client.run(server.address(), checks);
			stop.set(true);
			assertThat(outcomes).containsOnlyKeys(checks).allSatisfy((check, failure) -> assertThat(failure).isEmpty());
			assertThat(others).allSatisfy((other) -> assertThat(other.get(10, TimeUnit.SECONDS)).isPositive());
		}
	}

	private static int callUntil(AtomicBoolean stop, Arith arith) {
		int calls = 0;
		do {
			assertThat(arith.add(new Types.Args(calls, 1))).isEqualTo(calls + 1);
			calls++;
		}
		while (!stop.get());
		return calls;
	}

	private static RpcChannel channel(InetSocketAddress server, String codec, boolean extensions) {
		return RpcChannel.builder()
			.target("static://" + server.getAddress().getHostAddress() + ":" + server.getPort())
			.codec(codec.equals("jsonrpc") ? "json" : "gob")
			.http(codec.equals("http"))
			.extensions(extensions)
			.build();
	}

	private static void call(CodecPair pair, Socket socket, long seq, String method, long timeLeftNanos,
			Map<String, String> metadata, Object argument, ValuePlan reply) throws Exception {
		ValuePlan plan = (argument instanceof Args) ? pair.plan(new TypeRef<Args>() {
		}) : pair.plan(new TypeRef<String>() {
		});
		MessageBuffer buffer = pair.format.newBuffer();
		pair.client.encodeRequest(ServiceMethod.verbatim(method), seq, timeLeftNanos, metadata, argument, plan, buffer);
		pair.expect(seq, reply);
		CodecPair.Bytes bytes = new CodecPair.Bytes();
		buffer.writeTo(bytes);
		socket.getOutputStream().write(bytes.bytes, 0, bytes.length);
	}

	private static List<String> replies(CodecPair pair, Socket socket, int events) throws Exception {
		byte[] bytes = new byte[4_096];
		while (pair.events.size() < events) {
			int count = socket.getInputStream().read(bytes);
			assertThat(count).isPositive();
			pair.toClient.write(bytes, 0, count);
			pair.readReplies();
		}
		return pair.events();
	}

	private static WireFormat gob() {
		return new GobWireFormat.Provider().create(WireLimits.DEFAULT);
	}

	private static WireFormat json() {
		return new JsonWireFormat.Provider().create(WireLimits.DEFAULT);
	}

	private static String request(String method, long seq, long timeLeft, String meta) {
		return "{\"ServiceMethod\":\"%s\",\"Seq\":%d,\"TimeLeft\":%d,\"Meta\":%s}".formatted(method, seq, timeLeft,
				meta);
	}

	private static String response(long seq, String method, String error, int code, int known, boolean absent) {
		return "{\"ServiceMethod\":\"%s\",\"Seq\":%d,\"Error\":\"%s\",\"Code\":%d,\"Known\":%d,\"Absent\":%s%s"
			.formatted(method, seq, error, code, known, absent, NO_META);
	}

	private static String outcome(String method, String outcome, String reply) {
		return "{\"method\":\"%s\",\"outcome\":\"%s\",\"reply\":%s}".formatted(method, outcome, reply);
	}

	private static RpcServer server() {
		return RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.limits(GoClientInteropTests.LIMITS)
			.overload(GoClientInteropTests.PATIENCE, GoClientInteropTests.PATIENCE, GoClientInteropTests.PATIENCE)
			.service(new ArithService())
			.service("dotted.v1.Arith", new ArithService())
			.service(new EchoService())
			.service(new MaybeService())
			.start();
	}

	record Args(long a, long b) {
	}

	@RpcService
	interface Maybe {

		@Nullable String find(String key);

		String left(RpcContext context);

	}

	static final class MaybeService implements Maybe {

		@Override
		public @Nullable String find(String key) {
			return key.equals("unknown") ? null : key;
		}

		@Override
		public String left(RpcContext context) {
			context.replyMetadata("served-by", "Straße 7");
			return new TreeMap<>(context.metadata()).toString();
		}

	}

}
