package io.github.netrpc.wire.json;

import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Keys of maps: those that Go has, too, come back as they were; all others stop the
 * start.
 */
class JsonMapKeyTests {

	private static final JsonWireFormat FORMAT = (JsonWireFormat) new JsonWireFormat.Provider()
		.create(WireLimits.DEFAULT);

	static Stream<Arguments> keys() {
		return Stream.of(Arguments.of(new TypeRef<Map<String, Integer>>() {
		}, Map.of("", 1), "{\"\":1}"), Arguments.of(new TypeRef<Map<Byte, Integer>>() {
		}, Map.of((byte) -128, 1), "{\"-128\":1}"), Arguments.of(new TypeRef<Map<Short, Integer>>() {
		}, Map.of((short) -1, 1), "{\"-1\":1}"), Arguments.of(new TypeRef<Map<Integer, Integer>>() {
		}, Map.of(7, 1), "{\"7\":1}"), Arguments.of(new TypeRef<Map<Long, Integer>>() {
		}, Map.of(Long.MIN_VALUE, 1), "{\"-9223372036854775808\":1}"),
				Arguments.of(new TypeRef<Map<@Unsigned Byte, Integer>>() {
				}, Map.of((byte) 200, 1), "{\"200\":1}"), Arguments.of(new TypeRef<Map<@Unsigned Long, Integer>>() {
				}, Map.of(-1L, 1), "{\"18446744073709551615\":1}"),
				Arguments.of(new TypeRef<EnumMap<TimeUnit, Integer>>() {
				}, new EnumMap<>(Map.of(TimeUnit.DAYS, 1)), "{\"DAYS\":1}"),
				Arguments.of(new TypeRef<Map<UUID, Integer>>() {
				}, Map.of(new UUID(1, 2), 1), "{\"00000000-0000-0001-0000-000000000002\":1}"),
				Arguments.of(new TypeRef<Map<Sku, Integer>>() {
				}, Map.of(new Sku("a-7"), 1), "{\"a-7\":1}"));
	}

	@ParameterizedTest
	@MethodSource("keys")
	void keyComesBackAsItWas(TypeRef<?> type, Map<?, ?> map, String text) throws Exception {
		assertThat(write(type, map)).isEqualTo(text);
		assertThat(read(type, text)).isEqualTo(map);
	}

	@ParameterizedTest
	@CsvSource({ "128, an int8", "-129, an int8", "1.0, an int8", "x, an int8" })
	void keyThatDoesNotFitIsRefused(String key, String expected) {
		assertThatExceptionOfType(JsonPlan.MisfitException.class)
			.isThrownBy(() -> read(new TypeRef<Map<Byte, Integer>>() {
			}, "{\"" + key + "\":1}"))
			.withMessage("json: the key \"" + key + "\" (expected: " + expected + ")");
	}

	@Test
	void keyOfAnotherFormIsQuoted() {
		assertThatExceptionOfType(JsonPlan.MisfitException.class)
			.isThrownBy(() -> read(new TypeRef<Map<UUID, Integer>>() {
			}, "{\"a\\n\":1}"))
			.withMessage("json: the key \"a\\x0a\" (expected: hexadecimal digits, 8-4-4-4-12, in a string)");
	}

