package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.json.RpcJsonMapper;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.CodecPair;
import io.github.netrpc.wire.ExtensionsContract;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Our members over JSON, also from peers that mean them badly.
 */
class JsonExtensionsTests extends ExtensionsContract {

	private static final TypeRef<Integer> INTEGER = new TypeRef<>() {
	};

	@Override
	protected WireFormat format() {
		return new JsonWireFormat(WireLimits.DEFAULT,
				RpcJsonMapper.create(JsonWireFormat.mapperLimits(WireLimits.DEFAULT), List.of()));
	}

	@Test
	void membersFollowTheStockOnes() throws Exception {
		CodecPair.Bytes bytes = new CodecPair.Bytes();
		var buffer = this.pair.format.newBuffer();
		this.pair.client.encodeRequest(CodecPair.METHOD, 1, 0, Map.of("a", "<b>"), 2, this.pair.number(), buffer);
		buffer.writeTo(bytes);
		assertThat(text(bytes)).isEqualTo("{\"method\":\"Any.Thing\",\"params\":[2],\"id\":1,"
				+ "\"timeLeft\":0,\"meta\":{\"a\":\"\\u003cb\\u003e\"}}\n");
		this.pair.request(3, 9, Map.of());
		bytes = new CodecPair.Bytes();
		this.pair.server.encodeReply(this.pair.requests.get(0), null, this.pair.plan(INTEGER), Map.of(), buffer);
		buffer.writeTo(bytes);
		this.pair.server.encodeError(this.pair.requests.get(0), RpcCode.ABORTED, Known.NOT_RUN, "no", Map.of("k", "v"),
				buffer);
		buffer.writeTo(bytes);
		this.pair.server.encodeNotice(Map.of("drain", "true"), buffer);
		buffer.writeTo(bytes);
		assertThat(text(bytes)).isEqualTo("""
				{"id":3,"result":0,"error":null,"code":0,"absent":true}
				{"id":3,"result":null,"error":"no","code":10,"known":1,"meta":{"k":"v"}}
				{"id":18446744073709551615,"result":{},"error":null,"code":0,"meta":{"drain":"true"}}
				""");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "0|left 0 with {}", "7|left 7 with {}", "null|left 0 with {}",
					"9223372036854775807|left 9223372036854775807 with {}", "1,\"meta\":null|left 1 with {}",
					"1,\"meta\":{}|left 1 with {}",
					"1 , \"META\" : { \"a\" : \"b\" , \"c\":\"\" } |left 1 with {a=b, c=}",
					"1,\"meta\":{\"a\":\"b\",\"a\":\"c\"}|left 1 with {a=c}", "1,\"timeLeft\":2|left 2 with {}",
					"1,\"meta\":{\"a\":\"b\"},\"meta\":{\"c\":\"d\"}|left 1 with {c=d}",
					"1,\"meta\":[1],\"meta\":null|left 1 with {}",
					"1,\"meta\":{\"\\u0061\\t\":\"\\\"}{,\"}|left 1 with {a\t=\"}{,}" })
	void membersAreReadAsGoWould(String members, String found) throws Exception {
		this.pair.toServer.write(request(members.strip()));
		this.pair.readRequests();
		assertThat(this.pair.events()).containsExactly("request 5 " + found);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "1.0", "1e3", "\"1\"", "true", "{}", "[]", "9223372036854775808",
			"99999999999999999999999" })
	void timesThatAreNoIntegersCostTheCall(String value) throws Exception {
		costsItsCallOnly(request(value), "timeLeft: ");
		goesOn();
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "\"a\"", "7", "true", "{\"a\":null}", "{\"a\":1}", "{\"a\":{}}", "{\"a\":[\"b\"]}",
			"{\"a\":\"b\",\"c\":false}" })
	void metadataThatAreNoTextsCostTheCall(String value) throws Exception {
		costsItsCallOnly(request("1,\"meta\":" + value), "meta: ");
		assertThat(this.pair.requests.get(0).isBeyondLimit()).isFalse();
		goesOn();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tooManyMetadataCostTheCall(boolean entries) throws Exception {
		costsItsCallOnly(request("1,\"meta\":" + json(tooMuch(entries))),
				entries ? "more than 64 entries" : "more than 8192 bytes");
		assertThat(this.pair.requests.get(0).isBeyondLimit()).isTrue();
		goesOn();
	}

	@Test
	void metadataOfEscapesAreMeasuredAsWhatTheyMean() throws Exception {
		String escaped = "\\u0061".repeat(8_000);
		costsItsCallOnly(request("1,\"meta\":{\"k\":\"" + "\\u0061".repeat(100_000) + "\"}"), "more than 8192 bytes");
		this.pair.toServer.write(request("1,\"meta\":{\"k\":\"" + escaped + "\"}"));
		this.pair.readRequests();
		assertThat(this.pair.events()).containsExactly("request 5 left 1 with {k=" + "a".repeat(8_000) + "}");
	}

	@Test
	void metadataWithoutTimeAreReadAndMakeNobodyExtended() throws Exception {
		this.pair.toServer.write(bytes("{\"meta\":{\"a\":\"b\"},\"method\":\"Any.Thing\",\"params\":[5],\"id\":1}"));
		this.pair.readRequests();
		assertThat(this.pair.server.isExtended()).isFalse();
		assertThat(this.pair.events()).containsExactly("request 5 with {a=b}");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tooManyMetadataWithoutTimeCostTheCall(boolean entries) throws Exception {
		costsItsCallOnly(
				bytes("{\"meta\":" + json(tooMuch(entries)) + ",\"method\":\"Any.Thing\",\"params\":[5],\"id\":1}"),
				entries ? "more than 64 entries" : "more than 8192 bytes");
		assertThat(this.pair.requests.get(0).isBeyondLimit()).isTrue();
		assertThat(this.pair.server.isExtended()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "{}", "5", "[1]", "\"a\"", "{\"a\":1}", "{\"a\":null}", "{\"a\":\"b\",\"c\":[]}" })
	void metadataWithoutTimeThatAreNoTextsAreSomebodyElses(String meta) throws Exception {
		this.pair.toServer.write(bytes("{\"meta\":" + meta + ",\"method\":\"Any.Thing\",\"params\":[5],\"id\":1}"));
		this.pair.readRequests();
		assertThat(this.pair.server.isExtended()).isFalse();
		assertThat(this.pair.events()).containsExactly("request 5");
	}

	@Test
	void refusedMembersOfUnknownMethodsStayInStep() throws Exception {
		this.pair.withoutMethod();
		costsItsCallOnly(request("\"soon\""), "timeLeft: ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "\"error\":\"e\",\"code\":17|failed: e UNKNOWN null",
			"\"error\":\"e\",\"code\":5|failed: e NOT_FOUND null",
			"\"error\":\"e\",\"code\":0,\"known\":2|failed: e UNKNOWN RAN_AND_FAILED",
			"\"error\":\"e\",\"code\":-1,\"known\":3|failed: e UNKNOWN null",
			"\"error\":\"e\",\"code\":\"x\",\"known\":\"x\"|failed: e UNKNOWN null",
			"\"error\":\"e\",\"code\":5,\"known\":1e0|failed: e NOT_FOUND null",
			"\"error\":\"e\",\"code\":99999999999999999999|failed: e UNKNOWN null",
			"\"error\":\"e\",\"code\":5,\"meta\":[]|failed: e NOT_FOUND null", "\"result\":1,\"code\":13|= 1",
			"\"result\":1,\"code\":0,\"absent\":\"true\"|= 1",
			"\"result\":\"no number\",\"code\":0,\"absent\":true|= null",
			"\"result\":1,\"code\":0,\"meta\":{\"a\":null}|misfit: meta: a value beginning with n (expected: a string)",
			"\"result\":1,\"CODE\":0,\"code\":0|= 1" })
	void strangeMembersOfRepliesMeanLittle(String members, String found) throws Exception {
		this.pair.expect(0, this.pair.number());
		this.pair.toClient.write(bytes("{" + members + ",\"id\":0}"));
		this.pair.readReplies();
		assertThat(this.pair.events()).containsExactly("extended", "reply 0 " + found);
		this.pair.expect(1, this.pair.number());
		this.pair.toClient.write(bytes("{\"id\":1,\"result\":7,\"error\":null}"));
		this.pair.readReplies();
		assertThat(this.pair.events()).isEqualTo(List.of("reply 1 = 7"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"known\":1,\"absent\":true,\"meta\":{\"a\":\"b\"}", "\"code\":null", "\"meta\":[]" })
	void repliesWithoutACodeAreStockOnes(String members) throws Exception {
		this.pair.expect(0, this.pair.number());
		this.pair.toClient.write(bytes("{\"result\":7,\"id\":0," + members + "}"));
		this.pair.toClient.write(bytes("{\"error\":\"none\",\"id\":1," + members + "}"));
		this.pair.expect(1, this.pair.number());
		this.pair.readReplies();
		assertThat(this.pair.events()).containsExactly("reply 0 = 7", "reply 1 failed: none null null");
	}

	@Test
	void randomMetadataAreReadAsJacksonDoes() throws Exception {
		Random random = new Random(16);
		JsonMapper mapper = JsonMapper.builder().build();
		for (int i = 0; i < 2_000; i++) {
			StringBuilder text = new StringBuilder("{").append(blanks(random));
			int entries = random.nextInt(5);
			for (int e = 0; e < entries; e++) {
				text.append((e > 0) ? "," + blanks(random) : "")
					.append(string(random))
					.append(blanks(random))
					.append(':')
					.append(blanks(random))
					.append(string(random))
					.append(blanks(random));
			}
			text.append('}');
			byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
			Map<String, String> expected = new LinkedHashMap<>();
			mapper.readTree(bytes)
				.properties()
				.forEach((entry) -> expected.put(entry.getKey(), entry.getValue().asString()));
			assertThat(Extensions.metadata(bytes, 0, bytes.length)).as("%s", text).isEqualTo(expected);
		}
	}

	private static String blanks(Random random) {
		return List.of("", " ", "\n\t", "").get(random.nextInt(4));
	}

	private static String string(Random random) {
		StringBuilder text = new StringBuilder("\"");
		int parts = random.nextInt(4);
		for (int i = 0; i < parts; i++) {
			text.append(List
				.of("a", "key", "\\\"", "\\\\", "\\n", "\\u00e9", "é", "{", "}", ":", ",", "\\ud83d\\ude00", "\\/")
				.get(random.nextInt(13)));
		}
		return text.append('"').toString();
	}

	private void goesOn() throws Exception {
		this.pair.toServer.write(request("3,\"meta\":{\"a\":\"b\"}"));
		this.pair.readRequests();
		assertThat(this.pair.events()).containsExactly("request 5 left 3 with {a=b}");
	}

	private static String json(Map<String, String> map) {
		return JsonMapper.builder().build().writeValueAsString(map);
	}

	private static byte[] request(String timeLeftAndMore) {
		return bytes("{\"timeLeft\":" + timeLeftAndMore + ",\"method\":\"Any.Thing\",\"params\":[5],\"id\":1}\n");
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(CodecPair.Bytes bytes) {
		return new String(bytes.bytes, StandardCharsets.UTF_8);
	}

}
