package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.interop.DifferencesFromGo;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireFormat.Detection;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Framing, limits and hostile input.
 */
class JsonScannerTests {

	private static final WireFormat FORMAT = new JsonWireFormat.Provider().create(WireLimits.DEFAULT);

	private static final int COMMON_NAME = 1024;

	@AfterAll
	static void everyDifferenceIsUsed() {
		DifferencesFromGo.requireUsed(Side.BOUND);
	}

	@ParameterizedTest
	@ValueSource(strings = { "}", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\":01}", "{\"a\":-}",
			"{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}", "{\"a\":+1}", "{\"a\":tru}", "{\"a\":nul}", "{\"a\":\"\\x\"}",
			"{\"a\":\"\\u12g4\"}", "{\"a\":\"\n\"}", "{\"a\":[1,]}", "{\"a\":[}", "{\"a\":[1 2]}", "{a:1}", "{'a':1}",
			"{\"a\":NaN}", "[{}]", "5 ", "\"x\"", "true", "nulx", "\u00ef\u00bb\u00bf{}", "{\"a\":1}//" })
	void whatIsNotJsonIsRefused(String text) {
		for (int pieceSize : new int[] { 1, 1000 }) {
			assertThat(new VectorServer(FORMAT).feed(text.getBytes(StandardCharsets.ISO_8859_1), pieceSize)).as(text)
				.isTrue();
		}
	}

	@Test
	void numbersAndEscapesOfAllFormsAreScanned() {
		VectorServer server = new VectorServer(FORMAT);
		String text = "{\"x\":[0,-0,1.5,1e5,1E-5,-1.25e+10,\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\",true,false,null,{},[]],"
				+ "\"\\u006dethod\":\"Arith\\u002eAdd\",\"params\":[{\"A\":1,\"B\":2}],\"id\":1}";
		assertThat(server.feed(text.getBytes(StandardCharsets.UTF_8), 1)).isFalse();
		assertThat(server.replies).containsExactly("{\"id\":1,\"result\":3,\"error\":null}\n");
	}

	@Test
	void depthBeyondTheLimitIsRefusedAlsoInSkippedMembers() {
		String bomb = "{\"skipped\":" + "[".repeat(10_000);
		assertThat(new VectorServer(FORMAT).feed(bomb.getBytes(StandardCharsets.UTF_8), 4096)).isTrue();
		String deep = "{\"skipped\":" + "[".repeat(64) + "]".repeat(64) + "}";
		assertThat(new VectorServer(FORMAT).feed(deep.getBytes(StandardCharsets.UTF_8), 4096)).isFalse();
	}

	@Test
	void limitsAreNamedWithTheirProperties() {
		WireLimits limits = new WireLimits(100, 1000, 10, 100, 10);
		WireFormat small = new JsonWireFormat.Provider().create(limits);
		assertThat(refusal(small, "{\"x\":\"" + "y".repeat(100)))
			.isEqualTo("JSON value: more than 100 bytes (limit: 100 bytes, max-message-size)");
		assertThat(refusal(small, "{\"x\":" + "[".repeat(20)))
			.isEqualTo("JSON value, byte 16: nested deeper than 10 levels (limit: max-depth)");
		assertThat(refusal(FORMAT, request("{}", "\"" + "i".repeat(RequestScanner.MAX_ID_BYTES) + "\"")))
			.isEqualTo("request id: 1026 bytes (limit: 1024 bytes, fixed)");
	}

	private static String refusal(WireFormat format, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		WireException refusal = catchThrowableOfType(WireException.class,
				() -> format.serverCodec().decode(bytes, 0, bytes.length, new NamesSink(new ArrayList<>())));
		return refusal.getMessage();
	}

	@Test
	void messageBeyondTheLimitIsRefusedBeforeItsEnd() {
		WireLimits limits = new WireLimits(100, 1000, 10, 100, 10);
		WireFormat small = new JsonWireFormat.Provider().create(limits);
		assertThat(new VectorServer(small).feed(("{\"x\":\"" + "y".repeat(100)).getBytes(StandardCharsets.UTF_8), 30))
			.isTrue();
	}

