package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.CodecPair;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a text may take of memory: as much as the type makes of it, and not more.
 */
class JsonMemoryTests {

	private static final JsonWireFormat FORMAT = (JsonWireFormat) new JsonWireFormat.Provider()
		.create(WireLimits.DEFAULT);

	@Test
	void listOfSmallRecordsMayFillAMessage() throws Exception {
		int count = 290_000;
		byte[] text = ("[" + "{\"a\":1,\"b\":2},".repeat(count - 1) + "{\"a\":3,\"b\":4}]")
			.getBytes(StandardCharsets.UTF_8);
		assertThat(text.length).isBetween(4_000_000, WireLimits.DEFAULT.maxMessageBytes());
		List<?> pairs = (List<?>) plan(new TypeRef<List<Pair>>() {
		}).read(text, 0, text.length, count, 1, 2 * count, 2 * count, false);
		assertThat(pairs).hasSize(count).last().isEqualTo(new Pair(3, 4));
	}

	static Stream<TypeRef<?>> maps() {
		return Stream.of(new TypeRef<List<Map<String, Long>>>() {
		}, new TypeRef<Object>() {
		}, new TypeRef<List<Open>>() {
		}, new TypeRef<List<Made>>() {
		});
	}

	@ParameterizedTest
	@MethodSource("maps")
	void whatMayBecomeAMapWeighsAsMuch(TypeRef<?> type) {
		byte[] text = " ".repeat(4_000_000).getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(JsonPlan.MisfitException.class)
			.isThrownBy(() -> plan(type).read(text, 0, text.length, 290_000, 1, 580_000, 0, false))
			.withMessage("json: 4000000 bytes of text that may take 82240096 bytes of memory "
					+ "(limit: 67108864 bytes, max-decoded-size)");
	}

	static Stream<TypeRef<?>> keyed() {
		return Stream.of(new TypeRef<Map<String, Long>>() {
		}, new TypeRef<Object>() {
		}, new TypeRef<Open>() {
		}, new TypeRef<Made>() {
		});
	}

	@ParameterizedTest
	@MethodSource("keyed")
	void namesOfMembersThatMayBecomeKeysAreCounted(TypeRef<?> type) throws Exception {
		assertThat(received(members(4_000), type)).startsWith("reply 0 = ");
		assertThat(received(members(8_000), type)).contains("48011 bytes of text that may take 1120342 bytes of memory "
				+ "(limit: 1048576 bytes, max-decoded-size)");
	}

	@Test
	void namesOfMembersOfARecordAreNot() throws Exception {
		assertThat(received(members(8_000), new TypeRef<Pair>() {
		})).startsWith("reply 0 = ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\ud800", "\\udc00x", "long" })
	void whatARareNameIsReadFromIsCounted(String name) throws Exception {
		TypeRef<?> type = new TypeRef<Map<String, String>>() {
		};
		String key = name.replace("long", "k".repeat(1_025));
		String few = "{\"" + key + "\":\"" + "v".repeat(200_000) + "\"}";
		assertThat(received(few, type)).startsWith("reply 0 = ");
		String many = few.replace("v", "vv");
		assertThat(received(many.replace(key, "k"), type)).startsWith("reply 0 = ");
		assertThat(received(many, type)).contains(many.length() + " bytes of text that may take "
				+ (4 * many.length() + 320) + " bytes of memory (limit: 1048576 bytes, max-decoded-size)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\ud800", "\\udc00x", "long" })
	void valueWithARareNameAtItsEndIsReadOnce(String name) throws Exception {
		Counted.MADE.set(0);
		String key = name.replace("long", "k".repeat(1_025));
		assertThat(received("[" + "{\"a\":1},".repeat(1_000) + "{\"" + key + "\":1}]", new TypeRef<List<Counted>>() {
		})).startsWith("reply 0 = ");
		assertThat(Counted.MADE).hasValue(1_001);
	}

	private static String members(int count) {
		return "{" + "\"k\":1,".repeat(count) + "\"other\":2}";
	}

	// What a client finds that has 1 MiB for each reply.
	private static String received(String result, TypeRef<?> type) throws Exception {
		CodecPair pair = new CodecPair(
				new JsonWireFormat.Provider().create(new WireLimits(4 << 20, 1 << 20, 64, 1 << 20, 256)));
		pair.expect(0, pair.plan(type));
		pair.toClient.write(("{\"id\":0,\"result\":" + result + ",\"error\":null}\n").getBytes(StandardCharsets.UTF_8));
		pair.readReplies();
		return pair.events().get(0);
	}

	@Test
	void zerosOfAFixedLengthThatIsAbsentAreCounted() {
		byte[] text = ("[" + "{},".repeat(9_999) + "{}]").getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(JsonPlan.MisfitException.class).isThrownBy(() -> plan(new TypeRef<List<Fixed>>() {
		}).read(text, 0, text.length, 10_000, 1, 0, 0, false)).withMessageContaining("max-decoded-size");
	}

	private static JsonPlan plan(TypeRef<?> type) {
		return (JsonPlan) FORMAT.plan(new ValueShape.Value(type.annotatedType()));
	}

	record Pair(long a, long b) {

	}

	record Counted(int a) {

		static final AtomicInteger MADE = new AtomicInteger();

		Counted {
			MADE.incrementAndGet();
		}

	}

	record Fixed(@FixedLength(1_000) long[] numbers) {

	}

	public static class Open {

		@JsonAnySetter
		void set(String name, long value) {
		}

	}

	record Made(int size) {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		static Made of(Map<String, Long> entries) {
			return new Made(entries.size());
		}

	}

}
