package io.github.netrpc.wire.gob;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.type.TypeRef;
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
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireFormat.Detection;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Both codecs against each other, and against what a peer may do.
 */
class GobCodecTests {

	private static final ServiceMethod ADD = ServiceMethod.of("Arith", "Add");

	private final GobWireFormat format = format(WireLimits.DEFAULT);

	private final ValuePlan args = plan(new TypeRef<Args>() {
	});

	private final ValuePlan number = plan(new TypeRef<Integer>() {
	});

	private final ClientCodec client = this.format.clientCodec();

	private final ServerCodec server = this.format.serverCodec();

	private final Bytes toServer = new Bytes();

	private final Bytes toClient = new Bytes();

	private final Server sink = new Server();

	private static GobWireFormat format(WireLimits limits) {
		return new GobWireFormat(limits, GobTypes.builder().register("Args", Args.class).build(),
				PropertyNames.standard());
	}

	private ValuePlan plan(TypeRef<?> type) {
		return this.format.plan(new ValueShape.Value(type.annotatedType()));
	}

	@Test
	void firstCallIsWhatGoSendsByteByByte() throws Exception {
		request(0, new Args(7, 8), this.args);
		// As in the vector gob_add, but for the ids: a header, an argument, each defined
		// once
		assertThat(HexFormat.of().formatHex(this.toServer.array())).contains("0941726974682e41646400")
			.endsWith("010e011000");
		int first = this.toServer.length;
		request(1, new Args(7, 8), this.args);
		assertThat(this.toServer.length - first).isLessThan(30);
	}

	@Test
	void definitionsOfThePeerAreToldInBytes() throws Exception {
		assertThat(this.server.definitionBytes()).isZero();
		request(0, new Args(7, 8), this.args);
		int first = this.toServer.length;
		this.sink.plan = this.args;
		decodeAll();
		assertThat(this.server.definitionBytes()).isBetween(50, first);
		int defined = this.server.definitionBytes();
		request(1, new Args(7, 8), this.args);
		this.server.decode(this.toServer.bytes, first, this.toServer.length, this.sink);
		assertThat(this.sink.requests).hasSize(2);
		assertThat(this.server.definitionBytes()).isEqualTo(defined);
	}

	@Test
	void callsAndRepliesGoThroughOneByteAtATime() throws Exception {
		for (int seq = 0; seq < 3; seq++) {
			request(seq, new Args(seq, 8), this.args);
		}
		this.sink.plan = this.args;
		int from = 0;
		for (int to = 0; to <= this.toServer.length; to++) {
			from += this.server.decode(this.toServer.bytes, from, to, this.sink);
			assertThat(this.server.inRequest()).isEqualTo(from < to || this.sink.isOpen());
		}
		assertThat(this.sink.requests).extracting((request) -> request.argument)
			.containsExactly(new Args(0, 8), new Args(1, 8), new Args(2, 8));
		MessageBuffer buffer = this.format.newBuffer();
		for (int seq = 2; seq >= 0; seq--) {
			this.server.encodeReply(this.sink.requests.get(seq), seq * 8, this.number, Map.of(), buffer);
			buffer.writeTo(this.toClient);
		}
		Call[] calls = { new Call(this.number), new Call(this.number), new Call(this.number) };
		from = 0;
		for (int to = 0; to <= this.toClient.length; to++) {
			from += this.client.decode(this.toClient.bytes, from, to, (seq) -> calls[(int) seq]);
		}
		assertThat(calls).extracting((call) -> call.value).containsExactly(0, 8, 16);
	}

	@Test
	void definitionsFollowTheOrderOfWritesAndNotOfEncoding() throws Exception {
		MessageBuffer first = this.format.newBuffer();
		MessageBuffer second = this.format.newBuffer();
		this.client.encodeRequest(ADD, 0, 0, Map.of(), new Args(1, 2), this.args, first);
		this.client.encodeRequest(ADD, 1, 0, Map.of(), new Args(3, 4), this.args, second);
		second.writeTo(this.toServer);
		first.writeTo(this.toServer);
		this.sink.plan = this.args;
		decodeAll();
		assertThat(this.sink.requests).extracting(IncomingRequest::seq).containsExactly(1L, 0L);
	}