	@Test
	void longNumbersAndStringsCostTheCallOnly() {
		String number = request("{\"A\":" + "9".repeat(10_000) + "}", "1");
		String string = request("\"" + "s".repeat((1 << 20) + 1) + "\"", "2").replace("Arith.Add", "Echo.Upper");
		VectorServer server = new VectorServer(FORMAT);
		assertThat(server.feed((number + string + request("{\"A\":1,\"A\":5}", "3")).getBytes(StandardCharsets.UTF_8),
				Integer.MAX_VALUE / 2))
			.isFalse();
		assertThat(server.replies).hasSize(3);
		assertThat(server.replies.get(0)).contains("a number of 10000 digits (limit: 256, max-number-digits)");
		assertThat(server.replies.get(1)).contains("a string of 1048577 characters (limit: 1048576, max-string-size)");
		assertThat(server.replies.get(2)).isEqualTo("{\"id\":3,\"result\":5,\"error\":null}\n");
	}

	@Test
	void amplificationIsRefusedBeforeAnythingIsAllocated() {
		// 1 MiB of empty objects for a type of 16 fields would be far more than the
		// budget.
		WireLimits limits = new WireLimits(4 << 20, 1 << 20, 64, 1 << 20, 256);
		JsonPlan plan = (JsonPlan) new JsonWireFormat.Provider().create(limits)
			.plan(new io.github.netrpc.wire.ValueShape.Value(
					new io.github.netrpc.type.TypeRef<List<VectorServer.Args>>() {
					}.annotatedType()));
		assertThatExceptionOfType(JsonPlan.MisfitException.class)
			.isThrownBy(() -> plan.read(new byte[] { '[', ']' }, 0, 2, 300_000, 1, 0, 0, false))
			.withMessageContaining("bytes of memory (limit: 1048576 bytes, max-decoded-size)");
	}

	@Test
	void idBeyondTheLimitIsRefused() {
		Difference difference = DifferencesFromGo.of(Side.BOUND, "json_id");
		int most = Integer.parseInt(difference.outcome().get(0));
		String id = "\"" + "i".repeat(most - 2) + "\"";
		VectorServer server = new VectorServer(FORMAT);
		assertThat(server.feed(request("{}", id).getBytes(StandardCharsets.UTF_8), 5000)).isFalse();
		assertThat(server.replies).containsExactly("{\"id\":" + id + ",\"result\":0,\"error\":null}\n");
		assertThat(server.feed(request("{}", id.replaceFirst("i", "ii")).getBytes(StandardCharsets.UTF_8), 5000))
			.isEqualTo(difference.outcome().contains(DifferencesFromGo.CLOSED));
	}

	@Test
	void decodeStopsWhenTheSinkWantsNoMore() throws WireException {
		List<String> names = new ArrayList<>();
		byte[] bytes = (request("{}", "1") + request("{}", "2")).getBytes(StandardCharsets.UTF_8);
		JsonServerCodec codec = new JsonServerCodec(WireLimits.DEFAULT, COMMON_NAME);
		int consumed = codec.decode(bytes, 0, bytes.length, new NamesSink(names));
		assertThat(names).containsExactly("Arith.Add");
		assertThat(consumed).isEqualTo(request("{}", "1").length());
		assertThat(codec.inRequest()).isFalse();
		codec.decode(bytes, consumed, bytes.length - 1, new NamesSink(names));
		assertThat(codec.inRequest()).isTrue();
	}

	@Test
	void piecesCostLittleMoreThanTheWhole() {
		byte[] bytes = request("{\"A\":1,\"x\":\"" + "y".repeat(200_000) + "\"}", "1").getBytes(StandardCharsets.UTF_8);
		RequestScanner scanner = new RequestScanner(WireLimits.DEFAULT, COMMON_NAME);
		int end = -1;
		// Were each piece scanned from the start, this would be 20,000,000,000 steps.
		for (int to = 1; to <= bytes.length && end < 0; to++) {
			end = scan(scanner, bytes, to);
		}
		assertThat(end).isEqualTo(bytes.length);
	}

