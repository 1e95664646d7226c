package io.github.netrpc.gob;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

import io.github.netrpc.gob.RandomTypes.Anys;
import io.github.netrpc.gob.RandomTypes.Point;
import io.github.netrpc.type.Complex;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.Unsigned;

/**
 * Makes random values of a type and hashes them in the notation of the program gobrandom,
 * without any help of the code under test.
 */
abstract class RandomShape {

	private static final OffsetDateTime ZERO_TIME = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

	private static final long[] EDGES = { 0, 1, -1, 2, 63, 64, -63, -64, -65, 127, 128, -128, -129, 255, 256, 32_767,
			-32_768, 65_535, 1L << 31, -(1L << 31), Long.MAX_VALUE, Long.MIN_VALUE };

	private static final Map<Class<?>, RandomShape> RECORDS = new HashMap<>();

	/** A value; never null as an element. */
	abstract Object random(Random random, int depth);

	Object randomElement(Random random, int depth) {
		Object value = random(random, depth);
		while (value == null) {
			value = random(random, depth);
		}
		return value;
	}

	abstract void hash(Hash hash, Object value);

	/** As Go's zero value, which stands for what was absent and is null here. */
	abstract void hashZero(Hash hash);

	static RandomShape of(AnnotatedType type) {
		return of(type, false, -1);
	}

	private static RandomShape of(AnnotatedType type, boolean outerUnsigned, int outerLength) {
		boolean unsigned = outerUnsigned || type.isAnnotationPresent(Unsigned.class);
		if (type instanceof AnnotatedArrayType array) {
			Class<?> component = ((Class<?>) array.getType()).getComponentType();
			AnnotatedType componentType = array.getAnnotatedGenericComponentType();
			FixedLength length = type.getAnnotation(FixedLength.class);
			if (length == null && !component.isArray()) {
				length = componentType.getAnnotation(FixedLength.class);
			}
			if (component == byte.class && length == null) {
				return new Bytes();
			}
			return new Sequence(of(componentType, unsigned || component == byte.class, -1), component,
					(length != null) ? length.value() : -1);
		}
		if (type instanceof AnnotatedParameterizedType parameterized) {
			Class<?> raw = (Class<?>) ((java.lang.reflect.ParameterizedType) type.getType()).getRawType();
			AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
			if (raw == Optional.class) {
				return new Pointer(of(arguments[0]));
			}
			return (raw == List.class) ? new Sequence(of(arguments[0]), null, outerLength)
					: new Entries(of(arguments[0]), of(arguments[1]));
		}
		return ofClass((Class<?>) type.getType(), unsigned);
	}

	static RandomShape ofClass(Class<?> type, boolean unsigned) {
		if (type.isPrimitive()) {
			return new Primitive(java.lang.invoke.MethodType.methodType(type).wrap().returnType(), unsigned, false);
		}
		if (Number.class.isAssignableFrom(type) && type != BigInteger.class || type == Boolean.class) {
			return new Primitive(type, unsigned, true);
		}
		if (type.isRecord() && type != Complex.class) {
			RandomShape known = RECORDS.get(type);
			if (known == null) {
				Struct struct = new Struct(type);
				RECORDS.put(type, struct);
				struct.compile();
				known = struct;
			}
			return known;
		}
		return (type == Object.class) ? new Any() : new Simple(type);
	}

	static long integer(Random random) {
		return switch (random.nextInt(4)) {
			case 0 -> 0;
			case 1 -> EDGES[random.nextInt(EDGES.length)];
			default -> random.nextLong() >> random.nextInt(64);
		};
	}

	static double real(Random random) {
		return switch (random.nextInt(8)) {
			case 0 -> 0;
			case 1 -> random.nextInt(1_000);
			case 2 -> new double[] { Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, Double.MAX_VALUE,
					Double.MIN_VALUE, -0.0 }[random.nextInt(6)];
			case 3 -> Double.longBitsToDouble(random.nextLong());
			default -> random.nextGaussian();
		};
	}