	@Test
	void argumentsThatCannotBeEncodedSendNothing() throws Exception {
		ValuePlan list = plan(new TypeRef<List<String>>() {
		});
		MessageBuffer buffer = this.format.newBuffer();
		assertThatExceptionOfType(EncodeException.class)
			.isThrownBy(() -> this.client.encodeRequest(ADD, 0, 0, Map.of(), Arrays.asList("a", null), list, buffer))
			.withMessage("A null element, at [1]");
		assertThat(buffer.size()).isZero();
		request(1, new Args(1, 2), this.args);
		this.sink.plan = this.args;
		decodeAll();
		assertThat(this.sink.requests).hasSize(1);
	}

	@Test
	void nullRepliesAreGosZeroValues() throws Exception {
		request(5, new Args(1, 2), this.args);
		this.sink.plan = this.args;
		decodeAll();
		assertThat(reply(null, this.number)).isEqualTo(0);
		assertThat(reply(null, plan(new TypeRef<Args>() {
		}))).isEqualTo(new Args(0, 0));
		assertThat(reply(null, plan(new TypeRef<List<String>>() {
		}))).isEqualTo(List.of());
		assertThat(reply(Optional.empty(), plan(new TypeRef<Optional<Integer>>() {
		}))).isEqualTo(Optional.of(0));
		assertThat(reply(null, plan(new TypeRef<BigDecimal>() {
		}))).isEqualTo(BigDecimal.ZERO);
		assertThat(reply("ignored", this.format.plan(ValueShape.EMPTY))).isNull();
		assertThatExceptionOfType(EncodeException.class).isThrownBy(() -> reply(null, plan(new TypeRef<Object>() {
		})));
	}

	@Test
	void errorsCarryTheirTextAndTheConnectionGoesOn() throws Exception {
		request(0, new Args(1, 2), this.args);
		this.sink.plan = this.args;
		decodeAll();
		MessageBuffer buffer = this.format.newBuffer();
		this.server.encodeError(this.sink.requests.get(0), RpcCode.UNKNOWN, null, "divide by zero", Map.of(), buffer);
		buffer.writeTo(this.toClient);
		this.server.encodeReply(this.sink.requests.get(0), 3, this.number, Map.of(), buffer);
		buffer.writeTo(this.toClient);
		List<Call> calls = new ArrayList<>();
		int taken = this.client.decode(this.toClient.bytes, 0, this.toClient.length, (seq) -> {
			calls.add(new Call(this.number));
			return calls.get(calls.size() - 1);
		});
		assertThat(taken).isEqualTo(this.toClient.length);
		assertThat(calls.get(0).error).isEqualTo("divide by zero");
		assertThat(calls.get(1).value).isEqualTo(3);
	}

	@Test
	void errorsTooLongForAMessageAreCutShort() throws Exception {
		WireLimits small = new WireLimits(200, 1_000, 64, 200, 10);
		WireFormat narrow = format(small);
		ServerCodec codec = narrow.serverCodec();
		Request request = new Request("A.B".repeat(30).getBytes(StandardCharsets.UTF_8), null);
		request.identify(7, null);
		MessageBuffer buffer = narrow.newBuffer();
		codec.encodeError(request, RpcCode.UNKNOWN, null, "x".repeat(500), Map.of(), buffer);
		buffer.writeTo(this.toClient);
		Call call = new Call(narrow.plan(ValueShape.EMPTY));
		narrow.clientCodec().decode(this.toClient.bytes, 0, this.toClient.length, (seq) -> {
			assertThat(seq).isEqualTo(7);
			return call;
		});
		assertThat(call.error).isEqualTo("x".repeat(16));
	}

	@Test
	void argumentsThatDoNotFitCostTheCallOnly() throws Exception {
		request(0, "seven", plan(new TypeRef<String>() {
		}));
		request(1, new Args(1, 2), this.args);
		this.sink.plan = this.args;
		decodeAll();
		assertThat(this.sink.requests.get(0).reason)
			.isEqualTo("Received string, expected struct (byte 2 of the message)");
		assertThat(this.sink.requests.get(1).argument).isEqualTo(new Args(1, 2));
	}

	@Test
	void argumentsOfUnknownMethodsAreSkipped() throws Exception {
		request(0, new Args(1, 2), this.args);
		decodeAll();
		assertThat(this.sink.requests.get(0).ended).isTrue();
		assertThat(this.sink.requests.get(0).argument).isNull();
	}

