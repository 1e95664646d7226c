package io.github.netrpc.interop;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.gob.Vectors;

/**
 * A connection of real Go, recorded step by step.
 *
 * @param node the vector
 */
record Conversation(JsonNode node) {

	private static final String HEAD_END = "\n\n";

	static Stream<Conversation> all() {
		return Stream.of("rpc_gob", "rpc_gob_raw", "rpc_json", "rpc_json_raw", "rpc_http")
			.flatMap((file) -> Vectors.cases(file).stream())
			.map((vector) -> new Conversation(vector.node()));
	}

	String name() {
		return this.node.get("name").asString();
	}

	boolean isJson() {
		return name().startsWith("j");
	}

	boolean isHttp() {
		return name().startsWith("h");
	}

	byte[] client() {
		return this.node.has("clientHex") ? bytes(this.node, "clientHex") : steps().get(0).bytes();
	}

	byte[] server() {
		return bytes(this.node, "serverHex");
	}

	/**
	 * Whether the client was the first to close, or to close its half.
	 * @return false if the server gave up
	 */
	boolean clientClosesFirst() {
		return steps().stream().filter(Step::closes).findFirst().map(Step::byClient).orElse(false);
	}

	/**
	 * How the connection ended, as far as Go's client is concerned.
	 * @return what a client has to do, too
	 */
	End clientsEnd() {
		if (!clientClosesFirst()) {
			return End.CLOSED_BY_SERVER;
		}
		boolean givenUp = calls().stream().anyMatch((call) -> call.has("dial") || isLocalFailure(call));
		return givenUp ? End.CLOSED_BY_CLIENT : End.GOES_ON;
	}

	private static boolean isLocalFailure(JsonNode call) {
		return call.has("error") && "local".equals(call.get("from").asString())
				&& !ConversationCalls.isUnanswered(call);
	}

	List<Step> steps() {
		List<Step> steps = new ArrayList<>();
		for (JsonNode step : this.node.get("steps")) {
			steps.add(new Step("client".equals(step.get("from").asString()), bytes(step, "hex"), step.has("close")));
		}
		return steps;
	}

	List<JsonNode> calls() {
		List<JsonNode> calls = new ArrayList<>();
		if (this.node.has("calls")) {
			this.node.get("calls").forEach(calls::add);
		}
		return calls;
	}

	/**
	 * How many messages end in the bytes: lines of JSON, headers and bodies of gob, and
	 * the head of HTTP.
	 * @param bytes all that one side has sent up to some moment
	 * @return the number of messages
	 */
	int messages(byte[] bytes) {
		if (isJson()) {
			return (int) new String(bytes, StandardCharsets.UTF_8).chars().filter((c) -> c == '\n').count();
		}
		int head = isHttp() ? headLength(bytes) : 0;
		return (head < 0) ? 0 : GobFrames.values(bytes, head) + (isHttp() ? 1 : 0);
	}

	/**
	 * Where the gob stream begins behind a head of HTTP.
	 * @param bytes all that one side has sent
	 * @return the length of the head, or -1 if it has not ended
	 */
	static int headLength(byte[] bytes) {
		String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "\0\n");
		int end = Math.max(text.indexOf(HEAD_END), text.indexOf("\n\0\n"));
		return (end < 0) ? -1 : end + (text.startsWith(HEAD_END, end) ? 2 : 3);
	}

	private static byte[] bytes(@Nullable JsonNode node, String member) {
		boolean present = node != null && node.has(member);
		// Of Go's debug page there is but the text.
		if (!present && node != null && node.has("text")) {
			return node.get("text").asString().getBytes(StandardCharsets.UTF_8);
		}
		return present ? HexFormat.of().parseHex(node.get(member).asString()) : new byte[0];
	}

	@Override
	public String toString() {
		return name();
	}

	/**
	 * How a connection ends.
	 */
	enum End {

		/** It does not: the next call is answered on it. */
		GOES_ON,

		/** The client closes it because of what it has received. */
		CLOSED_BY_CLIENT,

		/** The server closes it. */
		CLOSED_BY_SERVER

	}

	/**
	 * What one side did.
	 *
	 * @param byClient whether it was the client
	 * @param bytes what was sent
	 * @param closes whether that side ended its output
	 */
	record Step(boolean byClient, byte[] bytes, boolean closes) {
	}

}
