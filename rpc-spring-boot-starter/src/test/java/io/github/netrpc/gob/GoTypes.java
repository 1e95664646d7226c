package io.github.netrpc.gob;

import java.lang.reflect.AnnotatedType;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.github.netrpc.type.Complex;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;

/**
 * The Go types of the vectors, written in Java by hand.
 */
final class GoTypes {

	static final GobTypes NAMES = GobTypes.builder()
		.register("int", Long.class)
		.register("MyInt", Integer.class)
		.register("Point", Point.class)
		.register("Person", Person.class)
		.register("Box", Box.class)
		.register("Boxes", Boxes.class)
		.register("Props", new TypeRef<Map<String, Object>>() {
		})
		.register("Square", Square.class)
		.register("Circle", Circle.class)
		.register("Time", OffsetDateTime.class)
		.register("Big", BigInteger.class)
		.register("Anys", new TypeRef<List<Object>>() {
		})
		.selfEncoding(Temp.class, SelfEncoding.gob("Temp", Temp::bytes, Temp::new))
		.selfEncoding(Secret.class, SelfEncoding.gob("Secret", Secret::bytes, Secret::inUpperCase))
		.selfEncoding(Rat.class, SelfEncoding.gob("Rat", Rat::bytes, Rat::new))
		.selfEncoding(Color.class, SelfEncoding.binary("Color", Color::bytes, Color::new))
		.selfEncoding(Url.class, SelfEncoding.binary("URL", Url::bytes, Url::new))
		.build();

	private static final Map<String, TypeRef<?>> TYPES = new HashMap<>();

	private GoTypes() {
	}

	static Gob gob() {
		return Gob.builder().types(NAMES).build();
	}

	static GobType<?> type(Gob gob, String go) {
		List<String> shape = shape(go);
		if (!shape.isEmpty()) {
			AnnotatedType number = Ab.class.getRecordComponents()[0].getAnnotatedType();
			return gob.struct("", shape.stream().map((name) -> new Gob.StructField(name, number)).toList());
		}
		TypeRef<?> type = TYPES.get(go);
		if (type == null) {
			throw new IllegalStateException("No Java type for Go's " + go);
		}
		return gob.type(type);
	}

	/** The fields of Go's anonymous structs of 200 and 130 ints. */
	static List<String> shape(String go) {
		List<String> names = new ArrayList<>();
		if (go.startsWith("struct { F000")) {
			int count = go.contains("200") ? 200 : 130;
			for (int i = 0; i < count; i++) {
				names.add("F%03d".formatted(i));
			}
		}
		return names;
	}

	private static void put(String go, TypeRef<?> type) {
		TYPES.put(go, type);
	}

	static {
		put("bool", new TypeRef<Boolean>() {
		});
		put("int", new TypeRef<Long>() {
		});
		put("int8", new TypeRef<Byte>() {
		});
		put("int16", new TypeRef<Short>() {
		});
		put("int32", new TypeRef<Integer>() {
		});
		put("int64", new TypeRef<Long>() {
		});
		put("uint", new TypeRef<@Unsigned Long>() {
		});
		put("uint8", new TypeRef<@Unsigned Byte>() {
		});
		put("uint16", new TypeRef<@Unsigned Short>() {
		});
		put("uint32", new TypeRef<@Unsigned Integer>() {
		});
		put("uint64", new TypeRef<@Unsigned Long>() {
		});
		put("uintptr", new TypeRef<@Unsigned Long>() {
		});
		put("float32", new TypeRef<Float>() {
		});
		put("float64", new TypeRef<Double>() {
		});
		put("complex64", new TypeRef<Complex>() {
		});
		put("complex128", new TypeRef<Complex>() {
		});
		put("string", new TypeRef<String>() {
		});
		put("MyInt", new TypeRef<Integer>() {
		});
		put("MyString", new TypeRef<String>() {
		});
		put("*int", new TypeRef<Long>() {
		});
		put("time.Duration", new TypeRef<Duration>() {
		});
		put("time.Time", new TypeRef<OffsetDateTime>() {
		});
		put("[]time.Time", new TypeRef<List<OffsetDateTime>>() {
		});
		put("map[string]time.Time", new TypeRef<Map<String, OffsetDateTime>>() {
		});
		put("*big.Int", new TypeRef<BigInteger>() {
		});
		put("*big.Rat", new TypeRef<Rat>() {
		});
		put("*big.Float", new TypeRef<Rat>() {
		});
		put("netip.Addr", new TypeRef<Url>() {
		});
		put("Color", new TypeRef<Color>() {
		});
		put("Secret", new TypeRef<Secret>() {
		});
		put("[]Temp", new TypeRef<List<Temp>>() {
		});
		put("interface{}", new TypeRef<Object>() {
		});
		put("*interface{}", new TypeRef<Object>() {
		});
		put("[]interface{}", new TypeRef<List<Object>>() {
		});
		slices();
		maps();
		structs();
	}

