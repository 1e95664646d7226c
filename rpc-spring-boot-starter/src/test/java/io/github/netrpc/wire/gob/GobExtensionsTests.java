package io.github.netrpc.wire.gob;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.GobWriter;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.gob.SentTypes;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.ExtensionsContract;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Our header fields over gob, also from peers that mean them badly.
 */
class GobExtensionsTests extends ExtensionsContract {

	private final Gob gob = Gob.standard();

	private final SentTypes sent = this.gob.sentTypes();

	private int replies;

	@Override
	protected WireFormat format() {
		return new GobWireFormat(WireLimits.DEFAULT, GobTypes.standard(), PropertyNames.standard());
	}

	@Test
	void aFieldMayBeTheOnlyOneThatIsKnown() throws Exception {
		this.pair.toServer.write(message(new OnlyTimeLeft("Any.Thing", 7, 1_000), OnlyTimeLeft.class));
		this.pair.toServer.write(message(5, Integer.class));
		this.pair.readRequests();
		assertThat(this.pair.events()).containsExactly("request 5 left 1000 with {}");
		assertThat(this.pair.requests.get(0).seq()).isEqualTo(7);
	}

	@Test
	void zeroFieldsOfAnExtendedTypeSayEnough() throws Exception {
		this.pair.toServer.write(message(new OnlyTimeLeft("Any.Thing", 7, 0), OnlyTimeLeft.class));
		this.pair.toServer.write(message(5, Integer.class));
		this.pair.readRequests();
		assertThat(this.pair.server.isExtended()).isTrue();
		assertThat(this.pair.events()).containsExactly("request 5 left 0 with {}");
	}

