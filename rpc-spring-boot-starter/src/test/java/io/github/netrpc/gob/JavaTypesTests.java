package io.github.netrpc.gob;

import java.lang.reflect.AnnotatedType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.github.netrpc.gob.Vectors.Feed;
import io.github.netrpc.type.Complex;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.type.UnsupportedTypeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What Java types become in gob, and what comes back.
 */
class JavaTypesTests {

	private final Gob gob = Gob.standard();

	@Test
	void everyJavaTypeComesBackAsItWas() {
		Everything all = new Everything(true, (byte) -1, (short) -2, -3, -4L, 1.5f, -2.5, "text", new byte[] { 1, 2 },
				Color.GREEN, new BigDecimal("12.340"), new BigInteger("-12345678901234567890"), Duration.ofMillis(5),
				Instant.parse("2024-02-29T01:02:03.000000004Z"), OffsetDateTime.parse("2024-02-29T01:02:03+05:30"),
				new UUID(1, -2), new Complex(1, -1), Optional.of(""), OptionalInt.of(0), OptionalLong.empty(),
				OptionalDouble.of(0), 0, false, List.of("a"), Set.of(1), new TreeSet<>(List.of("b", "a")),
				Map.of("k", List.of(1L)), Map.of(Color.RED, 1));
		Everything back = roundTrip(new TypeRef<Everything>() {
		}, all);
		assertThat(back).usingRecursiveComparison().isEqualTo(all);
	}

	@Test
	void whatIsAbsentReadsAsZeroOrNull() {
		GobType<Object[]> empty = this.gob.emptyStruct();
		Everything absent = (Everything) read(write(empty, new Object[0]), this.gob.type(Everything.class));
		assertThat(absent.i32()).isZero();
		assertThat(absent.text()).isEmpty();
		assertThat(absent.bytes()).isEmpty();
		assertThat(absent.complex()).isEqualTo(Complex.ZERO);
		assertThat(absent.list()).isEmpty();
		assertThat(absent.sorted()).isInstanceOf(TreeSet.class);
		assertThat(absent.map()).isEmpty();
		assertThat(absent.optional()).isEmpty();
		assertThat(absent.optionalLong()).isEmpty();
		assertThat(absent.box()).isNull();
		assertThat(absent.color()).isNull();
		assertThat(absent.decimal()).isNull();
		assertThat(absent.big()).isNull();
		assertThat(absent.duration()).isZero();
		assertThat(absent.instant()).isNull();
		assertThat(absent.uuid()).isNull();
		absent.list().add("lists that were absent can be changed");
	}

	@Test
	void nullsAreLeftOutAndBoxesOfZeroAreNot() {
		GobType<Boxes> type = this.gob.type(Boxes.class);
		assertThat(fields(write(type, new Boxes(null, null, null, null)))).isEmpty();
		assertThat(fields(write(type, new Boxes(0, "", Optional.of(""), List.of())))).containsOnlyKeys("Number",
				"Optional");
	}

	@Test
	void unsignedTypesUseAllBits() {
		Unsigneds max = new Unsigneds((byte) -1, (short) -1, -1, -1L, new int[] { -1 }, List.of((byte) -1),
				List.of((short) -1));
		byte[] bytes = write(this.gob.type(Unsigneds.class), max);
		Map<String, Object> sent = fields(bytes);
		assertThat((byte[]) sent.remove("Bytes")).containsExactly(255);
		assertThat(sent).hasToString("{B=Unsigned[bits=255], S=Unsigned[bits=65535], "
				+ "I=Unsigned[bits=4294967295], L=Unsigned[bits=-1], Array=[Unsigned[bits=4294967295]], "
				+ "Shorts=[Unsigned[bits=65535]]}");
		assertThat(read(bytes, this.gob.type(Unsigneds.class))).usingRecursiveComparison().isEqualTo(max);
	}

	@Test
	void valuesOutOfRangeSayWhereAndWhatWasExpected() {
		byte[] bytes = write(this.gob.type(new TypeRef<Generic<Map<String, long[]>>>() {
		}), new Generic<>(Map.of("k", new long[] { 1, 300 })));
		assertThatExceptionOfType(GobException.class)
			.isThrownBy(() -> read(bytes, this.gob.type(new TypeRef<Generic<Map<String, List<Byte>>>>() {
			})))
			.withMessage("Value out of range: 300 (expected int8), at Content{}[1] (byte 12 of the message)");
	}

