package io.github.netrpc.wire.gob;

import java.lang.reflect.AnnotatedType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.Notation;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.gob.Vectors;
import io.github.netrpc.gob.Vectors.Case;
import io.github.netrpc.gob.Vectors.Feed;
import io.github.netrpc.interop.DifferencesFromGo;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat.Detection;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The conversations of real Go programs, each side played by our codecs, whole and one
 * byte at a time.
 */
class GobRpcVectorTests {

	private static final GobTypes TYPES = GobTypes.builder()
		.register("Point", Point.class)
		.register("int", Long.class)
		.build();

	private final GobWireFormat format = new GobWireFormat(WireLimits.DEFAULT, TYPES, PropertyNames.standard());

	private final Gob gob = Gob.builder().types(TYPES).build();

	static Stream<Arguments> cases() {
		return Stream.of("rpc_gob", "rpc_gob_raw")
			.flatMap((file) -> Vectors.cases(file).stream())
			.flatMap((each) -> Arrays.stream(Feed.values()).map((feed) -> Arguments.of(each, feed)));
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("cases")
	void serverReadsRequests(Case vector, Feed feed) {
		Requests requests = new Requests();
		byte[] bytes = bytes(vector, "clientHex");
		Throwable failure = feed(bytes, feed, (from, to) -> requests.codec.decode(bytes, from, to, requests));
		boolean fatal = isFatalForServers(vector);
		assertThat(failure).isInstanceOfAny(fatal ? WireException.class : Nothing.class);
		List<JsonNode> values = list(vector.node().get("clientValues"));
		List<Integer> lost = undefinedBodies(vector);
		int at = 0;
		for (Request request : requests.all) {
			if (at == values.size()) {
				// The reference reader stops at an undefined type; we do not
				break;
			}
			JsonNode header = values.get(at++);
			assertThat(request.name()).isEqualTo(header.path("ServiceMethod").asString(""));
			assertThat(request.seq())
				.isEqualTo(header.has("Seq") ? header.get("Seq").bigIntegerValue().longValue() : 0);
			if (lost.contains(requests.all.indexOf(request))) {
				assertThat(request.ended).isTrue();
				assertThat(request.argument).isNull();
				continue;
			}
			boolean whole = at < values.size();
			assertThat(request.ended).isEqualTo(whole);
			if (whole) {
				checkArgument(vector, request, values.get(at++), requests.all.indexOf(request));
			}
		}
		if (!fatal && !vector.name().equals("raw_garbage")) {
			assertThat(at).isEqualTo(values.size());
		}
		if (!fatal) {
			assertThat(requests.codec.inRequest()).isEqualTo(UNFINISHED.contains(vector.name()));
		}
	}

	/**
	 * Whether the client's bytes made Go's server close: not its own reply, which is a
	 * difference, nor a server that is made by hand.
	 */
	private static boolean isFatalForServers(Case vector) {
		Difference difference = DifferencesFromGo.of(Side.SERVER, vector.name());
		boolean goesOn = difference != null && difference.outcome().contains(DifferencesFromGo.GOES_ON);
		return vector.serverClosesFirst() && !goesOn && !vector.name().startsWith("raw_server_");
	}

	/** Whether the server's bytes made Go's client give up, and ours too. */
	private static boolean isFatalForClients(Case vector) {
		Difference difference = DifferencesFromGo.of(Side.CLIENT, vector.name());
		return difference == null && !vector.serverClosesFirst() && list(vector.node().get("calls")).stream()
			.anyMatch((call) -> call.path("from").asString("").equals("local"));
	}

	/** What these clients sent ends within a call. */
	private static final Set<String> UNFINISHED = Set.of("raw_truncated", "raw_header_then_close", "raw_garbage");

	private static List<Integer> undefinedBodies(Case vector) {
		return vector.name().contains("undefined") ? List.of(0) : List.of();
	}

	private void checkArgument(Case vector, Request request, JsonNode sent, int index) {
		if (request.argumentPlan() == null) {
			assertThat(request.argument).isNull();
			assertThat(request.reason).isNull();
			return;
		}
		JsonNode reply = vector.has("serverValues") ? vector.node().get("serverValues").path(2 * index) : null;
		boolean refused = reply != null && reply.path("Error").asString("").startsWith("gob: ");
		if (refused) {
			assertThat(request.reason).isNotNull();
		}
		else {
			assertThat(request.reason).isNull();
			assertThat(request.argument == null || difference(without(sent, "Note"), request.argument) == null)
				.isTrue();
			assertThat(request.argument == null).isEqualTo(request.name().equals("Echo.Nothing"));
		}
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("cases")
	void clientWritesRequestsLikeGo(Case vector, Feed feed) throws Exception {
		Requests requests = new Requests();
		byte[] bytes = bytes(vector, "clientHex");
		feed(bytes, feed, (from, to) -> requests.codec.decode(bytes, from, to, requests));
		ClientCodec client = this.format.clientCodec();
		Output output = new Output();
		List<Request> written = requests.all.stream()
			.filter((request) -> request.argumentPlan() != null && request.ended && request.reason == null)
			.filter((request) -> 2 * requests.all.indexOf(request) + 1 < vector.node().get("clientValues").size())
			.toList();
		for (Request request : written) {
			MessageBuffer buffer = this.format.newBuffer();
			client.encodeRequest(ServiceMethod.verbatim(request.name()), request.seq(), 0, Map.of(), request.sent,
					request.argumentPlan(), buffer);
			output.take(buffer);
		}
		Vectors.Stream stream = new Vectors.Stream(this.gob, output.bytes(), feed);
		List<JsonNode> values = list(vector.node().get("clientValues"));
		List<String> differences = new ArrayList<>();
		for (Request request : written) {
			int at = 2 * requests.all.indexOf(request);
			assertThat(wireDifference(onlyHeader(values.get(at)), stream.readDynamic())).isNull();
			String difference = wireDifference(values.get(at + 1), stream.readDynamic());
			if (difference != null) {
				differences.add(difference);
			}
		}
		assertThat(stream.left()).isZero();
		check(differences, Side.ARGUMENT, vector);
	}

	private static void check(List<String> differences, Side side, Case vector) {
		Difference meant = DifferencesFromGo.of(side, vector.name());
		assertThat(differences).as(String.valueOf(meant)).isEqualTo((meant != null) ? meant.outcome() : List.of());
	}

	@Test
	void callThatCannotBeEncodedSendsNothingAndTheNextOnesAreWhole() throws Exception {
		Case vector = Vectors.cases("rpc_gob")
			.stream()
			.filter((each) -> each.name().equals("gob_nil_args"))
			.findFirst()
			.orElseThrow();
		ClientCodec client = this.format.clientCodec();
		Output output = new Output();
		List<String> sent = new ArrayList<>();
		List<JsonNode> calls = list(vector.node().get("calls"));
		for (int i = 0; i < calls.size(); i++) {
			JsonNode args = calls.get(i).get("args");
			Object argument = args.isNull() ? null : new Args(args.get("A").asLong(), args.get("B").asLong());
			ValuePlan plan = this.format.plan((argument != null) ? value(new TypeRef<Args>() {
			}) : value(new TypeRef<Object>() {
			}));
			MessageBuffer buffer = this.format.newBuffer();
			try {
				client.encodeRequest(ServiceMethod.verbatim("Arith.Add"), i, 0, Map.of(), argument, plan, buffer);
			}
			catch (EncodeException ex) {
				sent.add(DifferencesFromGo.NOT_SENT);
				assertThat(buffer.size()).isZero();
			}
			output.take(buffer);
		}
		Vectors.Stream stream = new Vectors.Stream(this.gob, output.bytes(), Feed.WHOLE);
		while (stream.left() > 0) {
			Header header = (Header) stream.read(this.gob.type(Header.class));
			sent.add(header.seq() + " " + header.serviceMethod() + ": " + stream.readDynamic());
		}
		Difference difference = DifferencesFromGo.of(Side.CLIENT, vector.name());
		assertThat(sent).as(String.valueOf(difference)).isEqualTo(difference.outcome());
	}

	@AfterAll
	static void everyDifferenceIsUsed() {
		DifferencesFromGo.requireUsed(Side.ARGUMENT, Side.REPLY);
	}

	private static JsonNode without(JsonNode value, String name) {
		if (!value.has(name)) {
			return value;
		}
		tools.jackson.databind.node.ObjectNode copy = (tools.jackson.databind.node.ObjectNode) value.deepCopy();
		copy.remove(name);
		return copy;
	}

	private static JsonNode onlyHeader(JsonNode header) {
		tools.jackson.databind.node.ObjectNode copy = tools.jackson.databind.json.JsonMapper.shared()
			.createObjectNode();
		for (String name : List.of("ServiceMethod", "Seq", "Error")) {
			if (header.has(name)) {
				copy.set(name, header.get(name));
			}
		}
		return copy;
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("cases")
	void serverWritesRepliesLikeGo(Case vector, Feed feed) throws Exception {
		List<JsonNode> values = list(vector.node().get("serverValues"));
		List<JsonNode> checked = new ArrayList<>();
		ServerCodec server = this.format.serverCodec();
		Output output = new Output();
		for (int i = 0; i + 1 < values.size(); i += 2) {
			JsonNode header = values.get(i);
			Request request = new Request(header.path("ServiceMethod").asString("").getBytes(StandardCharsets.UTF_8),
					null);
			request.identify(header.has("Seq") ? header.get("Seq").bigIntegerValue().longValue() : 0, null);
			MessageBuffer buffer = this.format.newBuffer();
			if (header.has("Error")) {
				server.encodeError(request, RpcCode.UNKNOWN, null, header.get("Error").asString(), Map.of(), buffer);
				checked.add(onlyHeader(header));
				checked.add(null);
			}
			else {
				ValuePlan plan = this.format.plan(REPLIES.getOrDefault(request.name(), value(new TypeRef<Long>() {
				})));
				Object value = fromNotation(vector, i + 1, request.name(), values.get(i + 1));
				if (value == MISFIT) {
					assertThat(DifferencesFromGo.of(Side.CLIENT, vector.name()).outcome())
						.contains(DifferencesFromGo.MISFIT);
					continue;
				}
				server.encodeReply(request, value, plan, Map.of(), buffer);
				checked.add(onlyHeader(header));
				checked.add(values.get(i + 1));
			}
			assertThat(buffer.size()).isPositive();
			output.take(buffer);
		}
		Vectors.Stream stream = new Vectors.Stream(this.gob, output.bytes(), feed);
		List<String> differences = new ArrayList<>();
		for (JsonNode expected : checked) {
			Object actual = stream.readDynamic();
			String difference = (expected != null) ? wireDifference(expected, actual)
					: actual.toString().equals("Struct[fields={}]") ? null : "body of an error: " + actual;
			if (difference != null) {
				differences.add(difference);
			}
		}
		assertThat(stream.left()).isZero();
		check(differences, Side.REPLY, vector);
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("cases")
	void clientReadsReplies(Case vector, Feed feed) {
		List<JsonNode> calls = list(vector.node().get("calls"));
		List<JsonNode> headers = new ArrayList<>();
		List<JsonNode> sent = list(vector.node().get("clientValues"));
		Replies replies = new Replies();
		boolean argumentNotSent = vector.name().equals("gob_nil_args");
		for (int i = 0; i < calls.size(); i++) {
			JsonNode header = (2 * i < sent.size() && !argumentNotSent) ? sent.get(2 * i) : null;
			long seq = (header != null && header.has("Seq")) ? header.get("Seq").asLong() : i;
			headers.add(header);
			String method = vector.name().equals("gob_wrong_reply") ? "Echo.Upper"
					: calls.get(i).get("method").asString();
			replies.waiting.put(seq, new Reply(this.format, method));
		}
		Map<Long, Reply> all = new HashMap<>(replies.waiting);
		byte[] bytes = bytes(vector, "serverHex");
		ClientCodec codec = this.format.clientCodec();
		Throwable failure = feed(bytes, feed, (from, to) -> codec.decode(bytes, from, to, replies::take));
		assertThat(failure).isInstanceOfAny(isFatalForClients(vector) ? WireException.class : Nothing.class);
		for (int i = 0; i < calls.size(); i++) {
			check(vector, i, calls.get(i), all.get((long) i));
		}
		assertThat(headers).hasSameSizeAs(calls);
	}

	private void check(Case vector, int index, JsonNode call, Reply reply) {
		Difference difference = DifferencesFromGo.of(Side.CLIENT, vector.name());
		if (difference != null) {
			if (!difference.outcome().contains(DifferencesFromGo.NOT_SENT)) {
				String outcome = (reply.reason != null) ? DifferencesFromGo.MISFIT
						: (reply.ended == 0) ? DifferencesFromGo.UNANSWERED : "answered";
				assertThat(outcome).as(difference.toString()).isEqualTo(difference.outcome().get(index));
			}
			return;
		}
		if (call.has("error")) {
			String error = call.get("error").asString();
			if (call.path("from").asString("").equals("server")) {
				assertThat(reply.error).isEqualTo(error);
			}
			else {
				assertThat(reply.ended).isLessThanOrEqualTo(1);
				assertThat(reply.value).isNull();
			}
			return;
		}
		assertThat(reply.ended).isEqualTo(1);
		assertThat(reply.error).isNull();
		assertThat(reply.reason).isNull();
		if (call.get("method").asString().equals("Echo.Nothing")) {
			assertThat(reply.value).isNull();
		}
		else if (!call.get("reply").isString() || !call.get("reply").asString().equals("discarded")) {
			assertThat(difference(call.get("reply"), reply.value)).isNull();
		}
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("cases")
	void firstBytesTellGob(Case vector, Feed feed) {
		byte[] bytes = bytes(vector, "clientHex");
		boolean gobbled = !Set.of("raw_garbage", "raw_header_not_a_struct").contains(vector.name());
		Detection last = Detection.MORE;
		for (int to = 0; to <= Math.min(8, bytes.length); to++) {
			Detection now = this.format.detect(bytes, 0, to);
			assertThat(last == Detection.MORE || now == last).isTrue();
			last = now;
		}
		assertThat(last).isEqualTo(gobbled ? Detection.YES : Detection.NO);
	}

	private String difference(JsonNode expected, Object actual) {
		return new Notation(this.gob, List.of(), false).difference(expected, actual);
	}

	private String wireDifference(JsonNode expected, Object actual) {
		return new Notation(this.gob, List.of(), true).difference(expected, actual);
	}

	private static byte[] bytes(Case vector, String member) {
		return vector.has(member) ? HexFormat.of().parseHex(vector.text(member)) : new byte[0];
	}

	private static List<JsonNode> list(JsonNode array) {
		List<JsonNode> list = new ArrayList<>();
		if (array != null) {
			array.forEach(list::add);
		}
		return list;
	}

	private static Throwable feed(byte[] bytes, Feed feed, Decode decode) {
		return catchThrowable(() -> {
			int from = 0;
			for (int to = (feed == Feed.WHOLE) ? bytes.length : 0; to <= bytes.length; to++) {
				from += decode.decode(from, to);
				assertThat(from).isBetween(0, to);
			}
			throw new Nothing();
		});
	}

	private static ValueShape value(TypeRef<?> type) {
		return new ValueShape.Value(type.annotatedType());
	}

	/**
	 * A reply that is not of its method's type, which no server of a Java method sends.
	 */
	private static final Object MISFIT = new Object();

	private Object fromNotation(Case vector, int index, String method, JsonNode value) {
		return switch (method) {
			// The name in a reply is not looked at, so some have none, or another.
			case "Arith.Add", "Arith.Multiply", "Arith.Sleep", "math.v1.Arith.Add", "", "X.Y" ->
				value.isIntegralNumber() ? value.asLong() : MISFIT;
			case "Arith.Divide" ->
				value.isObject() ? new Quotient(value.path("Quo").asLong(0), value.path("Rem").asLong(0)) : MISFIT;
			case "Echo.Upper", "Echo.EmptyError" -> value.asString();
			case "Echo.Ints" -> {
				long[] longs = new long[value.size()];
				for (int i = 0; i < longs.length; i++) {
					longs[i] = value.get(i).asLong();
				}
				yield longs;
			}
			case "Echo.Table" -> {
				Map<String, Long> map = new HashMap<>();
				value.get("$map").forEach((entry) -> map.put(entry.get(0).asString(), entry.get(1).asLong()));
				yield map;
			}
			case "Echo.Nothing" -> null;
			case "Echo.Ptr" -> new Args(value.get("A").asLong(), value.get("B").asLong());
			case "Echo.Event" -> fromServer(vector, index, Event.class);
			case "Echo.Box" -> fromServer(vector, index, Box.class);
			default -> throw new IllegalStateException("No value for a reply of " + method);
		};
	}

	/** One of the values that Go's server sent. */
	private Object fromServer(Case vector, int index, Class<?> type) {
		Vectors.Stream stream = new Vectors.Stream(this.gob, bytes(vector, "serverHex"), Feed.WHOLE);
		for (int i = 0; i < index; i++) {
			stream.readDynamic();
		}
		return stream.read(this.gob.type(type));
	}

	private static final Map<String, ValueShape> ARGUMENTS = new HashMap<>();

	private static final Map<String, ValueShape> REPLIES = new HashMap<>();

	static {
		AnnotatedType number = Args.class.getRecordComponents()[0].getAnnotatedType();
		ValueShape args = new ValueShape.Struct("Args",
				List.of(new ValueShape.Field("a", number), new ValueShape.Field("b", number)));
		for (String name : List.of("Arith.Add", "Arith.Multiply", "Arith.Divide", "math.v1.Arith.Add")) {
			ARGUMENTS.put(name, name.equals("Arith.Divide") ? args : value(new TypeRef<Args>() {
			}));
		}
		ValueShape integer = value(new TypeRef<Long>() {
		});
		for (String name : List.of("Arith.Sleep", "Echo.Ints", "Echo.Table", "Echo.EmptyError", "Echo.Ptr",
				"Echo.BadReply")) {
			ARGUMENTS.put(name, integer);
		}
		ARGUMENTS.put("Echo.Upper", value(new TypeRef<String>() {
		}));
		ARGUMENTS.put("Echo.Nothing", ValueShape.EMPTY);
		ARGUMENTS.put("Echo.Event", value(new TypeRef<Event>() {
		}));
		ARGUMENTS.put("Echo.Box", value(new TypeRef<Box>() {
		}));
		REPLIES.put("Arith.Divide", value(new TypeRef<Quotient>() {
		}));
		REPLIES.put("Echo.Upper", value(new TypeRef<String>() {
		}));
		REPLIES.put("Echo.EmptyError", value(new TypeRef<String>() {
		}));
		REPLIES.put("Echo.Ints", value(new TypeRef<long[]>() {
		}));
		REPLIES.put("Echo.Table", value(new TypeRef<Map<String, Long>>() {
		}));
		REPLIES.put("Echo.Nothing", ValueShape.EMPTY);
		REPLIES.put("Echo.Event", value(new TypeRef<Event>() {
		}));
		REPLIES.put("Echo.Box", value(new TypeRef<Box>() {
		}));
		REPLIES.put("Echo.Ptr", value(new TypeRef<Args>() {
		}));
	}

	record Header(String serviceMethod, @Unsigned long seq) {
	}

	record Args(long a, long b) {
	}

	record Quotient(long quo, long rem) {
	}

	record Event(String name, OffsetDateTime at, OffsetDateTime opt, Duration took) {
	}

	record Box(Object v) {
	}

	record Point(long x, long y) {
	}

	@FunctionalInterface
	interface Decode {

		int decode(int from, int to) throws WireException;

	}

	/** All bytes were taken. */
	static final class Nothing extends RuntimeException {

	}

	/** What a connection would send. */
	static final class Output {

		private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

		void take(MessageBuffer buffer) {
			buffer.writeTo(this.bytes::write);
		}

		byte[] bytes() {
			return this.bytes.toByteArray();
		}

	}

	/** A server without methods. */
	final class Requests implements RequestSink {

		final ServerCodec codec = GobRpcVectorTests.this.format.serverCodec();

		final List<Request> all = new ArrayList<>();

		@Override
		public IncomingRequest begin(byte[] buffer, int from, int to) {
			byte[] name = Arrays.copyOfRange(buffer, from, to);
			ValueShape shape = ARGUMENTS.get(new String(name, StandardCharsets.UTF_8));
			Request request = new Request(name, (shape != null) ? GobRpcVectorTests.this.format.plan(shape) : null);
			this.all.add(request);
			return request;
		}

		@Override
		public boolean wantsMore() {
			return true;
		}

	}

	/** A request and what became of it. */
	static final class Request extends IncomingRequest {

		private final byte[] name;

		private final ValuePlan plan;

		Object sent;

		Object argument;

		String reason;

		boolean ended;

		Request(byte[] name, ValuePlan plan) {
			this.name = name;
			this.plan = plan;
		}

		String name() {
			return new String(this.name, StandardCharsets.UTF_8);
		}

		@Override
		public byte[] methodName() {
			return this.name;
		}

		@Override
		public ValuePlan argumentPlan() {
			return this.plan;
		}

		@Override
		public void received(Object received) {
			assertThat(this.ended).isFalse();
			this.ended = true;
			this.sent = received;
			this.argument = (received instanceof Object[] fields) ? new Args((Long) fields[0], (Long) fields[1])
					: received;
		}

		@Override
		public void malformed(String why) {
			assertThat(this.ended).isFalse();
			this.ended = true;
			this.reason = why;
		}

	}

	/** The calls of a client. */
	static final class Replies {

		final Map<Long, Reply> waiting = new HashMap<>();

		PendingReply take(long seq) {
			return this.waiting.remove(seq);
		}

	}

	/** A call and what became of it. */
	static final class Reply implements PendingReply {

		private final ValuePlan plan;

		Object value;

		String error;

		String reason;

		int ended;

		Reply(GobWireFormat format, String method) {
			this.plan = format.plan(REPLIES.getOrDefault(method, value(new TypeRef<Long>() {
			})));
		}

		@Override
		public ValuePlan replyPlan() {
			return this.plan;
		}

		@Override
		public void succeeded(Object result) {
			this.ended++;
			this.value = result;
		}

		@Override
		public void failed(String text, RpcCode code, Known known) {
			this.ended++;
			this.error = text;
		}

		@Override
		public void malformed(String why) {
			this.ended++;
			this.reason = why;
		}

	}

}
