package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import io.github.netrpc.gob.Vectors;

/**
 * What no honest peer would send. What must become of it says {@link HostileOutcome}.
 *
 * @param name what is wrong with it
 * @param bytes all that is sent
 */
record HostileInput(String name, byte[] bytes) {

	/** Request{ServiceMethod, Seq} under an id that no vector uses, -5000. */
	private static final String REQUEST = "31fe270f030101075265717565737401fe271000010201"
			+ "0d536572766963654d6574686f64010c0001035365710106000000";

	private static final String GOOD = "{\"method\":\"Arith.Add\",\"params\":[{\"a\":1,\"b\":2}],\"id\":1}";

	/** A call of Arith.Add with 20 and 22, number 0, behind definitions of its own. */
	private static final String GOB_CALL = REQUEST + "0ffe2710" + "010941726974682e41646400"
			+ "20fe2ee1030101044172677301fe2ee2000102010141010400010142010400000008fe2ee20128012c00";

	/** What is never to be seen in a log. */
	static final String SECRET = "hush-hush";

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
		addOtherWorlds(all);
		addNames(all);
		addSeconds(all);
		addVectors(all);
		return all;
	}

	private static void addUnknownProtocols(List<HostileInput> all) {
		all.add(text("ssh", "SSH-2.0-OpenSSH_9.6\r\n"));
		all.add(hex("tls client hello", "1603010200010001fc0303"));
		all.add(hex("tls alert", "15030300020228000000"));
		all.add(text("http/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
		all.add(text("smtp", "EHLO example.org\r\n"));
		all.add(text("redis", "*1\r\n$4\r\nPING\r\n"));
		all.add(text("memcached", "stats items\r\n"));
		all.add(hex("java serialization", "aced00057372"));
		all.add(hex("zeros", "00".repeat(64)));
		all.add(hex("ones", "ff".repeat(64)));
		all.add(hex("ones, enough for a gob message", "ff".repeat(257)));
		all.add(hex("f7, the widest length", "f7" + "ff".repeat(16)));
		all.add(hex("gob message of 8 GiB", "fb0200000000ff81030101"));
		all.add(hex("gob message over the limit", "fd500000ff81030101"));
		all.add(hex("gob message of length 0", "00ff8103010102"));
		all.add(hex("gob value first", "0eff82010941726974682e41646400"));
		all.add(hex("gob id of its own first", "147d030101024142"));
		all.add(text("8 blanks", "        " + GOOD));
		all.add(text("line feeds", "\r\n\r\n\r\n\r\n" + GOOD));
		all.add(text("byte order mark", "\ufeff" + GOOD));
		all.add(text("json array", "[" + GOOD + "]"));
		all.add(text("json string", "\"" + "x".repeat(100) + "\""));
		all.add(text("json null", "null\n"));
		all.add(text("lower case connect", "connect /_goRPC_ HTTP/1.0\n\n"));
		all.add(text("nothing at all", ""));
		all.add(text("one brace", "{"));
		all.add(text("half a method", "CONN"));
		all.add(hex("gob length of 3 bytes", "fd"));
	}

	private static void addJson(List<HostileInput> all) {
		all.add(text("braces without end", "{{{{{{{{{{{{{{{{{{{"));
		all.add(text("nested 100,000 deep", "{\"params\":" + "[".repeat(100_000)));
		all.add(text("objects 100,000 deep", "{\"a\":".repeat(100_000)));
		all.add(text("skipped member too deep",
				"{\"x\":" + "[".repeat(100) + "]".repeat(100) + "," + GOOD.substring(1)));
		all.add(text("argument too deep", "{\"method\":\"Echo.Tree\",\"params\":[" + "{\"left\":".repeat(70) + "null"
				+ "}".repeat(70) + "],\"id\":1}"));
		all.add(text("string over its limit", call("Echo.Say", "\"" + "x".repeat((1 << 20) + 1) + "\"")));
		all.add(text("message over its limit", call("Echo.Strings", "[" + "\"y\",".repeat(1_100_000) + "\"\"]")));
		all.add(text("number of 10,000 digits", call("Echo.Int", "1".repeat(10_000))));
		all.add(text("float of 10,000 digits", call("Echo.Float", "0." + "1".repeat(10_000))));
		all.add(text("exponent without end", call("Echo.Float", "1e" + "9".repeat(200))));
		all.add(text("big exponent for an int", call("Echo.Int", "1e999999999")));
		all.add(text("integer overflow", call("Echo.Int", "9223372036854775808")));
		all.add(text("minus zero and a point for an int", call("Echo.Int", "-0.0")));
		all.add(text("string for an int", call("Echo.Int", "\"1\"")));
		all.add(text("list for a struct", call("Arith.Add", "[1,2]")));
		all.add(text("time that is none", call("Echo.Time", "\"2023-13-41T99:99:99Z\"")));
		all.add(text("bytes that are no base64", call("Echo.Bytes", "\"%%%\"")));
		all.add(text("params is an object", "{\"method\":\"Arith.Add\",\"params\":{\"a\":1},\"id\":1}"));
		all.add(text("params is missing", "{\"method\":\"Arith.Add\",\"id\":1}"));
		all.add(text("no method", "{}"));
		all.add(text("class name", call("Arith.Add", "{\"@class\":\"java.lang.Runtime\",\"a\":1}")));
		all.add(text("unknown service", call("Runtime.Exec", "{}")));
		all.add(text("method of Object", call("Arith.HashCode", "{}")));
		all.add(text("name of 100,000 bytes", call("A".repeat(100_000) + ".B", "{}")));
		all.add(text("name with control characters", call("Arith\\u0000\\r\\n.Add", "{}")));
		all.add(text("lone surrogate", call("Echo.Say", "\"\\ud800\"")));
		all.add(bytes("invalid utf-8", concatenate(bytes("{\"method\":\"Echo.Say\",\"params\":[\""),
				HEX.parseHex("c3280aff"), bytes("\"],\"id\":1}"))));
		all.add(bytes("overlong utf-8", concatenate(bytes("{\"method\":\"Echo.Say\",\"params\":[\""),
				HEX.parseHex("c0af"), bytes("\"],\"id\":1}"))));
		all.add(text("control character in a string", call("Echo.Say", "\"\u0001\"")));
		all.add(text("method is a number", "{\"method\":1,\"params\":[1],\"id\":1}"));
		all.add(text("two commas", "{\"method\":\"Arith.Add\",,}"));
		all.add(text("closed twice", "{}}"));
		all.add(text("text for the name of a member", "{\"a\":1," + "z".repeat(600)));
		all.add(text("comment", "{/* */}"));
		all.add(text("single quotes", "{'method':'Arith.Add'}"));
		all.add(text("NaN", call("Echo.Float", "NaN")));
		all.add(text("cut in a string", "{\"method\":\"Arith.A"));
		all.add(text("cut in an escape", "{\"method\":\"\\u00"));
		all.add(text("cut behind params", "{\"method\":\"Arith.Add\",\"params\":[1],"));
		all.add(text("100,000 members", "{" + "\"x\":1,".repeat(100_000) + GOOD.substring(1)));
		all.add(text("the same member 1,000 times", "{" + "\"id\":1,".repeat(1_000) + GOOD.substring(1)));
		all.add(text("id nested 1,000 deep", "{\"id\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}"));
		all.add(text("id of 1 MiB", "{\"method\":\"Arith.Add\",\"params\":[],\"id\":\"" + "i".repeat(1 << 20) + "\"}"));
		all.add(text("list of two million zeros", call("Echo.Ints", "[" + "0,".repeat(2_000_000) + "0]")));
	}

	private static void addHttp(List<HostileInput> all) {
		all.add(text("get", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
		all.add(text("get of the page", "GET /debug/rpc HTTP/1.0\r\n\r\n"));
		all.add(text("post with a body", "POST /_goRPC_ HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"));
		all.add(text("other path", "CONNECT /other HTTP/1.0\n\n"));
		all.add(text("host and port", "CONNECT example.org:443 HTTP/1.1\r\n\r\n"));
		all.add(text("no version", "CONNECT /_goRPC_\n\n"));
		all.add(text("http/9", "CONNECT /_goRPC_ HTTP/9.9\n\n"));
		all.add(text("connect with a length", "CONNECT /_goRPC_ HTTP/1.1\r\nContent-Length: 10\r\n\r\n"));
		all.add(text("connect in chunks", "CONNECT /_goRPC_ HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"));
		all.add(text("header without a colon", "GET / HTTP/1.1\r\nbroken\r\n\r\n"));
		all.add(text("folded header", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"));
		all.add(text("blank before the colon", "CONNECT /_goRPC_ HTTP/1.1\r\nHost : x\r\n\r\n"));
		all.add(text("nul in the path", "GET /\0 HTTP/1.1\r\n\r\n"));
		all.add(text("head of 9,000 bytes", "GET / HTTP/1.1\r\nA: " + "a".repeat(9_000) + "\r\n\r\n"));
		all.add(text("line without end", "GET /" + "a".repeat(100_000)));
		all.add(text("half a head", "CONNECT /_goRPC_ HTTP/1.0\n"));
		all.add(text("json through connect", "CONNECT /_goRPC_ HTTP/1.0\n\n" + GOOD));
		all.add(text("connect through connect", "CONNECT /_goRPC_ HTTP/1.0\n\nCONNECT /_goRPC_ HTTP/1.0\n\n"));
	}

	private static void addGob(List<HostileInput> all) {
		String add = REQUEST + "0ffe2710" + "010941726974682e41646400";
		all.add(hex("header only", add));
		all.add(hex("definition only", REQUEST));
		all.add(hex("definition twice", REQUEST + REQUEST));
		all.add(hex("header of no known type", REQUEST + "05fe27120000"));
		all.add(hex("header with field 9", REQUEST + "05fe27100a0100"));
		all.add(hex("10,000 definitions", definitions(10_000)));
		all.add(hex("definition of a list of itself, 1,000 times", add + recursion()));
		all.add(hex("body is a string", add + "040c000161"));
		all.add(hex("body is an unknown type", add + "05fe28000000"));
		all.add(hex("string of 2 GiB in a short message",
				REQUEST + "0efe271001084563686f2e53617900" + "090c00fb007fffffff61"));
	}

	// What other servers of objects, pages and commands would take.
	private static void addOtherWorlds(List<HostileInput> all) {
		all.add(hex("rmi", "4a524d4900024b"));
		all.add(hex("hessian", "4802004304696e766f6b65"));
		all.add(hex("dubbo", "dabbc2000000000000000000000000ff"));
		all.add(hex("thrift", "8001000100000004506963616c6c"));
		all.add(text("t3", "t3 12.2.1\nAS:255\nHL:19\n\n"));
		all.add(hex("gzip", "1f8b0800000000000003ab56ca4d2d29ca4c56b25270"));
		all.add(hex("zstd", "28b52ffd0458f90000"));
		all.add(hex("lz4", "04224d186040821c0000"));
		all.add(text("telnet command", "ls -l\r\n"));
		all.add(text("telnet invocation", "invoke com.example.Runner.run(\"id\")\r\n"));
		all.add(text("look-up in the first bytes", "${jndi:ldap://127.0.0.1:1/x}\r\n"));
		all.add(text("line of a log of its own", "x\r\nERROR all is lost\r\n"));
		all.add(text("colours of a terminal", "\u001b[31m\u001b]0;x\u0007\u001b[2J"));
		all.add(hex("tls of 1996", "802e0100020015000000100100800700c0030080"));
		all.add(text("get of a page of diagnostics", "GET /actuator/env HTTP/1.1\r\nHost: x\r\n\r\n"));
		all.add(text("get of the path", "GET /_goRPC_ HTTP/1.1\r\nHost: x\r\n\r\n"));
		all.add(text("get without a version", "GET /\r\n\r\n"));
		all.add(text("call behind a get", "GET / HTTP/1.1\r\nHost: x\r\n\r\n" + GOOD));
		all.add(text("two gets", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"));
		all.add(text("get with two lengths", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"));
		all.add(text("connect with two lengths",
				"CONNECT /_goRPC_ HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"));
		all.add(text("upgrade to a web socket",
				"GET /_goRPC_ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"));
		all.add(text("upgrade to http/2",
				"GET /_goRPC_ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"));
		all.add(text("compressed post", "POST /_goRPC_ HTTP/1.1\r\nContent-Encoding: gzip\r\n\r\n\u001f\u008b"));
		all.add(text("bare carriage returns", "CONNECT /_goRPC_ HTTP/1.0\r\rA: b\r\r\n\n"));
		all.add(text("form feed in a header", "CONNECT /_goRPC_ HTTP/1.0\r\nA: b\fc\r\n\r\n"));
	}

	// Names of methods that are near those of the table, or open other doors elsewhere.
	private static void addNames(List<HostileInput> all) {
		all.add(text("lower case", call("Arith.add", "{}")));
		all.add(text("blank behind the name", call("Arith.Add ", "{}")));
		all.add(text("method of a class", call("Arith.GetClass", "{}")));
		all.add(text("string of an object", call("Arith.ToString", "{}")));
		all.add(text("class instead of a service", call("com.example.Runner.Exec", "{}")));
		all.add(text("no dot", call("ArithAdd", "{}")));
		all.add(text("two dots", call("Arith..Add", "{}")));
		all.add(text("no service", call(".Add", "{}")));
		all.add(text("no method in the service", call("Arith.", "{}")));
		all.add(text("letter that looks like another", call("\u0410rith.Add", "{}")));
		all.add(text("generic call", call("Arith.$invoke", "[\"add\",[\"int\"],[1]]")));
		all.add(text("twin of a method", call("Arith.AddAsync", "{}")));
		all.add(text("no such built-in method", call("_goRPC_.Exec", "\"id\"")));
		all.add(text("built-in method with another argument", call("_goRPC_.Cancel", "\"x\"")));
		all.add(text("cancel of a call that is none", call("_goRPC_.Cancel", "18446744073709551615")));
		all.add(text("look-up in a string", call("Echo.Say", "\"${jndi:ldap://127.0.0.1:1/x}\"")));
		all.add(text("type names in members",
				call("Arith.Add", "{\"@type\":\"com.example.Evil\",\"$type\":\"Evil\",\"class\":\"Evil\",\"a\":1}")));
		all.add(text("list that names a class", call("Arith.Add", "[\"com.example.Evil\",{\"a\":1}]")));
		all.add(text("message that asks for another format",
				"{\"codec\":\"java\",\"jsonrpc\":\"2.0\"," + GOOD.substring(1)));
		all.add(text("metadata with control characters",
				"{\"meta\":{\"a\\r\\nb\":\"c\\u0000d\"}," + GOOD.substring(1)));
		all.add(text("metadata of 10,000 entries",
				"{\"meta\":{" + "\"a\":\"\",".repeat(9_999) + "\"b\":\"\"}," + GOOD.substring(1)));
		all.add(text("token of nobody",
				"{\"meta\":{\"authorization\":\"Bearer " + SECRET + "\"}," + call("Arith.Nope", "{}").substring(1)));
		all.add(text("secret text for an int", call("Echo.Int", "\"" + SECRET + "\"")));
		all.add(text("failure of a handler", call("Arith.Sleep", "-1")));
	}

	// What follows a call that was good.
	private static void addSeconds(List<HostileInput> all) {
		all.add(text("half a call behind a good one", GOOD + "{\"method\":\"Ari"));
		all.add(text("connect behind a good call", GOOD + "CONNECT /_goRPC_ HTTP/1.0\n\n"));
		all.add(bytes("gob behind a good call", concatenate(bytes(GOOD), HEX.parseHex(REQUEST))));
		all.add(bytes("json behind a good gob call", concatenate(HEX.parseHex(GOB_CALL), bytes("{\"a\":1}"))));
		all.add(hex("half a call behind a good gob call", GOB_CALL + "0ffe2710010941"));
		all.add(hex("definition again behind a good gob call", GOB_CALL + REQUEST));
		all.add(hex("message of 8 GiB behind a good gob call", GOB_CALL + "fb0200000000"));
		all.add(hex("interface value that names a class", REQUEST + "0ffe2710" + "010941726974682e41646400" + "161000"
				+ "10" + HEX.formatHex(bytes("com.example.Evil")) + "040102"));
	}

	// Each vector as the first thing that is said, and as the argument of a call.
	private static void addVectors(List<HostileInput> all) {
		for (Vectors.Case vector : Vectors.cases("decode_malformed")) {
			all.add(bytes("malformed " + vector.name(), vector.bytes()));
			for (String method : List.of("Arith.Add", "Echo.Ints", "Echo.Table", "Echo.Int", "No.Such")) {
				byte[] name = bytes(method);
				byte[] header = concatenate(
						new byte[] { (byte) (name.length + 6), (byte) 0xfe, 0x27, 0x10, 1, (byte) name.length }, name,
						new byte[1]);
				all.add(bytes("malformed " + vector.name() + " for " + method,
						concatenate(HEX.parseHex(REQUEST), header, vector.bytes())));
			}
		}
	}

	private static String definitions(int count) {
		StringBuilder all = new StringBuilder(REQUEST);
		for (int id = 10_000; id < 10_000 + count; id++) {
			// []int under an id of its own, without a name
			all.append("0efe%04x020102fe%04x0001040000".formatted(2 * id - 1, 2 * id));
		}
		return all.toString();
	}

	private static String recursion() {
		// type T []T, and then lists of one list
		String definition = "0dff810201" + "02ff820001ff820000";
		String value = "01".repeat(1_000) + "00";
		int length = 3 + value.length() / 2;
		return definition + "fe%04x".formatted(length) + "ff8200" + value;
	}

	private static String call(String method, String argument) {
		return "{\"method\":\"" + method + "\",\"params\":[" + argument + "],\"id\":1}";
	}

	private static HostileInput text(String name, String text) {
		return new HostileInput(name, bytes(text));
	}

	private static HostileInput hex(String name, String hex) {
		return new HostileInput(name, HEX.parseHex(hex));
	}

	private static HostileInput bytes(String name, byte[] bytes) {
		return new HostileInput(name, bytes);
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

}