	@Test
	void genericTypesAreCompiledWithTheirArguments() {
		Generic<Generic<Integer>> value = new Generic<>(new Generic<>(7));
		assertThat(roundTrip(new TypeRef<Generic<Generic<Integer>>>() {
		}, value)).isEqualTo(value);
		Child child = new Child();
		child.setValue("inherited");
		assertThat(roundTrip(new TypeRef<Child>() {
		}, child).getValue()).isEqualTo("inherited");
	}

	@Test
	void beansAreMadeByTheirConstructorAndSetters() {
		Bean bean = new Bean();
		bean.setName("n");
		bean.setReady(true);
		bean.open = 5;
		byte[] bytes = write(this.gob.type(Bean.class), bean);
		assertThat(fields(bytes)).containsOnlyKeys("Open", "Name", "Ready", "NameLength");
		Bean back = (Bean) read(bytes, this.gob.type(Bean.class));
		assertThat(back.getName()).isEqualTo("n");
		assertThat(back.isReady()).isTrue();
		assertThat(back.open).isEqualTo(5);
	}

	@Test
	void beansDoNotKeepDefaultsOfFieldsThatAreZeroOnTheWire() {
		Bean bean = new Bean();
		bean.open = 0;
		Bean back = (Bean) read(write(this.gob.type(Bean.class), bean), this.gob.type(Bean.class));
		assertThat(back.open).isZero();
	}

	@Test
	void classesThatCannotBeMadeCanBeWritten() {
		GobType<NoConstructor> type = this.gob.type(NoConstructor.class);
		assertThat(type.isReadable()).isFalse();
		byte[] bytes = write(type, new NoConstructor(3));
		assertThat(fields(bytes)).containsOnlyKeys("Value");
		assertThatExceptionOfType(GobException.class).isThrownBy(() -> read(bytes, type))
			.withMessageContaining("A struct that cannot be read: it has no constructor");
	}

	@Test
	void namesMatchExactlyAndThenIgnoringCase() {
		byte[] bytes = write(this.gob.struct("T", fields("UserID", "URL", "Url", "x")), new Object[] { 1, 2, 3, 4 });
		assertThat(read(bytes, this.gob.type(Names.class))).isEqualTo(new Names(1, 3, 0));
	}

	@Test
	void namesAndCreatorsComeFromTheSeam() {
		PropertyNames names = (type) -> {
			PropertyNames.Properties standard = PropertyNames.standard().of(type);
			try {
				return (type != Renamed.class) ? standard
						: new PropertyNames.Properties(
								List.of(new PropertyNames.Property("user_id", true,
										Renamed.class.getMethod("a").getAnnotatedReturnType(),
										Renamed.class.getMethod("a"), 1, null)),
								Renamed.class.getDeclaredMethod("of", String.class, int.class));
			}
			catch (NoSuchMethodException ex) {
				throw new IllegalStateException(ex);
			}
		};
		Gob renaming = Gob.builder().names(names).build();
		byte[] bytes = write(renaming, renaming.type(Renamed.class), new Renamed(4, "ignored"));
		assertThat(fields(bytes)).containsOnlyKeys("user_id");
		assertThat(new Vectors.Stream(renaming, bytes, Feed.WHOLE).read(renaming.type(Renamed.class)))
			.isEqualTo(new Renamed(4, "made by the factory, null"));
	}

	@Test
	void shapesWithoutAClassAreArrays() {
		GobType<Object[]> shape = this.gob.struct("Args", fields("A", "B"));
		assertThat((Object[]) read(write(shape, new Object[] { 1, 0 }), shape)).containsExactly(1, 0);
		assertThatExceptionOfType(GobException.class).isThrownBy(() -> write(shape, new Object[] { null, 1 }))
			.withMessage("Null for a primitive, at Args.A");
	}

	@Test
	void typesSayWhatTheyAreInGo() {
		assertThat(this.gob.type(new TypeRef<Map<String, List<@Unsigned Short>>>() {
		}).goType()).isEqualTo("map[string][]uint16");
		assertThat(this.gob.type(new TypeRef<Optional<@FixedLength(4) byte[]>>() {
		}).goType()).isEqualTo("*[4]uint8");
		assertThat(this.gob.type(OffsetDateTime.class).goType()).isEqualTo("time.Time");
		assertThat(this.gob.type(Names.class).goType()).isEqualTo("Names");
		assertThat(this.gob.struct("Args", fields("A", "B")).goType()).isEqualTo("struct { A int32; B int32 }");
		assertThat(this.gob.emptyStruct().goType()).isEqualTo("struct {}");
	}