	private static void slices() {
		put("[]uint8", new TypeRef<byte[]>() {
		});
		put("MyBytes", new TypeRef<byte[]>() {
		});
		put("[]MyByte", new TypeRef<byte[]>() {
		});
		put("[]int8", new TypeRef<List<Byte>>() {
		});
		put("[]int", new TypeRef<long[]>() {
		});
		put("[]int32", new TypeRef<int[]>() {
		});
		put("MyInts", new TypeRef<List<Long>>() {
		});
		put("[]string", new TypeRef<String[]>() {
		});
		put("[]bool", new TypeRef<boolean[]>() {
		});
		put("[]float64", new TypeRef<double[]>() {
		});
		put("[]uint16", new TypeRef<@Unsigned short[]>() {
		});
		put("[][]int", new TypeRef<List<long[]>>() {
		});
		put("[][]uint8", new TypeRef<List<byte[]>>() {
		});
		put("[]Point", new TypeRef<List<Point>>() {
		});
		put("[]*Point", new TypeRef<Point[]>() {
		});
		put("[]*int", new TypeRef<Long[]>() {
		});
		put("[]complex128", new TypeRef<List<Complex>>() {
		});
		put("[3]int", new TypeRef<@FixedLength(3) List<Long>>() {
		});
		put("[2]int", new TypeRef<long @FixedLength(2) []>() {
		});
		put("[3]uint8", new TypeRef<@FixedLength(3) byte[]>() {
		});
		put("[2][2]string", new TypeRef<String @FixedLength(2) [] @FixedLength(2) []>() {
		});
		put("[0]int", new TypeRef<@FixedLength(0) int[]>() {
		});
		put("[2]bool", new TypeRef<@FixedLength(2) boolean[]>() {
		});
	}

	private static void maps() {
		put("map[string]int", new TypeRef<Map<String, Long>>() {
		});
		put("StrMap", new TypeRef<Map<String, Long>>() {
		});
		put("map[int]string", new TypeRef<Map<Long, String>>() {
		});
		put("map[bool]string", new TypeRef<Map<Boolean, String>>() {
		});
		put("map[float64]int", new TypeRef<Map<Double, Long>>() {
		});
		put("map[string]Point", new TypeRef<TreeMap<String, Point>>() {
		});
		put("map[string]*Point", new TypeRef<Map<String, Point>>() {
		});
		put("map[string][]string", new TypeRef<Map<String, List<String>>>() {
		});
		put("map[string]map[string]int", new TypeRef<Map<String, Map<String, Long>>>() {
		});
		put("map[[2]int]string", new TypeRef<Map<@FixedLength(2) List<Long>, String>>() {
		});
		put("map[Point]string", new TypeRef<Map<Point, String>>() {
		});
		put("map[string][]uint8", new TypeRef<Map<String, byte[]>>() {
		});
		put("map[uint8]bool", new TypeRef<Map<@Unsigned Byte, Boolean>>() {
		});
		put("RecSlice", new TypeRef<RecSlice>() {
		});
		put("RecMap", new TypeRef<RecMap>() {
		});
	}