	@ParameterizedTest
	@CsvSource({ "a,false", "\\ud83d\\ude00,false", "\\uD83D\\uDE00\\uD83D\\uDE00,false", "\\u00e9\\u12ab,false",
			"\\\\ud83d,false", "\\ud83d,true", "\\ude00,true", "x\\uDE00\\uD83D,true", "\\ud83dx\\ude00,true",
			"\\ud83d\\n\\ude00,true", "\\ud83d\\\\ude00,true", "\\ud83d\\ud83d\\ude00,true",
			"\\ud83d\\ude00\\ude00,true", "\\ud83d\\u0041,true" })
	void halvesOfPairsInNamesAreFoundHoweverTheBytesAreCut(String name, boolean rare) {
		assertRare("{\"k\":[{},{\"" + name + "\":\"x\"},{\"b\":\"\"}]}", rare);
		assertRare("[[{\"a\":{\"b\":1,\"" + name + "\":2}}]]", rare);
		assertRare("{\"k\":\"" + name + "\",\"l\":0}", false);
	}

	@Test
	void longNamesAreFoundHoweverTheBytesAreCut() {
		assertRare("[{\"" + "k".repeat(COMMON_NAME) + "\":\"" + "v".repeat(COMMON_NAME + 1) + "\"}]", false);
		assertRare("[{\"" + "k".repeat(COMMON_NAME + 1) + "\":1},{\"a\":2}]", true);
		assertRare("[{\"" + "\u00e9".repeat(COMMON_NAME / 2) + "k\" : 1}]", true);
	}

	// What a value is among others does not change it, nor do the names of the envelope.
	private static void assertRare(String result, boolean rare) {
		String other = "{\"\\ud83d\":1,\"x\":{\"\\ude00\":[]},\"" + "k".repeat(2000) + "\":2";
		byte[] bytes = (other + ",\"result\":" + result + "," + other.substring(1) + "}")
			.getBytes(StandardCharsets.UTF_8);
		ReplyScanner scanner = new ReplyScanner(WireLimits.DEFAULT, COMMON_NAME);
		for (int piece : new int[] { 1, 7, bytes.length, 1 }) {
			int end = -1;
			for (int to = 0; end < 0;) {
				to = Math.min(to + piece, bytes.length);
				end = scan(scanner, bytes, to);
			}
			assertThat(end).isEqualTo(bytes.length);
			assertThat(scanner.rareNames()).as("pieces of %d of %s", piece, result).isEqualTo(rare);
			scanner.reset();
		}
	}

	private static int scan(JsonScanner scanner, byte[] bytes, int to) {
		try {
			return scanner.scan(bytes, 0, to);
		}
		catch (WireException ex) {
			throw new AssertionError(ex);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			'{"' | YES
			' {"' | YES
			'{ ' | YES
			'{}' | YES
			'{' | MORE
			' ' | MORE
			'       ' | MORE
			'        ' | NO
			'       {' | YES
			'G' | NO
			'[{' | NO
			'{~' | NO
			'null' | NO
			""")
	void detection(String text, Detection expected) {
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		assertThat(FORMAT.detect(bytes, 0, bytes.length)).isEqualTo(expected);
		for (int to = 0; to < bytes.length; to++) {
			assertThat(FORMAT.detect(bytes, 0, to)).isIn(Detection.MORE, expected);
		}
	}

	private static String request(String argument, String id) {
		return "{\"method\":\"Arith.Add\",\"params\":[" + argument + "],\"id\":" + id + "}";
	}

	private record NamesSink(List<String> names) implements io.github.netrpc.wire.RequestSink {

		@Override
		public io.github.netrpc.wire.IncomingRequest begin(byte[] buffer, int from, int to) {
			this.names.add(new String(buffer, from, to - from, StandardCharsets.UTF_8));
			return new io.github.netrpc.wire.IncomingRequest() {

				@Override
				public byte[] methodName() {
					return new byte[0];
				}

				@Override
				public io.github.netrpc.wire.@org.jspecify.annotations.Nullable ValuePlan argumentPlan() {
					return null;
				}

				@Override
				public void received(@org.jspecify.annotations.Nullable Object argument) {
				}

				@Override
				public void malformed(String reason) {
					throw new AssertionError(reason);
				}

			};
		}

		@Override
		public boolean wantsMore() {
			return false;
		}

	}

}
