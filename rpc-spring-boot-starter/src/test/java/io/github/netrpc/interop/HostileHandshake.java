package io.github.netrpc.interop;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * What no honest peer would send to a port that speaks TLS.
 *
 * @param name what is wrong with it
 * @param bytes all that is sent
 * @param waits whether the server waits for more, until the peer ends its output
 * @param reason what the log says must match it
 */
record HostileHandshake(String name, byte[] bytes, boolean waits, String reason) {

	private static final String FAILED = "TLS \\(rpc\\.server\\.ssl\\) failed: ";

	/** Versions and ciphers stand behind it. */
	private static final String RANDOM = "00".repeat(32) + "00";

	/**
	 * All handshakes.
	 * @return in no particular order
	 */
	static List<HostileHandshake> all() {
		return List.of(at("alert first", "15030300020228", FAILED + "the peer does not speak TLS.*"),
				at("data first", "1703030005" + "0102030405", FAILED + "the peer does not speak TLS.*"),
				at("hello of SSL 2", "802e0100020015000000100100800700c0030080",
						FAILED + "the peer does not speak TLS.*"),
				at("version 4", "1604000005" + "0100000100", FAILED + "the peer does not speak TLS.*"),
				at("handshake of nothing we know", "1603010005" + "ff00000100", FAILED + ".+"),
				at("finished first", "1603030010" + "1400000c" + "00".repeat(12), FAILED + ".+"),
				at("hello of SSL 3", hello("0300", "0300", "002f"), FAILED + ".*SSLv3.*"),
				at("hello of TLS 1.0", hello("0301", "0301", "002f"), FAILED + ".*TLSv?1.*"),
				at("hello of TLS 1.1", hello("0301", "0302", "002f"), FAILED + ".*TLSv1\\.1.*"),
				at("hello with no cipher but null", hello("0301", "0303", "0000"), FAILED + ".*cipher.*"),
				at("hello with an export cipher", hello("0301", "0303", "0003"), FAILED + ".*cipher.*"),
				at("plain text behind a record", "16030100050100010000" + plain("GET / HTTP/1.1\r\n".repeat(50)),
						FAILED + "the peer has sent what is no TLS record"),
				at("line of a log behind a record", "16030100050100010000" + plain("\r\nERROR all is lost\r\n"),
						FAILED + "the peer has sent what is no TLS record"),
				waiting("half a record", "16030102000100"), waiting("type of a record only", "16"),
				waiting("record of 64 KiB that does not come", "160301ffff" + "01"));
	}

	// A record with a client's hello: version of the record, of the hello, one cipher.
	private static String hello(String record, String version, String cipher) {
		String body = version + RANDOM + "0002" + cipher + "0100";
		String message = "01" + "00%04x".formatted(body.length() / 2) + body;
		return "16" + record + "%04x".formatted(message.length() / 2) + message;
	}

	private static String plain(String text) {
		return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static HostileHandshake at(String name, String hex, String reason) {
		return new HostileHandshake(name, HexFormat.of().parseHex(hex), false, reason);
	}

	private static HostileHandshake waiting(String name, String hex) {
		return new HostileHandshake(name, HexFormat.of().parseHex(hex), true,
				FAILED + "the peer has closed the connection during the handshake");
	}

	@Override
	public String toString() {
		return this.name;
	}

}