	@Test
	void requestsWaitWhileTheSinkWantsNoMore() throws Exception {
		for (int seq = 0; seq < 3; seq++) {
			request(seq, new Args(seq, 0), this.args);
		}
		this.sink.plan = this.args;
		this.sink.wanted = 1;
		int from = this.server.decode(this.toServer.bytes, 0, this.toServer.length, this.sink);
		assertThat(this.sink.requests).hasSize(1);
		assertThat(this.server.inRequest()).isFalse();
		this.sink.wanted = 9;
		from += this.server.decode(this.toServer.bytes, from, this.toServer.length, this.sink);
		assertThat(this.sink.requests).hasSize(3);
		assertThat(from).isEqualTo(this.toServer.length);
	}

	@Test
	void callsAreTakenOnlyWhenTheirReplyIsWhole() throws Exception {
		request(0, new Args(1, 2), this.args);
		this.sink.plan = this.args;
		decodeAll();
		MessageBuffer buffer = this.format.newBuffer();
		this.server.encodeReply(this.sink.requests.get(0), List.of("reply"), plan(new TypeRef<List<String>>() {
		}), Map.of(), buffer);
		buffer.writeTo(this.toClient);
		this.client.decode(this.toClient.bytes, 0, this.toClient.length - 1, (seq) -> {
			throw new AssertionError("taken too early");
		});
	}

	@Test
	void brokenStreamsEndTheConnectionAndTellTheCall() {
		byte[] reply = HexFormat.of()
			.parseHex("3aff8103010108526573706f6e736501ff82000103010d536572766963654d6574686f64010c000103536571"
					+ "01060001054572726f72010c000000" + "03ff8200" + "00");
		assertThatExceptionOfType(WireException.class)
			.isThrownBy(() -> this.client.decode(reply, 0, reply.length, (seq) -> null))
			.withMessage("Message length: 0 (expected: 1 or more)");
	}

	@Test
	void replyWithinWhichTheStreamBreaksIsToldHoweverItIsCut() {
		// A Box with an Args inside whose type is defined there; then type 1, gob's own,
		// is
		// defined where the Args should go on
		byte[] stream = HexFormat.of()
			.parseHex("3aff8103010108526573706f6e736501ff82000103010d536572766963654d6574686f64010c000103536571"
					+ "01060001054572726f72010c000000" + "0dff820108" + "4563686f2e426f78" + "00"
					+ "17ff8303010103426f7801ff84000101010156011000" + "0000" + "27ff840104" + "41726773"
					+ "ff8503010105506f696e7401ff860001020101580104000101590104000000" + "09ff01ff82000103010d");
		for (ValuePlan plan : List.of(plan(new TypeRef<Box>() {
		}), this.number)) {
			String whole = toldOf(stream, plan, stream.length);
			assertThat(whole).contains((plan != this.number) ? "Type id 1 is defined twice" : "struct of 1 fields")
				.endsWith(", and the stream is broken");
			for (int cut = 0; cut < stream.length; cut++) {
				assertThat(toldOf(stream, plan, cut)).as("cut at byte " + cut).isEqualTo(whole);
			}
		}
	}

	/** What the call of a reply is told, which comes in two parts. */
	private String toldOf(byte[] stream, ValuePlan plan, int cut) {
		ClientCodec codec = this.format.clientCodec();
		StringBuilder told = new StringBuilder();
		Call call = new Call(plan) {

			@Override
			public void malformed(String why) {
				told.append(why);
			}

		};
		try {
			int from = codec.decode(stream, 0, cut, (seq) -> call);
			codec.decode(stream, from, stream.length, (seq) -> call);
		}
		catch (WireException ex) {
			told.append(", and the stream is broken");
		}
		return told.toString();
	}

	@Test
	void messagesBeyondTheLimitAreRefusedByTheirLength() {
		byte[] huge = HexFormat.of().parseHex("fc7fffffff");
		assertThatExceptionOfType(WireException.class)
			.isThrownBy(() -> this.server.decode(huge, 0, huge.length, this.sink))
			.withMessageContaining("2147483647 (limit: 4194304 bytes");
	}

	@ParameterizedTest
	@CsvSource({ "2f, MORE", "2fff, MORE", "2fff81, YES", "2e7f, YES", "2e7d, NO", "1afd1e847f, YES",
			"1cfcfffffffd, YES", "1cfcffffffff, NO", "1cf8, NO", "7b22, NO", "7b7d, NO", "7b20, NO", "7b09, NO",
			"434f, NO", "4745, NO", "504f, NO", "1603, NO", "00, NO", "fc, NO", "f7, NO", "fe, MORE", "fe01, MORE",
			"fe0100, MORE", "fe0100ff81, YES", "fe010008, NO", "030400, NO", "'', MORE" })
	void firstBytesTellGobFromAllElse(String hex, Detection expected) {
		byte[] bytes = HexFormat.of().parseHex(hex);
		assertThat(this.format.detect(bytes, 0, bytes.length)).isEqualTo(expected);
	}

