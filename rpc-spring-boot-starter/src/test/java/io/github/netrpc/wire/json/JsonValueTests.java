package io.github.netrpc.wire.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import io.github.netrpc.json.RpcJsonMapper;
import io.github.netrpc.type.Complex;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Values as text, against the texts that Go wrote.
 */
class JsonValueTests {

	private static final JsonWireFormat FORMAT = (JsonWireFormat) new JsonWireFormat.Provider()
		.create(WireLimits.DEFAULT);

	static Stream<Arguments> texts() {
		OffsetDateTime time = OffsetDateTime.parse("2023-11-14T22:13:20Z");
		return Stream.of(row("values_scalars", "bool_true", new TypeRef<Boolean>() {
		}, true), row("values_scalars", "int8_min", new TypeRef<Byte>() {
		}, Byte.MIN_VALUE), row("values_scalars", "int16_max", new TypeRef<Short>() {
		}, Short.MAX_VALUE), row("values_scalars", "int32_min", new TypeRef<Integer>() {
		}, Integer.MIN_VALUE), row("values_scalars", "int64_min", new TypeRef<Long>() {
		}, Long.MIN_VALUE), row("values_scalars", "int64_max", new TypeRef<Long>() {
		}, Long.MAX_VALUE), row("values_scalars", "uint_max", new TypeRef<@Unsigned Long>() {
		}, -1L), row("values_scalars", "uint_2p63", new TypeRef<@Unsigned Long>() {
		}, Long.MIN_VALUE), row("values_scalars", "uint8_200", new TypeRef<@Unsigned Byte>() {
		}, (byte) 200), row("values_scalars", "uint16_max", new TypeRef<@Unsigned Short>() {
		}, (short) -1), row("values_scalars", "uint32_max", new TypeRef<@Unsigned Integer>() {
		}, -1), row("values_scalars", "float_0", new TypeRef<Double>() {
		}, 0d), row("values_scalars", "float_0p1", new TypeRef<Double>() {
		}, 0.1), row("values_scalars", "float_17", new TypeRef<Double>() {
		}, 17d), row("values_scalars", "float_pi", new TypeRef<Double>() {
		}, Math.PI), row("values_scalars", "float_max", new TypeRef<Double>() {
		}, Double.MAX_VALUE), row("values_scalars", "float_tiny", new TypeRef<Double>() {
		}, Double.MIN_VALUE), row("values_scalars", "float_negzero", new TypeRef<Double>() {
		}, -0d), row("values_scalars", "float_1e300", new TypeRef<Double>() {
		}, 1e300), row("values_scalars", "float32_0p1", new TypeRef<Float>() {
		}, 0.1f), row("values_scalars", "float32_max", new TypeRef<Float>() {
		}, Float.MAX_VALUE), row("values_scalars", "duration", new TypeRef<Duration>() {
		}, Duration.ofMillis(1500)), row("values_strings_bytes", "string_unicode", new TypeRef<String>() {
		}, "h\u00e9llo \u4e16\u754c \ud83d\ude00"),
				row("values_strings_bytes", "string_nul_and_controls", new TypeRef<String>() {
				}, "a\0b\n\t\"\\"), row("values_strings_bytes", "bytes_3", new TypeRef<byte[]>() {
				}, new byte[] { 1, 2, 3 }), row("values_strings_bytes", "bytes_empty", new TypeRef<byte[]>() {
				}, new byte[0]), row("values_strings_bytes", "slice_int8", new TypeRef<List<Byte>>() {
				}, List.of((byte) -1, (byte) 0, (byte) 1)),
				row("values_slices_arrays", "ints", new TypeRef<List<Long>>() {
				}, List.of(0L, 1L, -1L, 1000L, 0L)), row("values_slices_arrays", "ints", new TypeRef<int[]>() {
				}, new int[] { 0, 1, -1, 1000, 0 }),
				row("values_slices_arrays", "strings", new TypeRef<List<String>>() {
				}, List.of("a", "", "\u00fc")), row("values_slices_arrays", "floats", new TypeRef<double[]>() {
				}, new double[] { 0, 1.5, -2 }),
				row("values_slices_arrays", "uint16s", new TypeRef<@Unsigned short[]>() {
				}, new short[] { 0, 1, -1 }),
				row("values_slices_arrays", "uint16s", new TypeRef<List<@Unsigned Short>>() {
				}, List.of((short) 0, (short) 1, (short) -1)),
				row("values_slices_arrays", "array_byte_3", new TypeRef<@FixedLength(3) byte[]>() {
				}, new byte[] { 1, (byte) 200, 3 }), row("values_slices_arrays", "array_array_string",
						new TypeRef<@FixedLength(2) List<@FixedLength(2) List<String>>>() {
						}, List.of(List.of("a", "b"), List.of("", "d"))),
				row("values_slices_arrays", "points", new TypeRef<List<Point>>() {
				}, List.of(new Point(1, 2), new Point(0, 0), new Point(0, 3))),
				row("values_maps", "map_string_int", new TypeRef<Map<String, Integer>>() {
				}, Map.of("one", 1)), row("values_maps", "map_int_string", new TypeRef<Map<Long, String>>() {
				}, Map.of(-7L, "minus seven")),
				row("values_maps", "map_uint8_bool", new TypeRef<Map<@Unsigned Byte, Boolean>>() {
				}, Map.of((byte) -1, true)),
				row("values_maps", "map_of_map", new TypeRef<Map<String, Map<String, Integer>>>() {
				}, Map.of("o", Map.of("i", 5))), row("values_self_encoding", "time_utc", new TypeRef<OffsetDateTime>() {
				}, time), row("values_self_encoding", "time_utc", new TypeRef<Instant>() {
				}, time.toInstant()), row("values_self_encoding", "time_nanos", new TypeRef<Instant>() {
				}, Instant.parse("2023-11-14T22:13:20.123456789Z")),
				row("values_self_encoding", "time_zone_plus", new TypeRef<OffsetDateTime>() {
				}, OffsetDateTime.parse("2023-11-14T22:13:20+05:30")),
				row("values_self_encoding", "time_zone_minus", new TypeRef<OffsetDateTime>() {
				}, OffsetDateTime.parse("2023-11-14T22:13:20-08:00")),
				row("values_self_encoding", "time_zero", new TypeRef<OffsetDateTime>() {
				}, OffsetDateTime.parse("0001-01-01T00:00:00Z")),
				row("values_self_encoding", "time_before_epoch", new TypeRef<Instant>() {
				}, Instant.parse("1969-12-31T23:59:59.5Z")),
				row("values_self_encoding", "time_year_9999", new TypeRef<OffsetDateTime>() {
				}, OffsetDateTime.parse("9999-12-31T23:59:59.999999999Z")),
				row("values_self_encoding", "bigint_m2p64", new TypeRef<BigInteger>() {
				}, BigInteger.TWO.pow(64).negate()), row("values_structs", "point", new TypeRef<Point>() {
				}, new Point(22, 33)), row("values_structs", "person_full", new TypeRef<Person>() {
				}, new Person("Ann", new Home("Elm", 12), new Home("Oak", 0), List.of("x", "y"))),
				row("values_recursive", "list_3", new TypeRef<Node>() {
				}, new Node(1, new Node(2, new Node(0, null)))),
				row("values_interfaces", "anys_mixed", new TypeRef<List<@Nullable Object>>() {
				}, java.util.Arrays.asList(1, "a", null, true, mapOf("X", 1, "Y", 2), mapOf("X", 3, "Y", 4), 1.5)));
	}