	private static void structs() {
		put("AB", new TypeRef<Ab>() {
		});
		put("BA", new TypeRef<Ba>() {
		});
		put("ABC", new TypeRef<Abc>() {
		});
		put("OnlyB", new TypeRef<OnlyB>() {
		});
		put("BC", new TypeRef<Bc>() {
		});
		put("CD", new TypeRef<Cd>() {
		});
		put("None", new TypeRef<None>() {
		});
		put("AUint", new TypeRef<AUint>() {
		});
		put("AFloat", new TypeRef<AFloat>() {
		});
		put("AString", new TypeRef<AString>() {
		});
		put("AB64", new TypeRef<Ab>() {
		});
		put("AB8", new TypeRef<Ab8>() {
		});
		put("U8", new TypeRef<U8>() {
		});
		put("F32A", new TypeRef<F32a>() {
		});
		put("ABPtr", new TypeRef<AbPtr>() {
		});
		put("lower", new TypeRef<OnlyB>() {
		});
		put("SlI8", new TypeRef<SlI8>() {
		});
		put("SlU", new TypeRef<SlU>() {
		});
		put("ArI3", new TypeRef<ArI3>() {
		});
		put("SlI", new TypeRef<SlI>() {
		});
		put("ArI4", new TypeRef<ArI4>() {
		});
		put("StS", new TypeRef<StS>() {
		});
		put("ByS", new TypeRef<ByS>() {
		});
		put("ByA", new TypeRef<ByA>() {
		});
		put("MapSP", new TypeRef<MapSp>() {
		});
		put("MapSPP", new TypeRef<MapSp>() {
		});
		put("MapSI", new TypeRef<MapSi>() {
		});
		put("MapSU", new TypeRef<MapSu>() {
		});
		put("MapIS", new TypeRef<MapIs>() {
		});
		put("PX", new TypeRef<Px>() {
		});
		put("PZ", new TypeRef<Pz>() {
		});
		put("PP", new TypeRef<Pv>() {
		});
		put("PV", new TypeRef<Pv>() {
		});
		put("EmbFlat", new TypeRef<EmbFlat>() {
		});
		put("Derived", new TypeRef<Derived>() {
		});
		put("DerivedPtr", new TypeRef<Derived>() {
		});
		put("TimeP", new TypeRef<TimeF>() {
		});
		put("TimeF", new TypeRef<TimeF>() {
		});
		put("TimeB", new TypeRef<TimeB>() {
		});
		put("PtV", new TypeRef<PtV>() {
		});
		put("AnyV", new TypeRef<Box>() {
		});
		put("ShapeV", new TypeRef<ShapeV>() {
		});
		put("Keep", new TypeRef<Keep>() {
		});
		put("NodeLike", new TypeRef<NodeLike>() {
		});
		put("Box", new TypeRef<Box>() {
		});
		put("Boxes", new TypeRef<Boxes>() {
		});
		put("Canvas", new TypeRef<Canvas>() {
		});
		put("Props", new TypeRef<Props>() {
		});
		put("Node", new TypeRef<Node>() {
		});
		put("Tree", new TypeRef<Tree>() {
		});
		put("Dir", new TypeRef<Dir>() {
		});
		put("Ping", new TypeRef<Ping>() {
		});
		put("MapTree", new TypeRef<MapTree>() {
		});
		put("Event", new TypeRef<Event>() {
		});
		put("*Money", new TypeRef<Money>() {
		});
		put("*NetStuff", new TypeRef<NetStuff>() {
		});
		put("*Custom", new TypeRef<Custom>() {
		});
		put("Point", new TypeRef<Point>() {
		});
		put("*Point", new TypeRef<Point>() {
		});
		put("Address", new TypeRef<Address>() {
		});
		put("Person", new TypeRef<Person>() {
		});
		put("struct{}", new TypeRef<None>() {
		});
		put("Empty", new TypeRef<None>() {
		});
		put("Scalars", new TypeRef<Scalars>() {
		});
		put("Outer", new TypeRef<Outer>() {
		});
		put("EmbedsUnexported", new TypeRef<EmbedsUnexported>() {
		});
		put("Mixed", new TypeRef<Mixed>() {
		});
		put("HasEmpty", new TypeRef<HasEmpty>() {
		});
		put("struct { A int; B string }", new TypeRef<AString>() {
		});
		put("Slices", new TypeRef<Slices>() {
		});
		put("Arrays", new TypeRef<Arrays>() {
		});
		put("Maps", new TypeRef<Maps>() {
		});
		put("Pointers", new TypeRef<Pointers>() {
		});
		put("Gappy", new TypeRef<Gappy>() {
		});
	}

	record Point(long x, long y) {
	}

	record Box(Object v) {
	}

	record Boxes(String name, List<Object> items, long tail) {
	}

	record Props(Map<String, Object> m) {
	}

	interface Shape {

	}

	record Square(double side) implements Shape {
	}

	record Circle(double r) implements Shape {
	}

	record Canvas(Shape main, List<Shape> all, String after) {
	}

	record ShapeV(Shape v) {
	}

	record Address(String street, long zip) {
	}

	record Person(String name, Address home, Address work, List<String> tags) {
	}

	record Node(long val, Node next) {
	}

	record OnlyVal(long val) {
	}

	record NodeLike(long val, NodeLike next, String extra) {
	}

	record Tree(String key, Tree left, Tree right) {
	}

