package io.github.netrpc.wire;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.type.TypeRef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What every format carries beyond Go's headers, and to whom.
 */
public abstract class ExtensionsContract {

	protected final CodecPair pair = new CodecPair(format());

	protected abstract WireFormat format();

	@Test
	void timeLeftAndMetadataArrive() throws Exception {
		this.pair.request(0, 5_000_000_000L, Map.of());
		this.pair.request(1, 0, Map.of("tenant", "Straße \"7\""));
		this.pair.request(2, Long.MAX_VALUE, new TreeMap<>(Map.of("a", "", "", "b")));
		assertThat(this.pair.events()).containsExactly("request 0 left 5000000000 with {}",
				"request 1 left 0 with {tenant=Straße \"7\"}",
				"request 2 left 9223372036854775807 with " + new HashMap<>(Map.of("a", "", "", "b")));
		assertThat(this.pair.server.isExtended()).isTrue();
	}

	@Test
	void receivedMetadataCannotBeChanged() throws Exception {
		this.pair.request(0, 1, Map.of("a", "b"));
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.pair.requests.get(0).metadata().clear());
	}

	@Test
	void withoutAnyBothSidesSendStockBytes() throws Exception {
		this.pair.request(0, 0, Map.of());
		assertThat(this.pair.server.isExtended()).isFalse();
		this.pair.reply(0, 7, this.pair.number(), Map.of("dropped", "x"));
		this.pair.request(1, 0, Map.of());
		this.pair.error(1, RpcCode.NOT_FOUND, Known.NOT_RUN, "no such account", Map.of("dropped", "x"));
		assertThat(this.pair.events()).containsExactly("request 0", "reply 0 = 7", "request 1",
				"reply 1 failed: no such account null null");
		assertThat(sent(this.pair)).doesNotContain("imeLeft", "eta", "ode", "nown\"", "bsent");
	}

	@Test
	void callsWithoutExtensionsTakeNotOneByteMoreBesideOthers() throws Exception {
		CodecPair stock = new CodecPair(format());
		stock.request(0, 0, Map.of());
		int before = stock.toServer.total;
		stock.request(1, 0, Map.of());
		int one = stock.toServer.total - before;
		this.pair.request(0, 1, Map.of());
		this.pair.request(1, 0, Map.of());
		before = this.pair.toServer.total;
		this.pair.request(1, 0, Map.of());
		assertThat(this.pair.toServer.total - before).isEqualTo(one);
		assertThat(this.pair.requests.get(0).isExtended()).isTrue();
		assertThat(this.pair.requests.get(2).isExtended()).isFalse();
	}

	@Test
	void serverSendsItsOwnFromTheFirstExtendedRequestOn() throws Exception {
		this.pair.request(0, 0, Map.of());
		this.pair.request(1, 0, Map.of());
		this.pair.reply(0, 10, this.pair.number(), Map.of("dropped", "x"));
		this.pair.request(2, 1, Map.of());
		this.pair.reply(1, 11, this.pair.number(), Map.of("k", "v"));
		this.pair.reply(2, 12, this.pair.number(), Map.of());
		this.pair.request(3, 0, Map.of());
		this.pair.error(3, RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN, "full", Map.of("k", "v"));
		this.pair.events.removeIf((event) -> event.startsWith("request"));
		assertThat(this.pair.events()).containsExactly("reply 0 = 10", "extended", "reply 1 with {k=v}", "reply 1 = 11",
				"reply 2 = 12", "reply 3 with {k=v}", "reply 3 failed: full RESOURCE_EXHAUSTED NOT_RUN");
	}

	@Test
	void errorsSayTheirCodeAndWhatIsKnown() throws Exception {
		for (RpcCode code : RpcCode.values()) {
			for (Known known : new @Nullable Known[] { null, Known.NOT_RUN, Known.MAYBE_RAN, Known.RAN_AND_FAILED }) {
				int seq = this.pair.requests.size();
				this.pair.request(seq, 1, Map.of());
				this.pair.error(seq, code, known, "e", Map.of());
				// OK is no failure, and what may be is not said
				assertThat(this.pair.events()).last()
					.isEqualTo("reply " + seq + " failed: e " + ((code != RpcCode.OK) ? code : RpcCode.UNKNOWN) + " "
							+ ((known != Known.MAYBE_RAN) ? known : null));
			}
		}
	}

	@Test
	void absentRepliesAreToldFromZeroValues() throws Exception {
		this.pair.request(0, 1, Map.of());
		check(null, new TypeRef<String>() {
		}, "null");
		check("", new TypeRef<String>() {
		}, "");
		check(null, new TypeRef<List<String>>() {
		}, "null");
		check(List.of(), new TypeRef<List<String>>() {
		}, "[]");
		check(Optional.empty(), new TypeRef<Optional<String>>() {
		}, "Optional.empty");
		check(null, new TypeRef<Optional<String>>() {
		}, "Optional.empty");
		check(Optional.of("x"), new TypeRef<Optional<String>>() {
		}, "Optional[x]");
		check(OptionalInt.empty(), new TypeRef<OptionalInt>() {
		}, "OptionalInt.empty");
		check(OptionalInt.of(0), new TypeRef<OptionalInt>() {
		}, "OptionalInt[0]");
		check(null, new TypeRef<Integer>() {
		}, "null");
	}

	private void check(@Nullable Object value, TypeRef<?> type, String received) throws Exception {
		this.pair.reply(0, value, this.pair.plan(type), Map.of());
		assertThat(this.pair.events()).last().isEqualTo("reply 0 = " + received);
	}

	@Test
	void stockCallersGetZeroValuesForAbsentReplies() throws Exception {
		this.pair.request(0, 0, Map.of());
		check(null, new TypeRef<Integer>() {
		}, "0");
		check(Optional.empty(), new TypeRef<Optional<Integer>>() {
		}, "Optional[0]");
	}

	@Test
	void primitivesAreNeverNull() throws Exception {
		this.pair.request(0, 1, Map.of());
		MessageBuffer buffer = this.pair.format.newBuffer();
		this.pair.server.encodeReply(this.pair.requests.get(0), null, this.pair.number(), Map.of(), buffer);
		buffer.writeTo(this.pair.toClient);
		this.pair.expect(0, this.pair.format
			.plan(new ValueShape.Value(Primitive.class.getDeclaredMethod("number").getAnnotatedReturnType())));
		this.pair.readReplies();
		assertThat(this.pair.events()).last().isEqualTo("reply 0 = 0");
	}

	@Test
	void resultsOfVoidAreNotMarkedAbsent() throws Exception {
		this.pair.request(0, 1, Map.of());
		ValuePlan nothing = this.pair.format.plan(ValueShape.EMPTY);
		this.pair.reply(0, null, nothing, Map.of());
		int with = this.pair.toClient.total;
		this.pair.reply(0, new Object(), nothing, Map.of());
		assertThat(this.pair.toClient.total - with).isLessThanOrEqualTo(with);
		assertThat(this.pair.events()).last().isEqualTo("reply 0 = null");
	}

	@Test
	void noticesBelongToNoCall() throws Exception {
		this.pair.request(0, 1, Map.of());
		this.pair.notice(Map.of("drain", "true"));
		this.pair.reply(0, 7, this.pair.number(), Map.of());
		assertThat(this.pair.events()).containsExactly("request 0 left 1 with {}", "extended", "notice {drain=true}",
				"reply 0 = 7");
	}

	@Test
	void noticesAreNotForStockPeers() throws Exception {
		this.pair.request(0, 0, Map.of());
		assertThatIllegalStateException().isThrownBy(() -> this.pair.notice(Map.of("drain", "true")));
	}

	@Test
	void stockRepliesWithTheNumberOfNoticesAreNobodys() throws Exception {
		this.pair.request(-1, 0, Map.of());
		this.pair.expect(-1, this.pair.number());
		MessageBuffer buffer = this.pair.format.newBuffer();
		this.pair.server.encodeReply(this.pair.requests.get(0), 7, this.pair.number(), Map.of(), buffer);
		buffer.writeTo(this.pair.toClient);
		this.pair.readReplies();
		assertThat(this.pair.events()).containsExactly("request -1", "reply 18446744073709551615 = 7");
	}

	@Test
	void repliesThatNobodyWaitsForAreReadOver() throws Exception {
		this.pair.request(0, 1, Map.of());
		MessageBuffer buffer = this.pair.format.newBuffer();
		for (int i = 0; i < 3; i++) {
			this.pair.server.encodeReply(this.pair.requests.get(0), i, this.pair.number(), Map.of("a", "b"), buffer);
			buffer.writeTo(this.pair.toClient);
		}
		this.pair.readReplies();
		assertThat(this.pair.events()).containsExactly("request 0 left 1 with {}", "extended", "reply 0 with {a=b}",
				"reply 0 = 0");
	}

	@Test
	void allOfItComesThroughOneByteAtATime() throws Exception {
		CodecPair source = new CodecPair(format());
		MessageBuffer buffer = source.format.newBuffer();
		CodecPair target = new CodecPair(source.format);
		CodecPair.Bytes all = new CodecPair.Bytes();
		ClientCodec client = source.format.clientCodec();
		for (int i = 0; i < 3; i++) {
			client.encodeRequest(CodecPair.METHOD, i, 1_000 * i, Map.of("k", "v" + i), i, source.number(), buffer);
			buffer.writeTo(all);
		}
		for (int i = 0; i < all.length; i++) {
			target.toServer.write(all.bytes, i, 1);
			target.readRequests();
		}
		assertThat(target.events()).containsExactly("request 0 left 0 with {k=v0}", "request 1 left 1000 with {k=v1}",
				"request 2 left 2000 with {k=v2}");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void metadataAtTheirBoundsArrive(boolean metadataOfReply) throws Exception {
		Map<String, String> most = new HashMap<>();
		for (int i = 0; i < MetadataLimits.MAX_ENTRIES; i++) {
			most.put("k%02d".formatted(i), "v".repeat(125));
		}
		assertThat(most.size() * 128).isEqualTo(MetadataLimits.MAX_BYTES);
		this.pair.request(0, 1, metadataOfReply ? Map.of() : most);
		this.pair.reply(0, 7, this.pair.number(), metadataOfReply ? most : Map.of());
		assertThat(this.pair.events()).contains("reply 0 = 7").anyMatch((event) -> event.contains(most.toString()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "new\nline", "\u0000", "\u007f", "\u0085" })
	void controlCharactersAreNotSent(String text) throws Exception {
		refused(Map.of("key", text), "a value has the control character");
		refused(Map.of(text, "value"), "a key has the control character");
	}

	@Test
	void metadataBeyondTheBoundsAreNotSent() throws Exception {
		Map<String, String> many = new HashMap<>();
		for (int i = 0; i <= MetadataLimits.MAX_ENTRIES; i++) {
			many.put("k" + i, "v");
		}
		refused(many, "65 entries (limit: 64)");
		refused(Map.of("key", "x".repeat(MetadataLimits.MAX_BYTES - 2)), "8193 bytes (limit: 8192)");
		refused(Map.of("é", "x".repeat(MetadataLimits.MAX_BYTES - 1)), "8193 bytes (limit: 8192)");
		refused(Map.of("\ud83d\ude00", "x".repeat(MetadataLimits.MAX_BYTES - 3)), "8193 bytes (limit: 8192)");
		Map<String, String> withNull = new HashMap<>();
		withNull.put("key", null);
		refused(withNull, "a value is null");
	}

	private void refused(Map<String, String> metadata, String why) throws Exception {
		CodecPair talk = new CodecPair(format());
		MessageBuffer buffer = talk.format.newBuffer();
		assertThatExceptionOfType(EncodeException.class)
			.isThrownBy(() -> talk.client.encodeRequest(CodecPair.METHOD, 0, 1, metadata, 1, talk.number(), buffer))
			.withMessageContaining(why);
		assertThat(buffer.size()).isZero();
		talk.request(0, 1, Map.of("a", "b"));
		assertThatExceptionOfType(EncodeException.class)
			.isThrownBy(() -> talk.server.encodeReply(talk.requests.get(0), 1, talk.number(), metadata, buffer))
			.withMessageContaining(why);
		assertThat(buffer.size()).isZero();
		assertThatExceptionOfType(EncodeException.class).isThrownBy(() -> talk.server.encodeNotice(metadata, buffer))
			.withMessageContaining(why);
		assertThat(buffer.size()).isZero();
		talk.error(0, RpcCode.ABORTED, null, "matters more", metadata);
		assertThat(talk.events()).containsExactly("request 0 left 1 with {a=b}", "extended",
				"reply 0 failed: matters more ABORTED null");
	}

	/** All bytes that went over the connection, as far as they are text. */
	private static String sent(CodecPair pair) {
		return new String(pair.toServer.bytes) + new String(pair.toClient.bytes);
	}

	/**
	 * Sends a request that costs its call only, and one after it.
	 * @param hostile the bytes of the first one
	 * @param why part of what the caller is told
	 */
	protected void costsItsCallOnly(byte[] hostile, String why) throws Exception {
		this.pair.toServer.write(hostile);
		this.pair.readRequests();
		assertThat(this.pair.events()).hasSize(1).first().asString().startsWith("refused: ").contains(why);
		assertThat(this.pair.server.inRequest()).isFalse();
		assertThat(this.pair.requests.get(0).metadata()).isEmpty();
	}

	/** A map with more entries, or bytes, than may be sent. */
	protected static Map<String, String> tooMuch(boolean entries) {
		Map<String, String> map = new TreeMap<>();
		if (entries) {
			for (int i = 0; i <= MetadataLimits.MAX_ENTRIES; i++) {
				map.put("k" + i, "v");
			}
			return map;
		}
		return new TreeMap<>(Map.of("key", "x".repeat(MetadataLimits.MAX_BYTES - 2)));
	}

	protected static byte[] concat(byte[]... parts) {
		byte[] all = {};
		for (byte[] part : parts) {
			int before = all.length;
			all = Arrays.copyOf(all, before + part.length);
			System.arraycopy(part, 0, all, before, part.length);
		}
		return all;
	}

	interface Primitive {

		int number();

	}

}