	private static Arguments row(String file, String vector, TypeRef<?> type, Object value) {
		return Arguments.of(file, vector, type, value);
	}

	private static Map<String, Object> mapOf(String first, Object one, String second, Object two) {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put(first, one);
		map.put(second, two);
		return map;
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource("texts")
	void textIsTheOneGoWrites(String file, String vector, TypeRef<?> type, Object value) throws Exception {
		String expected = null;
		for (io.github.netrpc.gob.Vectors.Case each : io.github.netrpc.gob.Vectors.cases(file)) {
			if (each.name().equals(vector)) {
				expected = each.text("json");
			}
		}
		assertThat(write(type, value)).isEqualTo(expected);
		assertThat(read(type, expected)).isEqualTo(value);
	}

	@ParameterizedTest
	@CsvSource({ "1e21,1e+21", "1e20,100000000000000000000", "1e-6,0.000001", "1e-7,1e-7",
			"123456789.125,123456789.125", "1.5e-10,1.5e-10", "2e23,2e+23", "9007199254740993,9007199254740992",
			"1e-5,0.00001", "-2.5e22,-2.5e+22", "100,100", "33554433.0,33554433" })
	void floatsAreWrittenAsGoDoes(double value, String text) throws Exception {
		assertThat(write(new TypeRef<Double>() {
		}, value)).isEqualTo(text);
	}

	@Test
	void htmlAndLineSeparatorsAreEscaped() throws Exception {
		String escaped = "\"\\u003c\\u003e\\u0026\\u2028\\u2029\\u0008\\u000c\\u001f\"";
		assertThat(write(new TypeRef<String>() {
		}, "<>&\u2028\u2029\b\f\u001f")).isEqualTo(escaped);
		assertThat(write(new TypeRef<List<String>>() {
		}, List.of("<>&\u2028\u2029\b\f\u001f"))).isEqualTo("[" + escaped + "]");
	}

	@Test
	void mapsAreSortedByTextOfKeys() throws Exception {
		assertThat(write(new TypeRef<Map<Integer, Integer>>() {
		}, Map.of(9, 1, 10, 2, -1, 3))).isEqualTo("{\"-1\":3,\"10\":2,\"9\":1}");
	}

	@Test
	void nullIsZeroAndNeverNull() throws Exception {
		assertThat(write(new TypeRef<String>() {
		}, null)).isEqualTo("\"\"");
		assertThat(write(new TypeRef<Integer>() {
		}, null)).isEqualTo("0");
		assertThat(write(new TypeRef<List<String>>() {
		}, null)).isEqualTo("[]");
		assertThat(write(new TypeRef<Map<String, String>>() {
		}, null)).isEqualTo("{}");
		assertThat(write(new TypeRef<Person>() {
		}, null)).isEqualTo("{\"Name\":\"\",\"Home\":null,\"Work\":null,\"Tags\":[]}");
		assertThat(write(new TypeRef<Optional<Integer>>() {
		}, Optional.empty())).isEqualTo("0");
		assertThat(write(new TypeRef<Mixed>() {
		}, null)).isEqualTo(
				"{\"small\":0,\"big\":0,\"text\":\"\",\"list\":[],\"map\":{},\"box\":null,\"id\":null,\"hash\":[0,0]}");
		assertThatExceptionOfType(EncodeException.class).isThrownBy(() -> write(new TypeRef<Object>() {
		}, null));
	}

	@Test
	void absentAndNullMembersAreZero() throws Exception {
		TypeRef<Mixed> type = new TypeRef<>() {
		};
		for (String text : List.of("{}",
				"{\"small\":null,\"big\":null,\"text\":null,\"list\":null,\"map\":null,\"box\":null,\"id\":null}")) {
			Mixed mixed = (Mixed) read(type, text);
			assertThat(mixed.small()).isZero();
			assertThat(mixed.text()).isEmpty();
			assertThat(mixed.list()).isEmpty();
			assertThat(mixed.map()).isEmpty();
			assertThat(mixed.box()).isNull();
			assertThat(mixed.id()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"took\":null,\"name\":null,\"all\":null,\"at\":null}" })
	void absentAndNullDurationsAreZeroButTimesAreNull(String text) throws Exception {
		Times times = (Times) read(new TypeRef<Times>() {
		}, text);
		assertThat(times.took()).isZero();
		assertThat(times.limit()).isZero();
		assertThat(times.at()).isNull();
		TimesBean bean = (TimesBean) read(new TypeRef<TimesBean>() {
		}, "{}");
		assertThat(bean.took).isZero();
		assertThat(bean.preset).hasSeconds(5);
	}

	@Test
	void nullScalarStaysNullWhereTheMemberIsDeclaredNullable() throws Exception {
		TypeRef<Times> type = new TypeRef<>() {
		};
		String nulls = "{\"took\":0,\"limit\":null,\"name\":null,\"all\":[0],\"at\":null}";
		assertThat(write(type, read(type, nulls))).isEqualTo(nulls);
		assertThat(((Times) read(type, "{\"all\":[null]}")).all()).containsExactly(Duration.ZERO);
	}

	@Test
	void nullOptionalIsEmptyAlsoWhereNullMeansZeroOutside() throws Exception {
		TypeRef<Absents> type = new TypeRef<>() {
		};
		for (String text : List.of("{}", "{\"text\":null,\"list\":null,\"number\":null}")) {
			assertThat(read(type, text)).isEqualTo(new Absents(Optional.empty(), Optional.empty(), Optional.empty()));
		}
		assertThat(read(type, "{\"text\":\"\",\"list\":[],\"number\":0}"))
			.isEqualTo(new Absents(Optional.of(""), Optional.of(List.of()), Optional.of(0)));
	}

	@Test
	void nullContainerStaysNullWhereTheMemberIsDeclaredNullable() throws Exception {
		TypeRef<Nullables> type = new TypeRef<>() {
		};
		String nulls = "{\"list\":null,\"map\":null,\"bytes\":null,\"lists\":[[]]}";
		assertThat(read(type, nulls)).isEqualTo(new Nullables(null, null, null, List.of(List.of())));
		assertThat(write(type, read(type, nulls))).isEqualTo(nulls);
		String empty = "{\"list\":[],\"map\":{},\"bytes\":\"\",\"lists\":[]}";
		assertThat(write(type, read(type, empty))).isEqualTo(empty);
		assertThat(write(type, read(type, "{}"))).isEqualTo(empty);
		assertThat(write(type, read(type, "{\"lists\":[null]}"))).contains("\"lists\":[[]]");
	}

	@Test
	void absentMembersOfBeansAreZeroUnlessTheClassSetsThem() throws Exception {
		Bean bean = (Bean) read(new TypeRef<Bean>() {
		}, "{\"COUNT\":3}");
		assertThat(bean.count).isEqualTo(3);
		assertThat(bean.text).isEmpty();
		assertThat(bean.list).isEmpty();
		assertThat(bean.preset).isEqualTo("preset");
	}

	@Test
	void membersMatchIgnoringCaseAndUnsignedMembersUseAllBits() throws Exception {
		Mixed mixed = (Mixed) read(new TypeRef<Mixed>() {
		}, "{\"SMALL\":255,\"Big\":18446744073709551615,\"TeXt\":\"t\",\"hash\":[1,255],\"unknown\":{\"x\":[1]}}");
		assertThat(mixed.small()).isEqualTo((byte) -1);
		assertThat(mixed.big()).isEqualTo(-1);
		assertThat(mixed.hash()).containsExactly(1, 255);
		assertThat(write(new TypeRef<Mixed>() {
		}, mixed)).startsWith("{\"small\":255,\"big\":18446744073709551615,\"text\":\"t\"")
			.endsWith("\"hash\":[1,255]}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{"small":256} | json: small: number 256 (expected: a uint8)
					{"small":-1} | json: small: number -1 (expected: a uint8)
					{"small":1.0} | json: small: number 1.0 (expected: a uint8)
					{"small":1e1} | json: small: number 1e1 (expected: a uint8)
					{"small":"1"} | json: small: string "1" (expected: a uint8)
					{"big":18446744073709551616} | json: big: number 18446744073709551616 (expected: a uint64)
					{"text":1} | json: text: number 1 (expected: a string)
					{"list":{}} | json: list: an object (expected: a list)
					{"list":[1]} | json: list[0]: number 1 (expected: a string)
					{"hash":[1]} | json: hash: a list of 1 (expected: of 2)
					{"map":[1]} | json: map: a list (expected: an object)
					{"id":1} | json: id: a number (expected: hexadecimal digits, 8-4-4-4-12, in a string)
					{"id":"x"} | json: id: string "x" (expected: hexadecimal digits, 8-4-4-4-12, in a string)
					{"counts":"x"} | json: counts: a string (expected: a list)
					{"counts":[1,"x"]} | json: counts[1]: a string (expected: an int64)
					{"bytes":"%"} | json: bytes: a string (expected: base64 in a string)
					{"unit":"PARSEC"} | json: unit: string "PARSEC" (expected: one of "NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS")
					{"unit":1} | json: unit: a number (expected: one of "NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS")
					{"point":"x"} | json: point: a string (expected: an object)
					"x" | json: a string (expected: an object)
					{"map":{"a":"b"}} | json: map.a: string "b" (expected: an int32)
					""")
	void misfitsAreNamedWithoutClasses(String text, String reason) {
		boolean other = text.startsWith("{\"counts") || text.startsWith("{\"bytes") || text.startsWith("{\"unit")
				|| text.startsWith("{\"point");
		assertThatExceptionOfType(JsonPlan.MisfitException.class).isThrownBy(() -> read(other ? new TypeRef<Others>() {
		} : new TypeRef<Mixed>() {
		}, text)).withMessage(reason);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			a b | "a b"
			a\\n2026 ERROR | "a\\x0a2026 ERROR"
			\\u00e4 | "\\xc3\\xa4"
			a\\" | "a\\x22"
			12345678901234567890123456789012345678901234567890123456789012345 | "12345678901234567890123456789012"...
			123456789012345678901234567890123 | "12345678901234567890123456789012"...
			12345678901234567890123456789012 | 12345678901234567890123456789012
			""")
	void keysOfThePeerAreQuotedUnlessTheyArePlain(String key, String told) {
		assertThatExceptionOfType(JsonPlan.MisfitException.class)
			.isThrownBy(() -> read(new TypeRef<Map<String, Integer>>() {
			}, "{\"" + key + "\":true}"))
			.withMessage("json: " + told + ": a bool (expected: an int32)");
	}

	@Test
	void pathThroughManyLevelsIsToldFromBothEnds() {
		String text = "{\"Next\":".repeat(60) + "{\"Val\":\"x\"" + "}".repeat(61);
		assertThatExceptionOfType(JsonPlan.MisfitException.class).isThrownBy(() -> read(new TypeRef<Node>() {
		}, text))
			.withMessage("json: " + "Next.".repeat(24) + "...t" + ".Next".repeat(23)
					+ ".Val: string \"x\" (expected: an int32)");
	}

	@Test
	void negativeZeroKeepsItsSignWhateverIsDeclared() throws Exception {
		assertThat(read(new TypeRef<Object>() {
		}, "-0")).isEqualTo(-0d);
		assertThat(read(new TypeRef<List<Object>>() {
		}, "[0,-0,-1]")).isEqualTo(List.of(0, -0d, -1));
		assertThat(write(new TypeRef<Object>() {
		}, -0d)).isEqualTo("-0");
	}

	@ParameterizedTest
	@CsvSource({ "NaN", "Infinity", "-Infinity" })
	void notFiniteIsRefusedAndTheBufferStaysUsable(double value) throws Exception {
		JsonPlan plan = plan(new TypeRef<List<Double>>() {
		});
		JsonBuffer out = (JsonBuffer) FORMAT.newBuffer();
		assertThatExceptionOfType(EncodeException.class).isThrownBy(() -> plan.write(List.of(1d, value), out))
			.withMessageContaining(String.valueOf(value));
		out.clear();
		plan.write(List.of(1d), out);
		assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8)).isEqualTo("[1]");
	}

	@Test
	void structsReadAndWriteArrays() throws Exception {
		ValueShape.Struct shape = new ValueShape.Struct("Args", List.of(field("a", new TypeRef<Integer>() {
		}), field("name", new TypeRef<String>() {
		}), field("sizes", new TypeRef<List<@Unsigned Integer>>() {
		})));
		JsonPlan plan = (JsonPlan) FORMAT.plan(shape);
		assertThat(plan.goType()).isEqualTo("struct { a int32; name string; sizes []uint32 }");
		assertThat((Object[]) readPlan(plan, "{\"A\":7,\"sizes\":[4294967295],\"z\":{}}")).containsExactly(7, "",
				List.of(-1));
		JsonBuffer out = (JsonBuffer) FORMAT.newBuffer();
		plan.write(new Object[] { 7, "x", List.of(-1) }, out);
		assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8))
			.isEqualTo("{\"a\":7,\"name\":\"x\",\"sizes\":[4294967295]}");
	}

	@Test
	void decimalsAndUuidsAreStrings() throws Exception {
		UUID id = UUID.fromString("00000000-0000-0001-0000-000000000002");
		assertThat(write(new TypeRef<BigDecimal>() {
		}, new BigDecimal("1.50"))).isEqualTo("\"1.50\"");
		assertThat(read(new TypeRef<BigDecimal>() {
		}, "\"1.50\"")).isEqualTo(new BigDecimal("1.50"));
		assertThat(read(new TypeRef<UUID>() {
		}, write(new TypeRef<UUID>() {
		}, id))).isEqualTo(id);
	}

	@Test
	void emptyTextIsNoDecimal() throws Exception {
		TypeRef<BigDecimal> type = new TypeRef<>() {
		};
		assertThat(write(type, null)).isEqualTo("\"0\"");
		assertThat(read(type, write(type, null))).isEqualTo(BigDecimal.ZERO);
		assertThat(read(type, "\"\"")).isNull();
		assertThatExceptionOfType(JsonPlan.MisfitException.class).isThrownBy(() -> read(type, "\" \""))
			.withMessage("json: string \" \" (expected: a number in a string, its exponent from -6144 to 6144)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"1e999999999\"", "1e6145", "\"-1e-6145\"" })
	void decimalThatNobodyCouldComputeWithIsRefused(String text) {
		assertThatExceptionOfType(JsonPlan.MisfitException.class).isThrownBy(() -> read(new TypeRef<BigDecimal>() {
		}, text)).withMessageEndingWith("(expected: a number in a string, its exponent from -6144 to 6144)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{}
			{"numbers":null,"texts":null,"boxes":null,"rows":null}
			""")
	void fixedLengthsThatAreAbsentAreSoManyZeros(String text) throws Exception {
		Fixed fixed = (Fixed) read(new TypeRef<Fixed>() {
		}, text);
		assertThat(fixed.numbers()).containsExactly(0, 0, 0);
		assertThat(fixed.texts()).containsExactly("", "");
		assertThat(fixed.boxes()).containsExactly(0L, 0L);
		assertThat(fixed.rows()).hasSize(2).allSatisfy((row) -> assertThat(row).containsExactly(0, 0));
		assertThat(fixed.nullable()).containsExactly(0, 0);
		FixedBean bean = (FixedBean) read(new TypeRef<FixedBean>() {
		}, "{}");
		assertThat(bean.numbers).containsExactly(0, 0, 0);
		assertThat(bean.texts).containsExactly("", "");
	}

	@Test
	void fixedLengthsDeclaredNullableKeepANull() throws Exception {
		Fixed fixed = (Fixed) read(new TypeRef<Fixed>() {
		}, "{\"nullable\":null}");
		assertThat(fixed.nullable()).isNull();
	}

	@Test
	void whatASubclassAddsIsNotWritten() throws Exception {
		assertThat(write(new TypeRef<List<Shape>>() {
		}, List.of(new Circle()))).isEqualTo("[{\"sides\":0}]");
	}

	@Test
	void typesThatJsonCannotExpressOrThatNameClassesAreRefused() {
		assertThatExceptionOfType(UnsupportedTypeException.class).isThrownBy(() -> plan(new TypeRef<List<Complex>>() {
		})).withMessageContaining("Complex");
		assertThatExceptionOfType(UnsupportedTypeException.class).isThrownBy(() -> plan(new TypeRef<List<Holder>>() {
		})).withMessageContaining("Holder.any");
		assertThatExceptionOfType(UnsupportedTypeException.class)
			.isThrownBy(() -> plan(new TypeRef<@Unsigned String>() {
			}));
	}

	@Test
	void customizersCannotSwitchDefaultTypingOn() {
		assertThatIllegalStateException().isThrownBy(
				() -> RpcJsonMapper.create(JsonWireFormat.mapperLimits(WireLimits.DEFAULT), List.of((builder) -> builder
					.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().build(), DefaultTyping.NON_FINAL))));
	}

	private static ValueShape.Field field(String name, TypeRef<?> type) {
		return new ValueShape.Field(name, type.annotatedType());
	}

	private static JsonPlan plan(TypeRef<?> type) {
		return (JsonPlan) FORMAT.plan(new ValueShape.Value(type.annotatedType()));
	}

	private static String write(TypeRef<?> type, @Nullable Object value) throws EncodeException {
		JsonBuffer out = (JsonBuffer) FORMAT.newBuffer();
		plan(type).write(value, out);
		return new String(out.toByteArray(), StandardCharsets.UTF_8);
	}

	private static Object read(TypeRef<?> type, @Nullable String text) throws JsonPlan.MisfitException {
		return readPlan(plan(type), text);
	}

	private static Object readPlan(JsonPlan plan, @Nullable String text) throws JsonPlan.MisfitException {
		byte[] bytes = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
		return plan.read(bytes, 0, bytes.length, 1, 1, 1, 1, false);
	}

	record Point(@JsonProperty("X") int x, @JsonProperty("Y") int y) {

	}

	record Home(@JsonProperty("Street") String street, @JsonProperty("Zip") int zip) {

	}

	record Person(@JsonProperty("Name") String name, @JsonProperty("Home") @Nullable Home home,
			@JsonProperty("Work") @Nullable Home work, @JsonProperty("Tags") List<String> tags) {

	}

	record Node(@JsonProperty("Val") int val, @JsonProperty("Next") @Nullable Node next) {

	}

	record Mixed(@Unsigned byte small, @Unsigned long big, String text, List<String> list, Map<String, Integer> map,
			@Nullable Integer box, Optional<UUID> id, @Unsigned @FixedLength(2) byte[] hash) {

	}

	record Others(long[] counts, byte[] bytes, TimeUnit unit, Point point) {

	}

	record Fixed(@FixedLength(3) long[] numbers, @FixedLength(2) List<String> texts, @FixedLength(2) List<Long> boxes,
			@FixedLength(2) List<@FixedLength(2) int[]> rows, @FixedLength(2) @Nullable List<Integer> nullable) {

	}

	public static class FixedBean {

		public @FixedLength(3) long @Nullable [] numbers;

		public @FixedLength(2) @Nullable List<String> texts;

	}

	record Times(Duration took, @Nullable Duration limit, @Nullable String name, @Nullable List<Duration> all,
			@Nullable Instant at) {

	}

	public static class TimesBean {

		public @Nullable Duration took;

		public Duration preset = Duration.ofSeconds(5);

	}

	record Absents(Optional<String> text, Optional<List<String>> list, Optional<Integer> number) {

	}

	record Nullables(@Nullable List<String> list, @Nullable Map<String, Integer> map, byte @Nullable [] bytes,
			List<List<String>> lists) {

	}

	public static class Bean {

		public int count;

		public @Nullable String text;

		public @Nullable List<String> list;

		public String preset = "preset";

	}

	record Holder(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Object any) {

	}

	public static class Shape {

		public int getSides() {
			return 0;
		}

	}

	public static class Circle extends Shape {

		public int getRadius() {
			return 1;
		}

	}

}