	@Test
	void whatGoCanCompareMayBeAKey() {
		Map<Place, Integer> places = Map.of(new Place("a", List.of(1, 2), Optional.empty()), 1,
				new Place("b", List.of(0, 0), Optional.of(new Place("c", List.of(3, 4), Optional.empty()))), 2);
		assertThat(roundTrip(new TypeRef<Map<Place, Integer>>() {
		}, places)).isEqualTo(places);
	}

	@Test
	void typesThatGobCannotExpressAreNamedWithTheirPathAndAWayOut() {
		assertUnsupported(HoldsChar.class, "char at HoldsChar.c: Go has no char; use String, or int for a code point");
		assertUnsupported(HoldsDate.class, "Date at HoldsDate.dates[]: gob has no counterpart for it; use Instant");
		assertUnsupported(HoldsKeys.class, "at HoldsKeys.keys{}: Go has no such map keys");
		assertUnsupported(HoldsTagged.class, "Tagged at HoldsTagged.keys{}.tags: Go has no such map keys");
		assertUnsupported(HoldsPages.class, "at HoldsPages.keys{}[].keys: Go has no such map keys");
		assertUnsupported(HoldsUnsignedText.class, "@Unsigned String at HoldsUnsignedText.text: @Unsigned belongs on");
		assertUnsupported(HoldsFixedMap.class, "@FixedLength belongs on arrays and collections");
		assertUnsupported(HoldsAbstract.class, "Number at HoldsAbstract.number: gob has no counterpart");
		assertUnsupported(HoldsInterface.class, "or register its implementations");
		assertUnsupported(HoldsEnumMap.class, "no public constructor without parameters");
		assertUnsupported(TwoOfAName.class, "two properties are named \"A\" in gob");
		assertUnsupported(Endless.class, "nested without end");
	}

	@Test
	void failedTypesLeaveNothingBehind() {
		assertUnsupported(HoldsBoth.class, "char");
		assertThat(roundTrip(new TypeRef<Names>() {
		}, new Names(1, 2, 3))).isEqualTo(new Names(1, 2, 3));
	}

