package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.github.netrpc.gob.Vectors;

/**
 * What no honest peer would send.
 *
 * @param name what is wrong with it
 * @param bytes all that is sent
 * @param outcome what must become of it
 */
record HostileInput(String name, byte[] bytes, Outcome outcome) {

	/** Request{ServiceMethod, Seq} under an id that no vector uses, -5000. */
	private static final String REQUEST = "31fe270f030101075265717565737401fe271000010201"
			+ "0d536572766963654d6574686f64010c0001035365710106000000";

	private static final String GOOD = "{\"method\":\"Arith.Add\",\"params\":[{\"a\":1,\"b\":2}],\"id\":1}";

	private static final HexFormat HEX = HexFormat.of();

	/**
	 * The gallery.
	 * @return all inputs
	 */
	static List<HostileInput> all() {
		List<HostileInput> all = new ArrayList<>();
		addUnknownProtocols(all);
		addJson(all);
		addHttp(all);
		addGob(all);
		addVectors(all);
		return all;
	}

	private static void addUnknownProtocols(List<HostileInput> all) {
		all.add(text("ssh", "SSH-2.0-OpenSSH_9.6\r\n", Outcome.CLOSED_AT_ONCE));
		all.add(hex("tls client hello", "1603010200010001fc0303", Outcome.CLOSED_AT_ONCE));
		all.add(hex("tls alert", "15030300020228000000", Outcome.CLOSED_AT_ONCE));
		all.add(text("http/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Outcome.CLOSED_AT_ONCE));
		all.add(text("smtp", "EHLO example.org\r\n", Outcome.CLOSED_AT_ONCE));
		all.add(text("redis", "*1\r\n$4\r\nPING\r\n", Outcome.CLOSED_AT_ONCE));
		all.add(text("memcached", "stats items\r\n", Outcome.CLOSED_AT_ONCE));
		all.add(hex("java serialization", "aced00057372", Outcome.CLOSED_AT_ONCE));
		all.add(hex("zeros", "00".repeat(64), Outcome.CLOSED_AT_ONCE));
		all.add(hex("ones", "ff".repeat(64), Outcome.CLOSED_AT_END));
		all.add(hex("ones, enough for a gob message", "ff".repeat(257), Outcome.CLOSED_AT_ONCE));
		all.add(hex("f7, the widest length", "f7" + "ff".repeat(16), Outcome.CLOSED_AT_ONCE));
		all.add(hex("gob message of 8 GiB", "fb0200000000ff81030101", Outcome.CLOSED_AT_ONCE));
		all.add(hex("gob message over the limit", "fd500000ff81030101", Outcome.CLOSED_AT_ONCE));
		all.add(hex("gob message of length 0", "00ff8103010102", Outcome.CLOSED_AT_ONCE));
		all.add(hex("gob value first", "0eff82010941726974682e41646400", Outcome.CLOSED_AT_ONCE));
		all.add(hex("gob id of its own first", "147d030101024142", Outcome.CLOSED_AT_ONCE));
		all.add(text("8 blanks", "        " + GOOD, Outcome.CLOSED_AT_ONCE));
		all.add(text("line feeds", "\r\n\r\n\r\n\r\n" + GOOD, Outcome.CLOSED_AT_ONCE));
		all.add(text("byte order mark", "\ufeff" + GOOD, Outcome.CLOSED_AT_ONCE));
		all.add(text("json array", "[" + GOOD + "]", Outcome.CLOSED_AT_ONCE));
		all.add(text("json string", "\"" + "x".repeat(100) + "\"", Outcome.CLOSED_AT_ONCE));
		all.add(text("json null", "null\n", Outcome.CLOSED_AT_ONCE));
		all.add(text("lower case connect", "connect /_goRPC_ HTTP/1.0\n\n", Outcome.CLOSED_AT_ONCE));
		all.add(text("nothing at all", "", Outcome.CLOSED_AT_END));
		all.add(text("one brace", "{", Outcome.CLOSED_AT_END));
		all.add(text("half a method", "CONN", Outcome.CLOSED_AT_END));
		all.add(hex("half a gob length", "fd", Outcome.CLOSED_AT_END));
	}

	private static void addJson(List<HostileInput> all) {
		all.add(text("braces without end", "{{{{{{{{{{{{{{{{{{{", Outcome.CLOSED_AT_ONCE));
		all.add(text("nested 100,000 deep", "{\"params\":" + "[".repeat(100_000), Outcome.CLOSED_AT_ONCE));
		all.add(text("objects 100,000 deep", "{\"a\":".repeat(100_000), Outcome.CLOSED_AT_ONCE));
		all.add(text("skipped member too deep", "{\"x\":" + "[".repeat(100) + "]".repeat(100) + "," + GOOD.substring(1),
				Outcome.CLOSED_AT_ONCE));
		all.add(text("argument too deep", "{\"method\":\"Echo.Tree\",\"params\":[" + "{\"left\":".repeat(70) + "null"
				+ "}".repeat(70) + "],\"id\":1}", Outcome.CLOSED_AT_ONCE));
		all.add(text("string over its limit", call("Echo.Say", "\"" + "x".repeat((1 << 20) + 1) + "\""),
				Outcome.ENDED));
		all.add(text("message over its limit", call("Echo.Strings", "[" + "\"y\",".repeat(1_100_000) + "\"\"]"),
				Outcome.CLOSED_AT_ONCE));
		all.add(text("number of 10,000 digits", call("Echo.Int", "1".repeat(10_000)), Outcome.ENDED));
		all.add(text("float of 10,000 digits", call("Echo.Float", "0." + "1".repeat(10_000)), Outcome.ENDED));
		all.add(text("exponent without end", call("Echo.Float", "1e" + "9".repeat(200)), Outcome.ERROR));
		all.add(text("big exponent for an int", call("Echo.Int", "1e999999999"), Outcome.ERROR));
		all.add(text("integer overflow", call("Echo.Int", "9223372036854775808"), Outcome.ERROR));
		all.add(text("minus zero and a point for an int", call("Echo.Int", "-0.0"), Outcome.ERROR));
		all.add(text("string for an int", call("Echo.Int", "\"1\""), Outcome.ERROR));
		all.add(text("list for a struct", call("Arith.Add", "[1,2]"), Outcome.ERROR));
		all.add(text("time that is none", call("Echo.Time", "\"2023-13-41T99:99:99Z\""), Outcome.ERROR));
		all.add(text("bytes that are no base64", call("Echo.Bytes", "\"%%%\""), Outcome.ERROR));
		all.add(text("params is an object", "{\"method\":\"Arith.Add\",\"params\":{\"a\":1},\"id\":1}", Outcome.ERROR));
		all.add(text("params is missing", "{\"method\":\"Arith.Add\",\"id\":1}", Outcome.ERROR));
		all.add(text("no method", "{}", Outcome.ERROR));
		all.add(text("class name", call("Arith.Add", "{\"@class\":\"java.lang.Runtime\",\"a\":1}"), Outcome.ANSWERED));
		all.add(text("unknown service", call("Runtime.Exec", "{}"), Outcome.ERROR));
		all.add(text("method of Object", call("Arith.HashCode", "{}"), Outcome.ERROR));
		all.add(text("name of 100,000 bytes", call("A".repeat(100_000) + ".B", "{}"), Outcome.ENDED));
		all.add(text("name with control characters", call("Arith\\u0000\\r\\n.Add", "{}"), Outcome.ERROR));
		all.add(text("lone surrogate", call("Echo.Say", "\"\\ud800\""), Outcome.ENDED));
		all.add(bytes("invalid utf-8", concatenate(bytes("{\"method\":\"Echo.Say\",\"params\":[\""),
				HEX.parseHex("c3280aff"), bytes("\"],\"id\":1}")), Outcome.ENDED));
		all.add(bytes("overlong utf-8", concatenate(bytes("{\"method\":\"Echo.Say\",\"params\":[\""),
				HEX.parseHex("c0af"), bytes("\"],\"id\":1}")), Outcome.ENDED));
		all.add(text("control character in a string", call("Echo.Say", "\"\u0001\""), Outcome.CLOSED_AT_ONCE));
		all.add(text("method is a number", "{\"method\":1,\"params\":[1],\"id\":1}", Outcome.CLOSED_AT_ONCE));
		all.add(text("two commas", "{\"method\":\"Arith.Add\",,}", Outcome.CLOSED_AT_ONCE));
		all.add(text("closed twice", "{}}", Outcome.ENDED));
		all.add(text("comment", "{/* */}", Outcome.CLOSED_AT_ONCE));
		all.add(text("single quotes", "{'method':'Arith.Add'}", Outcome.CLOSED_AT_ONCE));
		all.add(text("NaN", call("Echo.Float", "NaN"), Outcome.CLOSED_AT_ONCE));
		all.add(text("cut in a string", "{\"method\":\"Arith.A", Outcome.CLOSED_AT_END));
		all.add(text("cut in an escape", "{\"method\":\"\\u00", Outcome.CLOSED_AT_END));
		all.add(text("cut behind params", "{\"method\":\"Arith.Add\",\"params\":[1],", Outcome.CLOSED_AT_END));
		all.add(text("100,000 members", "{" + "\"x\":1,".repeat(100_000) + GOOD.substring(1), Outcome.ANSWERED));
		all.add(text("the same member 1,000 times", "{" + "\"id\":1,".repeat(1_000) + GOOD.substring(1),
				Outcome.ANSWERED));
		all.add(text("id nested 1,000 deep", "{\"id\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}",
				Outcome.CLOSED_AT_ONCE));
		all.add(text("id of 1 MiB", "{\"method\":\"Arith.Add\",\"params\":[],\"id\":\"" + "i".repeat(1 << 20) + "\"}",
				Outcome.ENDED));
		all.add(text("list of two million zeros", call("Echo.Ints", "[" + "0,".repeat(2_000_000) + "0]"),
				Outcome.ENDED));
	}

	private static void addHttp(List<HostileInput> all) {
		all.add(text("get", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", Outcome.HTTP));
		all.add(text("get of the page", "GET /debug/rpc HTTP/1.0\r\n\r\n", Outcome.HTTP));
		all.add(text("post with a body", "POST /_goRPC_ HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", Outcome.HTTP));
		all.add(text("other path", "CONNECT /other HTTP/1.0\n\n", Outcome.HTTP));
		all.add(text("host and port", "CONNECT example.org:443 HTTP/1.1\r\n\r\n", Outcome.HTTP));
		all.add(text("no version", "CONNECT /_goRPC_\n\n", Outcome.HTTP));
		all.add(text("http/9", "CONNECT /_goRPC_ HTTP/9.9\n\n", Outcome.HTTP));
		all.add(text("connect with a length", "CONNECT /_goRPC_ HTTP/1.1\r\nContent-Length: 10\r\n\r\n", Outcome.HTTP));
		all.add(text("connect in chunks", "CONNECT /_goRPC_ HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
				Outcome.HTTP));
		all.add(text("header without a colon", "GET / HTTP/1.1\r\nbroken\r\n\r\n", Outcome.HTTP));
		all.add(text("folded header", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", Outcome.HTTP));
		all.add(text("blank before the colon", "CONNECT /_goRPC_ HTTP/1.1\r\nHost : x\r\n\r\n", Outcome.HTTP));
		all.add(text("nul in the path", "GET /\0 HTTP/1.1\r\n\r\n", Outcome.HTTP));
		all.add(text("head of 9,000 bytes", "GET / HTTP/1.1\r\nA: " + "a".repeat(9_000) + "\r\n\r\n", Outcome.HTTP));
		all.add(text("line without end", "GET /" + "a".repeat(100_000), Outcome.HTTP));
		all.add(text("half a head", "CONNECT /_goRPC_ HTTP/1.0\n", Outcome.CLOSED_AT_END));
		all.add(text("json through connect", "CONNECT /_goRPC_ HTTP/1.0\n\n" + GOOD, Outcome.CONNECTED));
		all.add(text("connect through connect", "CONNECT /_goRPC_ HTTP/1.0\n\nCONNECT /_goRPC_ HTTP/1.0\n\n",
				Outcome.CONNECTED));
	}

	private static void addGob(List<HostileInput> all) {
		String add = REQUEST + "0ffe2710" + "010941726974682e41646400";
		all.add(hex("header only", add, Outcome.CLOSED_AT_END));
		all.add(hex("definition only", REQUEST, Outcome.CLOSED_AT_END));
		all.add(hex("definition twice", REQUEST + REQUEST, Outcome.CLOSED_AT_ONCE));
		all.add(hex("header of no known type", REQUEST + "05fe27120000", Outcome.CLOSED_AT_ONCE));
		all.add(hex("header with field 9", REQUEST + "05fe27100a0100", Outcome.CLOSED_AT_ONCE));
		all.add(hex("10,000 definitions", definitions(10_000), Outcome.CLOSED_AT_ONCE));
		all.add(hex("definition of a list of itself, 1,000 times", add + recursion(), Outcome.ENDED));
		all.add(hex("body is a string", add + "040c000161", Outcome.ERROR));
		all.add(hex("body is an unknown type", add + "05fe28000000", Outcome.ENDED));
		all.add(hex("string of 2 GiB in a short message", add + "090c00fb007fffffff61", Outcome.ENDED));
	}

	/**
	 * What takes the type that a vector is read into: some are odd, and Go reads them all
	 * the same.
	 */
	private static final Map<String, String> TAKES = Map.of("AB", "Arith.Add", "int", "Echo.Int");

	// Each vector as the first thing that is said, and as the argument of a call.
	private static void addVectors(List<HostileInput> all) {
		for (Vectors.Case vector : Vectors.cases("decode_malformed")) {
			all.add(bytes("malformed " + vector.name(), vector.bytes(), Outcome.ENDED));
			for (String method : List.of("Arith.Add", "Echo.Ints", "Echo.Table", "Echo.Int", "No.Such")) {
				byte[] name = bytes(method);
				byte[] header = concatenate(
						new byte[] { (byte) (name.length + 6), (byte) 0xfe, 0x27, 0x10, 1, (byte) name.length }, name,
						new byte[1]);
				boolean honest = !vector.has("error") && method.equals(TAKES.get(vector.text("into")));
				all.add(bytes("malformed " + vector.name() + " for " + method,
						concatenate(HEX.parseHex(REQUEST), header, vector.bytes()),
						honest ? Outcome.ANSWERED : Outcome.ENDED));
			}
		}
	}

	private static String definitions(int count) {
		StringBuilder all = new StringBuilder(REQUEST);
		for (int id = 10_000; id < 10_000 + count; id++) {
			// []int under an id of its own, without a name
			all.append("0cfe%04x0202fe%04x000104000000".formatted(2 * id - 1, 2 * id), 0, 26);
		}
		return all.toString();
	}

	private static String recursion() {
		// type T []T, and then lists of one list
		String definition = "0bff810201" + "02ff820001ff820000";
		String value = "01".repeat(1_000) + "00";
		int length = 3 + value.length() / 2;
		return definition + "fe%04x".formatted(length) + "ff8200" + value;
	}

	private static String call(String method, String argument) {
		return "{\"method\":\"" + method + "\",\"params\":[" + argument + "],\"id\":1}";
	}

	private static HostileInput text(String name, String text, Outcome outcome) {
		return new HostileInput(name, bytes(text), outcome);
	}

	private static HostileInput hex(String name, String hex, Outcome outcome) {
		return new HostileInput(name, HEX.parseHex(hex), outcome);
	}

	private static HostileInput bytes(String name, byte[] bytes, Outcome outcome) {
		return new HostileInput(name, bytes, outcome);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] concatenate(byte[]... parts) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			all.writeBytes(part);
		}
		return all.toByteArray();
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * What becomes of an input.
	 */
	enum Outcome {

		/** Wrong whatever may follow: closed at once, and not one byte is sent. */
		CLOSED_AT_ONCE,

		/** More may follow: closed when the sender ends its output, without a byte. */
		CLOSED_AT_END,

		/** An error reply; then the next call of the connection is answered. */
		ERROR,

		/** A reply without error; odd, but no crime. */
		ANSWERED,

		/** An answer of HTTP's, and then closed at once. */
		HTTP,

		/** CONNECT is answered; what follows may be the beginning of a call. */
		CONNECTED,

		/** Error reply or closed, as the bytes may have it; always the end of it. */
		ENDED;

		/**
		 * Whether the server closes, though the sender has not ended its output.
		 * @return false if it may wait for more
		 */
		boolean endsAtOnce() {
			return this == CLOSED_AT_ONCE || this == HTTP;
		}

	}

}
