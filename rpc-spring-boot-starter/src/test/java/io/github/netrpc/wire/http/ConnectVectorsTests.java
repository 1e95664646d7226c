package io.github.netrpc.wire.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.gob.Vectors;
import io.github.netrpc.interop.DifferencesFromGo;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.wire.WireException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The handshakes of rpc_http.json, recorded from Go's server and client, both sides,
 * whole and cut at every size.
 */
class ConnectVectorsTests {

	/** What DialHTTP says, without its prefix. */
	private static final String UNEXPECTED = "unexpected HTTP response: ";

	@ParameterizedTest(name = "{0}")
	@MethodSource("requests")
	void readAnswersAsGoDoesHoweverTheRequestIsCut(String name, byte[] request, byte[] following, String answer) {
		byte[] all = concatenate(request, following);
		for (int step = 1; step <= all.length; step++) {
			ConnectRequestReader reader = new ConnectRequestReader(ConnectPath.DEFAULT);
			int consumed = 0;
			for (int to = step; consumed == 0; to = Math.min(to + step, all.length)) {
				assertThat(ConnectRequestReader.detect(all, 0, Math.max(to, 8)))
					.isEqualTo(ConnectRequestReader.Detection.YES);
				consumed = reader.read(all, 0, to);
			}
			assertThat(consumed).as("head of %s in pieces of %d bytes", name, step).isEqualTo(request.length);
			assertThat(text(reader)).isEqualTo(answer);
			assertThat(reader.isConnected()).isEqualTo(answer.startsWith("HTTP/1.0 200"));
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("answers")
	void readJudgesAnswersAsGoDoesHoweverTheyAreCut(String name, byte[] answer, byte[] following,
			@Nullable String failure) {
		byte[] all = concatenate(answer, following);
		for (int step = 1; step <= all.length; step++) {
			ConnectAnswerReader reader = new ConnectAnswerReader(ConnectPath.DEFAULT);
			String failed = null;
			int consumed = 0;
			for (int to = step; consumed == 0 && failed == null; to = Math.min(to + step, all.length)) {
				try {
					consumed = reader.read(all, 0, to);
				}
				catch (WireException ex) {
					failed = ex.getMessage();
				}
			}
			if (failure == null) {
				assertThat(failed).isNull();
				assertThat(consumed).as("head of %s in pieces of %d bytes", name, step).isEqualTo(answer.length);
			}
			else if (failure.startsWith(UNEXPECTED)) {
				assertThat(failed).isEqualTo(failure + " (expected: 200 Connected to Go RPC), answering CONNECT "
						+ ConnectPath.DEFAULT.value());
			}
			else {
				assertThat(failed).startsWith("malformed HTTP response: \"h")
					.contains("expected: 200 Connected to Go RPC");
			}
		}
	}

	@Test
	void everyCaseIsOfOneOfTheTwoKinds() {
		assertThat(cases()).hasSize(18);
		assertThat(requests().count() + answers().count()).isEqualTo(18);
	}

	@Test
	void requestIsWhatGoSends() {
		byte[] bytes = bytes(cases().get(0).get("steps").get(0));
		assertThat(HttpText.of(ConnectPath.DEFAULT.request())).isEqualTo(new String(bytes, StandardCharsets.US_ASCII));
	}

	static Stream<Object[]> requests() {
		return cases().stream().filter((vector) -> !name(vector).startsWith("hreply_")).map((vector) -> {
			JsonNode steps = vector.get("steps");
			Difference difference = DifferencesFromGo.of(Side.SERVER, name(vector));
			String answer = (difference != null) ? DifferencesFromGo.replies(difference).get(0)
					: DifferencesFromGo.withoutHeaders(steps.get(1).get("text").asString());
			return new Object[] { name(vector), head(steps.get(0)),
					concatenate(rest(steps.get(0)), bytes(steps.get(2))), answer };
		});
	}

	static Stream<Object[]> answers() {
		return cases().stream().filter((vector) -> name(vector).startsWith("hreply_")).map((vector) -> {
			JsonNode steps = vector.get("steps");
			JsonNode dial = vector.get("calls").get(0).get("dial");
			String failure = (dial != null) ? dial.asString().replace("dial-http tcp ADDRESS: ", "") : null;
			return new Object[] { name(vector), head(steps.get(1)),
					concatenate(rest(steps.get(1)), "more".getBytes(StandardCharsets.US_ASCII)), failure };
		});
	}

	private static String text(ConnectRequestReader reader) {
		return HttpText.of(reader.answer());
	}

	private static String name(JsonNode vector) {
		return vector.get("name").asString();
	}

	private static byte[] head(JsonNode step) {
		return step.get("text").asString().getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * What was sent in one piece with the head.
	 */
	private static byte[] rest(JsonNode step) {
		byte[] all = bytes(step);
		return Arrays.copyOfRange(all, head(step).length, all.length);
	}

	private static byte[] bytes(@Nullable JsonNode step) {
		boolean present = step != null && step.has("hex");
		// Of the page there is but the text.
		if (!present && step != null && step.has("text")) {
			return head(step);
		}
		return present ? HexFormat.of().parseHex(step.get("hex").asString()) : new byte[0];
	}

	private static byte[] concatenate(byte[] first, byte[] second) {
		byte[] all = new byte[first.length + second.length];
		System.arraycopy(first, 0, all, 0, first.length);
		System.arraycopy(second, 0, all, first.length, second.length);
		return all;
	}

	private static List<JsonNode> cases() {
		return Vectors.cases("rpc_http").stream().map(Vectors.Case::node).toList();
	}

}