	@Test
	void valuesThatGobCannotExpressAreRefused() {
		assertRefused(this.gob.type(Duration.class), Duration.ofDays(200_000), "292 years");
		assertRefused(this.gob.type(OffsetDateTime.class),
				OffsetDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.ofTotalSeconds(-60)), "minus one minute");
		assertRefused(this.gob.type(new TypeRef<@FixedLength(2) int[]>() {
		}), new int[3], "3 elements, expected 2");
		assertRefused(this.gob.type(new TypeRef<List<Optional<String>>>() {
		}), List.of(Optional.empty()), "An empty Optional, which only a property can be, at [0]");
		assertRefused(this.gob.type(Failing.class), new Failing(),
				"Reading the property of Failing failed, at Failing");
	}

	@Test
	void offsetsOfLessThanAMinuteAreNotUtc() {
		byte[] utc = { 1, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1 };
		assertThat(GoValues.OFFSET_DATE_TIME.decode().apply(utc).getOffset()).isEqualTo(ZoneOffset.UTC);
		byte[] half = Arrays.copyOf(utc, 16);
		half[0] = 2;
		half[15] = 30;
		assertThat(GoValues.OFFSET_DATE_TIME.decode().apply(half).getOffset())
			.isEqualTo(ZoneOffset.ofTotalSeconds(-30));
	}

	@Test
	void wholeValuesThatAreNullCanBeSentAsGosZero() {
		assertThat(zero(this.gob.type(Integer.class))).isEqualTo(0L);
		assertThat(zero(this.gob.type(String.class))).isEqualTo("");
		assertThat(zero(this.gob.type(Names.class))).hasToString("Struct[fields={}]");
		assertThat(zero(this.gob.type(new TypeRef<List<String>>() {
		}))).isEqualTo(List.of());
		assertThat(zero(this.gob.type(new TypeRef<@FixedLength(2) List<String>>() {
		}))).isEqualTo(List.of("", ""));
		assertThat(zero(this.gob.type(Complex.class))).isEqualTo(Complex.ZERO);
		byte[] time = ((DynamicReader.Opaque) zero(this.gob.type(Instant.class))).bytes();
		assertThat(time).containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255);
		GobWriter out = this.gob.writer();
		assertThatExceptionOfType(GobException.class)
			.isThrownBy(() -> this.gob.type(Object.class).writeOrZero(null, out));
		assertThat(out.length()).isZero();
	}

	@Test
	void definitionsAreSentOncePerStreamAndBeforeTheValue() {
		GobType<Names> type = this.gob.type(Names.class);
		SentTypes first = this.gob.sentTypes();
		GobWriter message = this.gob.writer();
		type.write(new Names(1, 2, 3), message);
		GobWriter out = this.gob.writer();
		assertThat(first.appendMissing(message, out)).isTrue();
		int length = out.length();
		assertThat(first.appendMissing(message, out)).isFalse();
		assertThat(out.length()).isEqualTo(length);
		assertThat(this.gob.sentTypes().appendMissing(message, out)).isTrue();
	}

	@Test
	void subclassesAndEnumConstantsWithBodiesAreFoundInInterfaceValues() {
		GobTypes names = GobTypes.builder()
			.register("Op", Op.class)
			.register("[]interface {}", new TypeRef<List<Object>>() {
			})
			.register("map[string]interface {}", new TypeRef<Map<String, Object>>() {
			})
			.build();
		Gob registered = Gob.builder().types(names).build();
		GobType<Object> type = registered.type(Object.class);
		Object value = List.of(Op.PLUS, Map.of("k", new ArrayDeque<>(List.of(1L)).peek()));
		Object back = new Vectors.Stream(registered, write(registered, type, value), Feed.BYTE_BY_BYTE).read(type);
		assertThat(back).isEqualTo(value);
	}

	@Test
	void fixedLengthsThatAreAbsentAreSoManyZeros() {
		byte[] bytes = write(this.gob.type(Only.class), new Only(7));
		FixedBoxes read = (FixedBoxes) read(bytes, this.gob.type(FixedBoxes.class));
		assertThat(read.boxes()).containsExactly(0L, 0L);
		assertThat(read.numbers()).containsExactly(0, 0, 0);
	}

	@Test
	void enumConstantsNobodyKnowsFailTheValueOnly() {
		byte[] bytes = write(this.gob.type(String.class), "PURPLE");
		assertThatExceptionOfType(GobException.class).isThrownBy(() -> read(bytes, this.gob.type(Color.class)))
			.withMessageContaining("Text \"PURPLE\", expected one of ")
			.satisfies((ex) -> assertThat(ex.inStep()).isTrue());
	}

	private Object zero(GobType<?> type) {
		GobWriter message = this.gob.writer();
		type.writeOrZero(null, message);
		return new Vectors.Stream(this.gob, bytes(this.gob, message), Feed.WHOLE).readDynamic();
	}

	private void assertUnsupported(Class<?> type, String text) {
		assertThatExceptionOfType(UnsupportedTypeException.class).isThrownBy(() -> this.gob.type(type))
			.withMessageContaining(text);
	}

	private <T> void assertRefused(GobType<T> type, T value, String text) {
		GobWriter out = this.gob.writer();
		assertThatExceptionOfType(GobException.class).isThrownBy(() -> type.write(value, out))
			.withMessageContaining(text)
			.satisfies((ex) -> assertThat(ex.inStep()).isTrue());
		assertThat(out.length()).isZero();
	}

	private List<Gob.StructField> fields(String... names) {
		AnnotatedType number = Names.class.getRecordComponents()[0].getAnnotatedType();
		return Arrays.stream(names).map((name) -> new Gob.StructField(name, number)).toList();
	}

	private Map<String, Object> fields(byte[] bytes) {
		return ((DynamicReader.Struct) new Vectors.Stream(this.gob, bytes, Feed.WHOLE).readDynamic()).fields();
	}

	@SuppressWarnings("unchecked")
	private <T> T roundTrip(TypeRef<T> type, T value) {
		return (T) read(write(this.gob.type(type), value), this.gob.type(type));
	}

	private <T> byte[] write(GobType<T> type, T value) {
		return write(this.gob, type, value);
	}

	private static <T> byte[] write(Gob gob, GobType<T> type, T value) {
		GobWriter message = gob.writer();
		type.write(value, message);
		return bytes(gob, message);
	}

	private static byte[] bytes(Gob gob, GobWriter message) {
		GobWriter out = gob.writer();
		gob.sentTypes().appendMissing(message, out);
		out.append(message);
		return Arrays.copyOf(out.array(), out.length());
	}

	private Object read(byte[] bytes, GobType<?> type) {
		return new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(type);
	}

	enum Color {

		RED, GREEN

	}

	enum Op {

		PLUS {
			@Override
			int apply(int a, int b) {
				return a + b;
			}
		};

		abstract int apply(int a, int b);

	}

	record Everything(boolean flag, byte i8, short i16, int i32, long i64, float f32, double f64, String text,
			byte[] bytes, Color color, BigDecimal decimal, BigInteger big, Duration duration, Instant instant,
			OffsetDateTime time, UUID uuid, Complex complex, Optional<String> optional, OptionalInt optionalInt,
			OptionalLong optionalLong, OptionalDouble optionalDouble, Integer box, Boolean flagBox, List<String> list,
			Set<Integer> set, TreeSet<String> sorted, Map<String, List<Long>> map, SortedMap<Color, Integer> byColor) {

		Everything(boolean flag, byte i8, short i16, int i32, long i64, float f32, double f64, String text,
				byte[] bytes, Color color, BigDecimal decimal, BigInteger big, Duration duration, Instant instant,
				OffsetDateTime time, UUID uuid, Complex complex, Optional<String> optional, OptionalInt optionalInt,
				OptionalLong optionalLong, OptionalDouble optionalDouble, Integer box, Boolean flagBox,
				List<String> list, Set<Integer> set, TreeSet<String> sorted, Map<String, List<Long>> map,
				Map<Color, Integer> byColor) {
			this(flag, i8, i16, i32, i64, f32, f64, text, bytes, color, decimal, big, duration, instant, time, uuid,
					complex, optional, optionalInt, optionalLong, optionalDouble, box, flagBox, list, set, sorted, map,
					new java.util.TreeMap<>(byColor));
		}

	}

	record Boxes(Integer number, String text, Optional<String> optional, List<String> list) {
	}

	record Unsigneds(@Unsigned byte b, @Unsigned short s, @Unsigned int i, @Unsigned long l, @Unsigned int[] array,
			List<@Unsigned Byte> bytes, List<@Unsigned Short> shorts) {
	}

	record Generic<T>(T content) {
	}

	public abstract static class Parent<T> {

		private T value;

		public T getValue() {
			return this.value;
		}

		public void setValue(T value) {
			this.value = value;
		}

	}

	public static class Child extends Parent<String> {

	}

	public static class Bean {

		public int open = 9;

		private String name;

		private boolean ready;

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

		public boolean isReady() {
			return this.ready;
		}

		public void setReady(boolean ready) {
			this.ready = ready;
		}

		public int getNameLength() {
			return (this.name != null) ? this.name.length() : 0;
		}

	}

	public static class NoConstructor {

		private final int value;

		NoConstructor(int value) {
			this.value = value;
		}

		public int getValue() {
			return this.value;
		}

	}

	public static class Failing {

		public int getValue() {
			throw new IllegalStateException("not now");
		}

	}

	record Names(int userId, int url, int x) {
	}

	record Renamed(int a, String b) {

		static Renamed of(String b, int a) {
			return new Renamed(a, "made by the factory, " + b);
		}

	}

	record HoldsChar(char c) {
	}

	record HoldsDate(List<Date> dates) {
	}

	record Place(String name, @FixedLength(2) List<Integer> at, Optional<Place> inside) {
	}

	record Tagged(String name, List<String> tags) {
	}

	record HoldsTagged(Map<Tagged, String> keys) {
	}

	record HoldsPages(Map<@FixedLength(1) List<HoldsKeys>, String> keys) {
	}

	record HoldsKeys(Map<byte[], String> keys) {
	}

	record HoldsUnsignedText(@Unsigned String text) {
	}

	record HoldsFixedMap(@FixedLength(3) Map<String, String> map) {
	}

	record HoldsAbstract(Number number) {
	}

	interface Unregistered {

	}

	record HoldsInterface(Unregistered value) {
	}

	record HoldsEnumMap(EnumMap<Color, String> map) {
	}

	record TwoOfAName(int a, int A) {
	}

	record HoldsBoth(Names names, char c) {
	}

	record Endless(Deeper<String> deeper) {
	}

	record Deeper<T>(Deeper<List<T>> deeper) {
	}

	record Only(int a) {
	}

	record FixedBoxes(int a, @FixedLength(2) List<Long> boxes, @FixedLength(3) int[] numbers) {
	}

}