	static String text(Random random) {
		String alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \0\n\"";
		if (random.nextInt(4) == 0) {
			alphabet = "aä世界é😀\u07ff\u0800\uffff";
		}
		int[] points = alphabet.codePoints().toArray();
		int length = switch (random.nextInt(40)) {
			case 0 -> 120 + random.nextInt(20);
			case 1 -> 250 + random.nextInt(300);
			default -> random.nextInt(9);
		};
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < length; i++) {
			text.appendCodePoint(points[random.nextInt(points.length)]);
		}
		return text.toString();
	}

	static OffsetDateTime time(Random random) {
		Instant instant = Instant.ofEpochSecond((random.nextLong() >>> 28) - (1L << 35), random.nextInt(1_000_000_000));
		return switch (random.nextInt(3)) {
			case 0 -> instant.atOffset(ZoneOffset.UTC);
			case 1 ->
				instant.atOffset(ZoneOffset.ofTotalSeconds(60 * (random.nextInt(14 * 60) + 1) + random.nextInt(60)));
			default -> instant.atOffset(ZoneOffset.ofTotalSeconds(-60 * (random.nextInt(14 * 60) + 2)));
		};
	}

	static int few(Random random, int depth) {
		return (depth > 4) ? 0 : random.nextInt(5 - depth);
	}

	private static final class Primitive extends RandomShape {

		private final Class<?> box;

		private final boolean unsigned;

		private final boolean pointer;

		Primitive(Class<?> box, boolean unsigned, boolean pointer) {
			this.box = box;
			this.unsigned = unsigned;
			this.pointer = pointer;
		}

		@Override
		Object random(Random random, int depth) {
			return (this.pointer && random.nextInt(3) == 0) ? null : randomElement(random, depth);
		}

		@Override
		Object randomElement(Random random, int depth) {
			if (this.box == Boolean.class) {
				return random.nextBoolean();
			}
			if (this.box == Double.class) {
				return real(random);
			}
			if (this.box == Float.class) {
				return (float) real(random);
			}
			long value = integer(random);
			if (this.box == Long.class) {
				return value;
			}
			if (this.box == Integer.class) {
				return (int) value;
			}
			return (this.box == Short.class) ? (Object) (short) value : (Object) (byte) value;
		}

		@Override
		void hashZero(Hash hash) {
			hash(hash, (this.box == Boolean.class) ? (Object) false
					: (this.box == Double.class || this.box == Float.class) ? (Object) 0.0 : (Object) 0);
		}

		/** As an element or a primitive; see {@link Struct} for boxes. */
		@Override
		void hash(Hash hash, Object value) {
			if (value instanceof Boolean flag) {
				hash.octet(flag ? 't' : 'f');
			}
			else if (value instanceof Double || value instanceof Float) {
				hash.real(((Number) value).doubleValue());
			}
			else {
				long number = ((Number) value).longValue();
				if (this.unsigned) {
					number &= (this.box == Byte.class) ? 0xff
							: (this.box == Short.class) ? 0xffff : (this.box == Integer.class) ? 0xffff_ffffL : -1;
				}
				hash.bits('i', number);
			}
		}

		static boolean isZero(Object value) {
			return (value instanceof Boolean flag) ? !flag : ((Number) value).doubleValue() == 0;
		}

	}

	private static final class Simple extends RandomShape {

		private final Class<?> type;

		Simple(Class<?> type) {
			this.type = type;
		}

		@Override
		Object random(Random random, int depth) {
			if (this.type == String.class) {
				return text(random);
			}
			if (this.type == Complex.class) {
				return new Complex((float) real(random), (float) real(random));
			}
			if (this.type == Duration.class) {
				return Duration.ofNanos(integer(random));
			}
			if (this.type == UUID.class) {
				return new UUID(random.nextLong(), random.nextLong());
			}
			if (this.type == BigInteger.class) {
				BigInteger big = new BigInteger(random.nextInt(320), random);
				return random.nextBoolean() ? big.negate() : big;
			}
			return time(random);
		}

		@Override
		void hashZero(Hash hash) {
			if (this.type == BigInteger.class || this.type == OffsetDateTime.class) {
				hash.octet('-');
			}
			else {
				hash(hash, (this.type == String.class) ? "" : (this.type == Complex.class) ? new Complex(0, 0)
						: (this.type == Duration.class) ? Duration.ZERO : new UUID(0, 0));
			}
		}

		@Override
		void hash(Hash hash, Object value) {
			if (value instanceof String text) {
				hash.bytes(text.getBytes(StandardCharsets.UTF_8));
			}
			else if (value instanceof Complex complex) {
				hash.real(complex.re());
				hash.real(complex.im());
			}
			else if (value instanceof Duration duration) {
				hash.bits('i', duration.toNanos());
			}
			else if (value instanceof UUID uuid) {
				hash.bits('l', 16);
				for (int i = 0; i < 16; i++) {
					long half = (i < 8) ? uuid.getMostSignificantBits() : uuid.getLeastSignificantBits();
					hash.bits('i', (half >>> (56 - 8 * (i % 8))) & 0xff);
				}
			}
			else if (value instanceof BigInteger big) {
				hash.bits('B', big.signum());
				byte[] magnitude = big.abs().toByteArray();
				int from = (magnitude[0] == 0) ? 1 : 0;
				hash.bytes(java.util.Arrays.copyOfRange(magnitude, from, magnitude.length));
			}
			else if (value == null || value.equals(ZERO_TIME)) {
				hash.octet('-');
			}
			else {
				OffsetDateTime time = (OffsetDateTime) value;
				hash.bits('T', time.toEpochSecond());
				hash.number(time.getNano());
				hash.number(time.getOffset().getTotalSeconds());
			}
		}

	}

	private static final class NarrowComplex extends RandomShape {

		@Override
		Object random(Random random, int depth) {
			return new Complex((float) real(random), (float) real(random));
		}

		@Override
		void hashZero(Hash hash) {
			hash(hash, new Complex(0, 0));
		}

		@Override
		void hash(Hash hash, Object value) {
			hash.real((float) ((Complex) value).re());
			hash.real((float) ((Complex) value).im());
		}

	}

	private static final class Bytes extends RandomShape {

		@Override
		Object random(Random random, int depth) {
			return text(random).getBytes(StandardCharsets.UTF_8);
		}

		@Override
		void hashZero(Hash hash) {
			hash.bytes(new byte[0]);
		}

		@Override
		void hash(Hash hash, Object value) {
			hash.bytes((byte[]) value);
		}

	}

	private static final class Sequence extends RandomShape {

		private final RandomShape element;

		private final Class<?> component;

		private final int length;

		Sequence(RandomShape element, Class<?> component, int length) {
			this.element = element;
			this.component = component;
			this.length = length;
		}

		@Override
		Object random(Random random, int depth) {
			int size = (this.length >= 0) ? this.length : few(random, depth);
			if (this.component == null) {
				List<Object> list = new ArrayList<>();
				for (int i = 0; i < size; i++) {
					list.add(this.element.randomElement(random, depth + 1));
				}
				return list;
			}
			Object array = Array.newInstance(this.component, size);
			for (int i = 0; i < size; i++) {
				Array.set(array, i, this.element.randomElement(random, depth + 1));
			}
			return array;
		}

		@Override
		void hashZero(Hash hash) {
			hash.bits('l', Math.max(0, this.length));
			for (int i = 0; i < this.length; i++) {
				this.element.hashZero(hash);
			}
		}

		@Override
		void hash(Hash hash, Object value) {
			if (value instanceof List<?> list) {
				hash.bits('l', list.size());
				list.forEach((each) -> this.element.hash(hash, each));
				return;
			}
			int size = Array.getLength(value);
			hash.bits('l', size);
			for (int i = 0; i < size; i++) {
				this.element.hash(hash, Array.get(value, i));
			}
		}

	}

	private static final class Entries extends RandomShape {

		private final RandomShape key;

		private final RandomShape value;

		Entries(RandomShape key, RandomShape value) {
			this.key = key;
			this.value = value;
		}

		@Override
		Object random(Random random, int depth) {
			Map<Object, Object> map = new LinkedHashMap<>();
			for (int i = few(random, depth); i > 0; i--) {
				Object k = this.key.randomElement(random, depth + 1);
				if (!(k instanceof Double number) || (number != 0 && !Double.isNaN(number))) {
					map.put(k, this.value.randomElement(random, depth + 1));
				}
			}
			return map;
		}

		@Override
		void hashZero(Hash hash) {
			hash.bits('m', 0);
			hash.number(0);
		}

		@Override
		void hash(Hash hash, Object value) {
			long sum = 0;
			Map<?, ?> map = (Map<?, ?>) value;
			for (Map.Entry<?, ?> each : map.entrySet()) {
				Hash entry = new Hash();
				this.key.hash(entry, each.getKey());
				this.value.hash(entry, each.getValue());
				sum += entry.value;
				hash.vague |= entry.vague || isOneOfSeveral(each.getKey());
			}
			hash.bits('m', map.size());
			hash.number(sum);
		}

		/** In Go, NaN is as many keys as there are, and 0 and -0 are one. */
		private static boolean isOneOfSeveral(Object key) {
			return key instanceof Double number && (number == 0 || Double.isNaN(number));
		}

	}

	private static final class Pointer extends RandomShape {

		private final RandomShape content;

		Pointer(RandomShape content) {
			this.content = content;
		}

		@Override
		Object random(Random random, int depth) {
			return (random.nextInt(3) == 0 || depth > 5) ? Optional.empty()
					: Optional.of(this.content.randomElement(random, depth + 1));
		}

		@Override
		void hashZero(Hash hash) {
			hash.octet('-');
		}

		@Override
		void hash(Hash hash, Object value) {
			Object present = ((Optional<?>) value).orElse(null);
			if (present == null || present.equals("")) {
				hash.octet('-');
			}
			else {
				this.content.hash(hash, present);
			}
		}

	}

	private static final class Any extends RandomShape {

		@Override
		Object random(Random random, int depth) {
			return (random.nextInt(5) == 0) ? null : randomElement(random, depth);
		}

		@Override
		Object randomElement(Random random, int depth) {
			return switch (random.nextInt(10)) {
				case 0 -> integer(random);
				case 1 -> text(random);
				case 2 -> random.nextBoolean();
				case 3 -> real(random);
				case 4 -> text(random).getBytes(StandardCharsets.UTF_8);
				case 5 -> new String[] { text(random), text(random) };
				case 6 -> new Point(integer(random), integer(random));
				case 7 -> time(random);
				case 8 -> (depth < 4) ? ofClass(Anys.class, false).random(random, depth + 1) : "";
				default -> (int) integer(random);
			};
		}

		@Override
		void hashZero(Hash hash) {
			hash.octet('-');
		}

		@Override
		void hash(Hash hash, Object value) {
			if (value == null) {
				hash.octet('-');
				return;
			}
			hash.octet('I');
			hashPresent(hash, value);
		}

		/** Under the names that need no registration, see {@link GobTypes}. */
		private static void hashPresent(Hash hash, Object value) {
			if (value instanceof byte[] bytes) {
				hash.bytes(bytes);
			}
			else if (value instanceof List<?> list) {
				hash.bits('l', list.size());
				list.forEach((each) -> hashPresent(hash, each));
			}
			else if (value.getClass().isArray()) {
				int size = Array.getLength(value);
				hash.bits('l', size);
				for (int i = 0; i < size; i++) {
					hashPresent(hash, Array.get(value, i));
				}
			}
			else if (value instanceof BigInteger number) {
				// Go's uint64
				hash.bits('i', number.longValue());
			}
			else {
				ofClass(value.getClass(), false).hash(hash, value);
			}
		}

	}

	private static final class Struct extends RandomShape {

		private final Class<?> type;

		private RandomShape[] shapes = {};

		private MethodHandle[] getters = {};

		private MethodHandle constructor;

		Struct(Class<?> type) {
			this.type = type;
		}

		void compile() {
			try {
				RecordComponent[] components = this.type.getRecordComponents();
				this.shapes = new RandomShape[components.length];
				this.getters = new MethodHandle[components.length];
				Class<?>[] parameters = new Class<?>[components.length];
				for (int i = 0; i < components.length; i++) {
					// Go's complex64, for which Java has no type of its own
					this.shapes[i] = components[i].getName().equals("c64") ? new NarrowComplex()
							: of(components[i].getAnnotatedType());
					components[i].getAccessor().setAccessible(true);
					this.getters[i] = MethodHandles.lookup().unreflect(components[i].getAccessor());
					parameters[i] = components[i].getType();
				}
				Constructor<?> canonical = this.type.getDeclaredConstructor(parameters);
				canonical.setAccessible(true);
				this.constructor = MethodHandles.lookup().unreflectConstructor(canonical);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		Object random(Random random, int depth) {
			Object[] arguments = new Object[this.shapes.length];
			for (int i = 0; i < arguments.length; i++) {
				arguments[i] = this.shapes[i].random(random, depth + 1);
			}
			try {
				return this.constructor.invokeWithArguments(arguments);
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		void hashZero(Hash hash) {
			hash.octet('{');
			for (RandomShape shape : this.shapes) {
				if (shape instanceof Primitive primitive && primitive.pointer) {
					hash.octet('-');
				}
				else {
					shape.hashZero(hash);
				}
			}
			hash.octet('}');
		}

		@Override
		void hash(Hash hash, Object value) {
			hash.octet('{');
			for (int i = 0; i < this.shapes.length; i++) {
				Object component;
				try {
					component = this.getters[i].invoke(value);
				}
				catch (Throwable ex) {
					throw new IllegalStateException(ex);
				}
				if (this.shapes[i] instanceof Primitive primitive && primitive.pointer
						&& (component == null || Primitive.isZero(component))) {
					hash.octet('-');
				}
				else if (component == null) {
					this.shapes[i].hashZero(hash);
				}
				else {
					this.shapes[i].hash(hash, component);
				}
			}
			hash.octet('}');
		}

	}

	/** FNV-1a. */
	static final class Hash {

		private long value = 0xcbf29ce484222325L;

		private boolean vague;

		static long of(RandomShape shape, Object value) {
			Hash hash = new Hash();
			shape.hash(hash, value);
			return hash.value;
		}

		/** The hash, or 0 if Go's may be another though it has read the same. */
		static long ifClear(RandomShape shape, Object value) {
			Hash hash = new Hash();
			shape.hash(hash, value);
			return hash.vague ? 0 : hash.value;
		}

		void octet(int octet) {
			this.value = (this.value ^ (octet & 0xff)) * 1_099_511_628_211L;
		}

		void number(long number) {
			for (int i = 0; i < 8; i++) {
				octet((int) (number >>> (8 * i)));
			}
		}

		void bits(char tag, long number) {
			octet(tag);
			number(number);
		}

		void real(double number) {
			bits('d', Double.isNaN(number) ? 1 : (number == 0) ? 0 : Double.doubleToRawLongBits(number));
		}

		void bytes(byte[] bytes) {
			bits('s', bytes.length);
			for (byte octet : bytes) {
				octet(octet);
			}
		}

	}

}