	@Test
	void keyMayBeAsLongAsAString() throws Exception {
		String key = "k".repeat(1990) + "\u00e9\n12345678";
		Map<String, Object> map = Map.of(key, 1L, "short", Map.of(key + key, "x"));
		for (TypeRef<?> type : List.of(new TypeRef<Map<String, Object>>() {
		}, new TypeRef<Object>() {
		})) {
			assertThat(read(type, write(type, map))).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsKeys(key, "short")
				.extractingByKey("short", InstanceOfAssertFactories.MAP)
				.containsExactly(Map.entry(key + key, "x"));
		}
		assertThat(read(new TypeRef<Point>() {
		}, "{\"" + key.replace("\n", "") + "\":[7],\"X\":1,\"Y\":2}")).isEqualTo(new Point(1, 2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\\ud800", "\\ud800b", "a\\udc00", "\\ud800\\ud800", "\\ud800\\n" })
	void keyMayHaveHalfASurrogatePairAsAStringMay(String escaped) throws Exception {
		Object value = read(new TypeRef<String>() {
		}, '"' + escaped + '"');
		for (int most : new int[] { 100, 10_000 }) {
			JsonWireFormat format = (JsonWireFormat) new JsonWireFormat.Provider()
				.create(new WireLimits(4 << 20, 64L << 20, 64, most, 256));
			JsonPlan plan = (JsonPlan) format.plan(new ValueShape.Value(new TypeRef<Map<String, Integer>>() {
			}.annotatedType()));
			assertThat(read(plan, most, "{\"" + escaped + "\":1}")).isEqualTo(Map.of(value, 1));
		}
	}

	@Test
	void keyBeyondTheLimitOfStringsIsRefusedWithItsProperty() {
		for (int most : new int[] { 100, 1024, 10_000 }) {
			JsonWireFormat format = (JsonWireFormat) new JsonWireFormat.Provider()
				.create(new WireLimits(4 << 20, 64L << 20, 64, most, 256));
			JsonPlan plan = (JsonPlan) format.plan(new ValueShape.Value(new TypeRef<List<Map<String, Integer>>>() {
			}.annotatedType()));
			assertThatExceptionOfType(JsonPlan.MisfitException.class)
				.isThrownBy(() -> read(plan, most, "[{\"" + "k".repeat(most + 1) + "\":1}]"))
				.withMessage("json: [0]: a name of " + (most + 1) + " characters or more (limit: " + most
						+ ", max-string-size)");
		}
	}

	@Test
	void longKeyIsNotKeptBeyondItsMap() throws Exception {
		Map<?, ?> map = (Map<?, ?>) read(new TypeRef<Map<String, Integer>>() {
		}, "{\"" + "k".repeat(2000) + "\":1}");
		WeakReference<Object> key = new WeakReference<>(map.keySet().iterator().next());
		map = null;
		for (int i = 0; i < 100 && key.get() != null; i++) {
			System.gc();
		}
		assertThat(key.get()).isNull();
	}

	/** Where names begin to be rare, none is lost between the two ways to read. */
	@ParameterizedTest
	@CsvSource({ "k, 1", "\u00e9, 2", "\u20ac, 3", "\ud83d\ude00, 4", "\\u00e9, 6", "\\u20ac, 6", "\\ud83d\\ude00, 12",
			"\\n, 2" })
	void keysOfAllLengthsComeBack(String unit, int bytes) throws Exception {
		for (int most : new int[] { 50, 1024, 10_000 }) {
			JsonWireFormat format = (JsonWireFormat) new JsonWireFormat.Provider()
				.create(new WireLimits(4 << 20, 64L << 20, 64, most, 256));
			JsonPlan plan = (JsonPlan) format.plan(new ValueShape.Value(new TypeRef<Map<String, Integer>>() {
			}.annotatedType()));
			JsonPlan string = (JsonPlan) format.plan(new ValueShape.Value(new TypeRef<String>() {
			}.annotatedType()));
			int common = Math.min(most, 1024);
			for (int length = common - 14; length < common + 14 && length <= most; length++) {
				String key = "x".repeat(length % bytes) + unit.repeat(length / bytes);
				Object value = read(string, most, '"' + key + '"');
				assertThat(read(plan, most, "{\"" + key + "\":1}")).as("%d bytes of %s", length, unit)
					.isEqualTo(Map.of(value, 1));
			}
		}
	}

	static Stream<Arguments> refused() {
		return Stream.of(Arguments.of(new TypeRef<Map<Point, Integer>>() {
		}, "Point"), Arguments.of(new TypeRef<List<Map<Double, Integer>>>() {
		}, "Double"), Arguments.of(new TypeRef<Map<Float, Integer>>() {
		}, "Float"), Arguments.of(new TypeRef<Map<Boolean, Integer>>() {
		}, "Boolean"), Arguments.of(new TypeRef<Map<Character, Integer>>() {
		}, "Character"), Arguments.of(new TypeRef<Map<BigDecimal, Integer>>() {
		}, "BigDecimal"), Arguments.of(new TypeRef<Map<BigInteger, Integer>>() {
		}, "BigInteger"), Arguments.of(new TypeRef<Map<Duration, Integer>>() {
		}, "Duration"), Arguments.of(new TypeRef<Map<Instant, Integer>>() {
		}, "Instant"), Arguments.of(new TypeRef<Map<Object, Integer>>() {
		}, "Object"), Arguments.of(new TypeRef<Map<?, Integer>>() {
		}, "Object"), Arguments.of(new TypeRef<Map<List<String>, Integer>>() {
		}, "List"), Arguments.of(new TypeRef<Map<Numbered, Integer>>() {
		}, "Numbered"), Arguments.of(new TypeRef<Holder>() {
		}, "Point"));
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource("refused")
	void keyThatGoHasNotOrThatWouldNotComeBackStopsTheStart(TypeRef<?> type, String key) {
		assertThatExceptionOfType(UnsupportedTypeException.class).isThrownBy(() -> plan(type))
			.withMessageContaining(key)
			.withMessageContaining(" as the key of a map in ")
			.withMessageContaining("possible instead: String");
	}

	@Test
	void keyUnderObjectIsRefusedWhenItIsWritten() throws Exception {
		TypeRef<Object> type = new TypeRef<>() {
		};
		assertThat(write(type, Map.of("a", Map.of(1, 2)))).isEqualTo("{\"a\":{\"1\":2}}");
		assertThatExceptionOfType(EncodeException.class)
			.isThrownBy(() -> write(type, Map.of("a", Map.of(new Point(1, 2), 3))))
			.withMessageContaining("a map key of type Point (expected: a string, an integer, an enum or a UUID)");
		assertThatExceptionOfType(EncodeException.class).isThrownBy(() -> write(type, Map.of(1.5, 3)))
			.withMessageContaining("a map key of type Double");
	}

	private static JsonPlan plan(TypeRef<?> type) {
		return (JsonPlan) FORMAT.plan(new ValueShape.Value(type.annotatedType()));
	}

	private static String write(TypeRef<?> type, Object value) throws EncodeException {
		JsonBuffer out = (JsonBuffer) FORMAT.newBuffer();
		plan(type).write(value, out);
		return new String(out.toByteArray(), StandardCharsets.UTF_8);
	}

	private static Object read(TypeRef<?> type, String text) throws JsonPlan.MisfitException {
		return read(plan(type), WireLimits.DEFAULT.maxStringBytes(), text);
	}

	// As a client does it.
	private static Object read(JsonPlan plan, int maxStringBytes, String text) throws JsonPlan.MisfitException {
		byte[] bytes = ("{\"result\":" + text + "}").getBytes(StandardCharsets.UTF_8);
		ReplyScanner found = new ReplyScanner(WireLimits.DEFAULT, Math.min(maxStringBytes, 1024));
		try {
			assertThat(found.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
		}
		catch (WireException ex) {
			throw new AssertionError(ex);
		}
		return plan.read(bytes, found.resultStart(), found.resultEnd(), found.objects(), found.arrays(),
				found.scalars(), found.names(), found.rareNames());
	}

	record Point(int x, int y) {
	}

	record Sku(@JsonValue String text) {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Sku {
		}

	}

	record Numbered(@JsonValue int number) {
	}

	record Holder(Map<String, Map<Point, Integer>> inside) {
	}

}