	@Test
	void metadataWithoutTimeAreReadAndMakeNobodyExtended() throws Exception {
		this.pair.toServer.write(message(new OnlyTexts("Any.Thing", 7, Map.of("a", "b")), OnlyTexts.class));
		this.pair.toServer.write(message(5, Integer.class));
		this.pair.readRequests();
		assertThat(this.pair.server.isExtended()).isFalse();
		assertThat(this.pair.events()).containsExactly("request 5 with {a=b}");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tooManyMetadataWithoutTimeCostTheCall(boolean entries) throws Exception {
		costsItsCallOnly(request(new OnlyTexts("Any.Thing", 7, tooMuch(entries)), OnlyTexts.class),
				entries ? "65 entries (limit: 64), at Meta" : "more than 8192 bytes of keys and values, at Meta");
		assertThat(this.pair.requests.get(0).isBeyondLimit()).isTrue();
		assertThat(this.pair.server.isExtended()).isFalse();
	}

	@Test
	void metadataOfOthersAreTheirOwn() throws Exception {
		this.pair.toServer.write(message(new OnlyMeta("Any.Thing", 7, List.of("x")), OnlyMeta.class));
		this.pair.toServer.write(message(5, Integer.class));
		this.pair.readRequests();
		assertThat(this.pair.server.isExtended()).isFalse();
		assertThat(this.pair.events()).containsExactly("request 5");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tooManyMetadataCostTheCall(boolean entries) throws Exception {
		costsItsCallOnly(request(new Request("Any.Thing", 0, 1, tooMuch(entries)), Request.class),
				entries ? "65 entries (limit: 64), at Meta" : "more than 8192 bytes of keys and values, at Meta");
		assertThat(this.pair.requests.get(0).isBeyondLimit()).isTrue();
		goesOn();
	}

	@Test
	void aMillionEntriesAreNotMade() throws Exception {
		Map<String, String> map = new TreeMap<>();
		for (int i = 0; i < 200_000; i++) {
			map.put(Integer.toString(i, 36), "");
		}
		byte[] hostile = request(new Request("Any.Thing", 0, 1, map), Request.class);
		costsItsCallOnly(hostile, "200000 entries");
		goesOn();
	}

	@Test
	void negativeTimesCostTheCall() throws Exception {
		costsItsCallOnly(request(new Request("Any.Thing", 0, -5, Map.of()), Request.class), "-5 ns left");
		goesOn();
	}

	@Test
	void otherKindsCostTheCall() throws Exception {
		costsItsCallOnly(request(new TextTimeLeft("Any.Thing", 0, "soon"), TextTimeLeft.class),
				"Received string, expected int64, at TimeLeft");
		goesOn();
	}

	@Test
	void otherKindsOfMetadataCostTheCall() throws Exception {
		costsItsCallOnly(request(new NumberMeta("Any.Thing", 0, 1, Map.of("a", 1)), NumberMeta.class),
				"Received map of string to int, expected map[string]string, at Meta");
		goesOn();
	}

	@Test
	void refusedMetadataOfUnknownMethodsStayInStep() throws Exception {
		this.pair.withoutMethod();
		costsItsCallOnly(request(new Request("Any.Thing", 0, 1, tooMuch(true)), Request.class), "65 entries");
	}

	@Test
	void aHeaderThatIsCutShortCostsTheConnection() throws Exception {
		byte[] bytes = request(new Request("Any.Thing", 0, 1, Map.of("key", "value")), Request.class);
		// The length of the first text of Meta goes beyond the message
		int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\u0003key");
		bytes[at] = 100;
		this.pair.toServer.write(bytes);
		assertThatExceptionOfType(WireException.class).isThrownBy(this.pair::readRequests)
			.withMessageStartingWith("Request header: ");
	}

	@Test
	void strangeNumbersInRepliesMeanNothing() throws Exception {
		reply(new Response("Any.Thing", 0, "e", 17, 3, false, Map.of()), Response.class);
		reply(new Response("Any.Thing", 1, "e", -1, -1, false, Map.of()), Response.class);
		reply(new Response("Any.Thing", 2, "e", 0, 2, false, Map.of()), Response.class);
		assertThat(this.pair.events()).containsExactly("extended", "reply 0 failed: e UNKNOWN null",
				"reply 1 failed: e UNKNOWN null", "reply 2 failed: e UNKNOWN RAN_AND_FAILED");
	}

	@Test
	void aCodeWithoutAnErrorIsSuccess() throws Exception {
		reply(new Response("Any.Thing", 0, "", 13, 1, false, Map.of()), Response.class);
		assertThat(this.pair.events()).containsExactly("extended", "reply 0 = 0");
	}

	@Test
	void tooManyMetadataOfAReplyCostTheCall() throws Exception {
		reply(new Response("Any.Thing", 0, "", 0, 0, false, tooMuch(true)), Response.class);
		reply(new Response("Any.Thing", 1, "e", 5, 1, false, tooMuch(false)), Response.class);
		reply(new Response("Any.Thing", 2, "", 0, 0, false, Map.of("a", "b")), Response.class);
		assertThat(this.pair.events()).containsExactly("extended",
				"reply 0 misfit: Response header: 65 entries (limit: 64), at Meta",
				"reply 1 failed: e NOT_FOUND NOT_RUN", "reply 2 with {a=b}", "reply 2 = 2");
	}

	@Test
	void otherKindsInAReplyCostTheCall() throws Exception {
		reply(new TextCode("Any.Thing", 0, "bad"), TextCode.class);
		reply(new Response("Any.Thing", 1, "", 0, 0, false, Map.of()), Response.class);
		assertThat(this.pair.events()).containsExactly("extended",
				"reply 0 misfit: Response header: Received string, expected uint64, at Code", "reply 1 = 1");
	}

	@Test
	void noticesWithTooManyMetadataSayNothing() throws Exception {
		reply(new Response("", -1, "", 0, 0, false, tooMuch(true)), Response.class);
		reply(new Response("", -1, "strange", 14, 0, true, Map.of("drain", "true")), Response.class);
		assertThat(this.pair.events()).containsExactly("extended", "notice {}", "notice {drain=true}");
	}

	@Test
	void absentBodiesAreReadOverWhateverTheyAre() throws Exception {
		this.pair.expect(0, this.pair.number());
		this.pair.toClient.write(message(new Response("", 0, "", 0, 0, true, Map.of()), Response.class));
		this.pair.toClient.write(message("no number", String.class));
		this.pair.readReplies();
		assertThat(this.pair.events()).containsExactly("extended", "reply 0 = null");
	}

	private void goesOn() throws Exception {
		this.pair.toServer.write(message(new Request("Any.Thing", 9, 3, Map.of("a", "b")), Request.class));
		this.pair.toServer.write(message(6, Integer.class));
		this.pair.readRequests();
		assertThat(this.pair.events()).containsExactly("request 6 left 3 with {a=b}");
	}

	private <T> byte[] request(T header, Class<T> type) {
		return concat(message(header, type), message(5, Integer.class));
	}

	private <T> void reply(T header, Class<T> type) throws Exception {
		for (int i = 0; i < 3; i++) {
			this.pair.expect(i, this.pair.number());
		}
		this.pair.toClient.write(message(header, type));
		this.pair.toClient.write(message(this.replies++, Integer.class));
		this.pair.readReplies();
	}

	/** A message of this test's own stream, with the definitions that it needs. */
	private <T> byte[] message(T value, Class<T> type) {
		GobWriter message = this.gob.writer();
		this.gob.type(type).write(value, message);
		GobWriter out = this.gob.writer();
		this.sent.appendMissing(message, out);
		out.append(message);
		return Arrays.copyOf(out.array(), out.length());
	}

	record Request(String serviceMethod, @Unsigned long seq, long timeLeft, Map<String, String> meta) {
	}

	record OnlyTimeLeft(String serviceMethod, @Unsigned long seq, long timeLeft) {
	}

	record OnlyTexts(String serviceMethod, @Unsigned long seq, Map<String, String> meta) {
	}

	record OnlyMeta(String serviceMethod, @Unsigned long seq, List<String> meta) {
	}

	record TextTimeLeft(String serviceMethod, @Unsigned long seq, String timeLeft) {
	}

	record NumberMeta(String serviceMethod, @Unsigned long seq, long timeLeft, Map<String, Integer> meta) {
	}

	record Response(String serviceMethod, @Unsigned long seq, String error, @Unsigned long code, @Unsigned long known,
			boolean absent, Map<String, String> meta) {
	}

	record TextCode(String serviceMethod, @Unsigned long seq, String code) {
	}

}