	@Test
	void opensOfJsonHttpAndTlsAreNeverGob() {
		for (String opening : List.of("{\"method\":", "{ \"id\"", "{}", "[{", " {", "\n{", "CONNECT /", "GET / HT",
				"POST / H", "PUT /", "HEAD /", "OPTIONS ", "DELETE /", "PRI * HT")) {
			byte[] bytes = opening.getBytes(StandardCharsets.US_ASCII);
			assertThat(this.format.detect(bytes, 0, bytes.length)).as(opening).isEqualTo(Detection.NO);
		}
	}

	@Test
	void plansSayTheirGoTypes() {
		assertThat(this.args.goType()).isEqualTo("Args");
		assertThat(this.format.plan(ValueShape.EMPTY).goType()).isEqualTo("struct {}");
		assertThat(this.format
			.plan(new ValueShape.Struct("Args",
					List.of(new ValueShape.Field("a", Args.class.getRecordComponents()[0].getAnnotatedType()))))
			.goType()).isEqualTo("struct { A int32 }");
	}

	private void request(long seq, Object argument, ValuePlan plan) throws EncodeException {
		MessageBuffer buffer = this.format.newBuffer();
		this.client.encodeRequest(ADD, seq, 0, Map.of(), argument, plan, buffer);
		buffer.writeTo(this.toServer);
	}

	private void decodeAll() throws WireException {
		assertThat(this.server.decode(this.toServer.bytes, 0, this.toServer.length, this.sink))
			.isEqualTo(this.toServer.length);
		assertThat(this.server.inRequest()).isFalse();
	}

	private Object reply(Object value, ValuePlan plan) throws Exception {
		MessageBuffer buffer = this.format.newBuffer();
		this.server.encodeReply(this.sink.requests.get(0), value, plan, Map.of(), buffer);
		this.toClient.length = 0;
		buffer.writeTo(this.toClient);
		Call call = new Call(plan);
		this.client.decode(this.toClient.bytes, 0, this.toClient.length, (seq) -> call);
		assertThat(call.ended).isEqualTo(1);
		return call.value;
	}

	record Args(int a, int b) {
	}

	record Box(Object v) {
	}

	/** What a connection carries. */
	private static final class Bytes implements MessageBuffer.Output {

		private byte[] bytes = new byte[4_096];

		private int length;

		@Override
		public void write(byte[] source, int offset, int count) {
			System.arraycopy(source, offset, this.bytes, this.length, count);
			this.length += count;
		}

		byte[] array() {
			return Arrays.copyOf(this.bytes, this.length);
		}

	}

	private static final class Server implements RequestSink {

		private final List<Request> requests = new ArrayList<>();

		private ValuePlan plan;

		private int wanted = Integer.MAX_VALUE;

		@Override
		public IncomingRequest begin(byte[] buffer, int from, int to) {
			Request request = new Request(Arrays.copyOfRange(buffer, from, to), this.plan);
			this.requests.add(request);
			return request;
		}

		boolean isOpen() {
			return !this.requests.isEmpty() && !this.requests.get(this.requests.size() - 1).ended;
		}

		@Override
		public boolean wantsMore() {
			return this.requests.size() < this.wanted;
		}

	}

	private static final class Request extends IncomingRequest {

		private final byte[] name;

		private final ValuePlan plan;

		private Object argument;

		private String reason;

		private boolean ended;

		Request(byte[] name, ValuePlan plan) {
			this.name = name;
			this.plan = plan;
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
			this.argument = received;
			this.ended = true;
		}

		@Override
		public void malformed(String why) {
			this.reason = why;
			this.ended = true;
		}

	}

	private static class Call implements PendingReply {

		private final ValuePlan plan;

		private Object value;

		private String error;

		private int ended;

		Call(ValuePlan plan) {
			this.plan = plan;
		}

		@Override
		public ValuePlan replyPlan() {
			return this.plan;
		}

		@Override
		public void succeeded(Object result) {
			this.value = result;
			this.ended++;
		}

		@Override
		public void failed(String text, RpcCode code, Known known) {
			this.error = text;
			this.ended++;
		}

		@Override
		public void malformed(String why) {
			throw new AssertionError(why);
		}

	}

}
