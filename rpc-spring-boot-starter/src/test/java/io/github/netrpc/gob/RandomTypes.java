package io.github.netrpc.gob;

import java.math.BigInteger;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.github.netrpc.type.Complex;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;

/**
 * The types of the program gobrandom, in the order in which they take turns.
 */
final class RandomTypes {

	static final List<TypeRef<?>> KINDS = List.of(new TypeRef<Point>() {
	}, new TypeRef<Scalars>() {
	}, new TypeRef<Containers>() {
	}, new TypeRef<Nested>() {
	}, new TypeRef<Pointers>() {
	}, new TypeRef<Times>() {
	}, new TypeRef<Tree>() {
	}, new TypeRef<Anys>() {
	}, new TypeRef<Wide>() {
	}, new TypeRef<Long>() {
	}, new TypeRef<String>() {
	}, new TypeRef<List<Point>>() {
	}, new TypeRef<Map<String, Integer>>() {
	}, new TypeRef<Double>() {
	}, new TypeRef<@Unsigned Long>() {
	}, new TypeRef<byte[]>() {
	});

	static final GobTypes NAMES = GobTypes.builder()
		.register("Point", Point.class)
		.register("Anys", Anys.class)
		.register("time.Time", OffsetDateTime.class)
		.build();

	private RandomTypes() {
	}

	record Point(long x, long y) {
	}

	record Scalars(boolean b, long i, byte i8, short i16, int i32, long i64, @Unsigned long u, @Unsigned byte u8,
			@Unsigned short u16, @Unsigned int u32, @Unsigned long u64, @Unsigned long up, float f32, double f64,
			Complex c64, Complex c128, String s, byte[] by, Duration d) {
	}

	record Containers(List<Long> ints, String[] strs, boolean[] bools, double[] floats, List<Float> f32s,
			@Unsigned short[] u16s, List<Byte> i8s, List<byte[]> bytes, int[][] deep, List<Complex> cs,
			@FixedLength(3) int[] a3, @FixedLength(4) byte[] b4, String @FixedLength(2) [] @FixedLength(2) [] grid,
			UUID iD, Map<String, Long> m, Map<Integer, String> iM, Map<String, List<String>> mS,
			Map<@Unsigned Byte, Boolean> uM, Map<Double, Point> fM) {
	}

	record None() {
	}

	record Nested(Point p, Optional<Point> ptr, List<Point> pts, Point[] ptrs, Map<String, Point> mP,
			Map<String, Point> mPP, Scalars in, None none) {
	}

	record Pointers(Boolean b, Long i, @Unsigned Integer u, Double f, Optional<String> s, Optional<Point> p,
			OffsetDateTime t) {
	}

	record Times(OffsetDateTime t, List<OffsetDateTime> ts, Map<String, OffsetDateTime> mT, Duration d, BigInteger big,
			List<BigInteger> bigs) {
	}

	record Tree(String key, Optional<Tree> left, Optional<Tree> right, List<Tree> kids, Map<String, Tree> byKey) {
	}

	record Anys(Object v, List<Object> l, Map<String, Object> m, long tail) {
	}

	record Wide(int a0, int a1, int a2, int a3, int a4, int a5, int a6, int a7, int a8, int a9, @Unsigned int b0,
			@Unsigned int b1, @Unsigned int b2, @Unsigned int b3, @Unsigned int b4, @Unsigned int b5, @Unsigned int b6,
			@Unsigned int b7, @Unsigned int b8, @Unsigned int b9, double c0, double c1, double c2, double c3, double c4,
			double c5, double c6, double c7, double c8, double c9, String d0, String d1, String d2, String d3,
			String d4, String d5, String d6, String d7, String d8, String d9) {
	}

}
