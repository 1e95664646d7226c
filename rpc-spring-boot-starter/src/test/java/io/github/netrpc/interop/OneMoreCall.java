package io.github.netrpc.interop;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * A call behind all others of a connection, to see whether it goes on: {@code Arith.Add}
 * of 20 and 22.
 */
final class OneMoreCall {

	/**
	 * Request{Arith.Add, 7777} and Args{20, 22}, under ids that no vector uses, -6000 and
	 * -6001.
	 */
	private static final byte[] GOB = HexFormat.of()
		.parseHex("31fe2edf030101075265717565737401fe2ee0000102010d536572766963654d6574686f64"
				+ "010c000103536571010600000013fe2ee0010941726974682e41646401fe1e6100"
				+ "20fe2ee1030101044172677301fe2ee2000102010141010400010142010400000008fe2ee20128012c00");

	private static final byte[] JSON = "{\"method\":\"Arith.Add\",\"params\":[{\"A\":20,\"B\":22}],\"id\":\"one more\"}\n"
		.getBytes(StandardCharsets.UTF_8);

	/** What it is answered with. */
	static final String JSON_ANSWER = "{\"id\":\"one more\",\"result\":42,\"error\":null}\n";

	static final String GOB_ANSWER = "7777 Arith.Add: 42";

	private OneMoreCall() {
	}

	/**
	 * The call in the format of a connection.
	 * @param before what was sent before
	 * @return the bytes of a request
	 */
	static byte[] after(byte[] before) {
		boolean json = new String(before, StandardCharsets.UTF_8).stripLeading().startsWith("{");
		return json ? JSON.clone() : GOB.clone();
	}

	/**
	 * Takes its answer out of the replies of a connection.
	 * @param replies lines of JSON, or number, method and value of each in gob
	 * @return whether it was there, once
	 */
	static boolean wasAnswered(List<String> replies) {
		int before = replies.size();
		replies.removeAll(List.of(JSON_ANSWER, GOB_ANSWER));
		return replies.size() == before - 1;
	}

}