	record Dir(String name, List<Dir> subs) {
	}

	record Ping(long n, Pong pong) {
	}

	record Pong(String s, Ping ping, List<Ping> all) {
	}

	record MapTree(long v, Map<String, MapTree> kids) {
	}

	static final class RecSlice extends ArrayList<RecSlice> {

	}

	static final class RecMap extends HashMap<String, RecMap> {

	}

	record Event(String name, OffsetDateTime at, OffsetDateTime opt, Duration took) {
	}

	record Money(BigInteger val, BigInteger ptr) {
	}

	interface Opaque {

		byte[] bytes();

	}

	record Temp(byte[] bytes) implements Opaque {
	}

	record Secret(byte[] bytes) implements Opaque {

		static Secret inUpperCase(byte[] bytes) {
			return new Secret(new String(bytes, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT)
				.getBytes(StandardCharsets.ISO_8859_1));
		}

	}

	record Rat(byte[] bytes) implements Opaque {
	}

	record Color(byte[] bytes) implements Opaque {
	}

	record Url(byte[] bytes) implements Opaque {
	}

	record NetStuff(byte[] iP, Url uRL, Url ptr) {
	}

	record Custom(Temp t, Temp tP, Secret s, Secret sP, Color c, long l) {
	}

	record Ab(long a, long b) {
	}

	record Ba(long b, long a) {
	}

	record Abc(long a, long b, long c) {
	}

	record OnlyB(long b) {
	}

	record Bc(long b, long c) {
	}

	record Cd(long c, long d) {
	}

	record None() {
	}

	record AUint(long a, @Unsigned long b) {
	}

	record AFloat(long a, double b) {
	}

	record AString(long a, String b) {
	}

	record Ab8(byte a, byte b) {
	}

	record U8(@Unsigned byte a) {
	}

	record F32a(float a) {
	}

	record AbPtr(Long a, Long b) {
	}

	record SlI(long[] l) {
	}

	record SlI8(List<Byte> l) {
	}

	record SlU(@Unsigned long[] l) {
	}

	record ArI3(@FixedLength(3) long[] l) {
	}

	record ArI4(@FixedLength(4) List<Long> l) {
	}

	record StS(String l) {
	}

	record ByS(byte[] l) {
	}

	record ByA(@FixedLength(3) byte[] l) {
	}

	record MapSp(Map<String, Point> m) {
	}

	record MapSi(Map<String, Long> m) {
	}

	record MapSu(Map<String, @Unsigned Long> m) {
	}

	record MapIs(Map<Long, String> m) {
	}

	record OnlyX(long x) {
	}

	record OnlyZ(long z) {
	}

	record Px(OnlyX p) {
	}

	record Pz(OnlyZ p) {
	}

	record Pv(Point p) {
	}

	record PtV(Point v) {
	}

	record Base(long iD, String kind) {
	}

	record Derived(Base base, boolean extra) {
	}

	record EmbFlat(long iD, String kind, boolean extra) {
	}

	record TimeF(OffsetDateTime t) {
	}

	record TimeB(byte[] t) {
	}

	record Keep(String keep) {
	}

	record Scalars(boolean b, long i, byte i8, short i16, int i32, long i64, @Unsigned long u, @Unsigned byte u8,
			@Unsigned short u16, @Unsigned int u32, @Unsigned long u64, @Unsigned long up, float f32, double f64,
			Complex c64, Complex c128, String s, byte[] by) {
	}

	record Outer(Middle a, Middle b) {
	}

	record Middle(Point p, Point q) {
	}

	record EmbedsUnexported(long seen) {
	}

	record Mixed(long pub, String pubS) {
	}

	record HasEmpty(long a, None e, long b) {
	}

	record Slices(long[] ints, List<String> strs, byte[] bytes, Point[] pts, List<List<Long>> deep) {
	}

	record Arrays(@FixedLength(3) long[] a3, @FixedLength(4) byte[] b4, @FixedLength(2) List<Point> p2,
			@FixedLength(0) long[] z0) {
	}

	record Maps(Map<String, Long> sI, Map<Long, Point> iP, Map<String, List<String>> sS) {
	}

	record Pointers(Boolean b, Long i, Long iI, Optional<String> s, Point p, Optional<List<Long>> sl,
			Optional<Map<String, Long>> m, Optional<@FixedLength(2) List<Long>> arr) {
	}

	record Gappy(int a, int b, int c, int d, int e, int f, int g, int h) {
	}

}
