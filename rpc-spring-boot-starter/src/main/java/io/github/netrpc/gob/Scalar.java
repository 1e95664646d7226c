package io.github.netrpc.gob;

import org.jspecify.annotations.Nullable;

/**
 * The Java types that fit into a long: what a value is on the wire, how it is boxed, and
 * its range. Floats travel as the bits of a double, booleans as 0 and 1, unsigned ones
 * without sign extension.
 */
enum Scalar {

	BOOL(Definition.BOOL, 8, boolean.class, Boolean.class), INT8(Definition.INT, 8, byte.class, Byte.class),
	INT16(Definition.INT, 16, short.class, Short.class), INT32(Definition.INT, 32, int.class, Integer.class),
	INT64(Definition.INT, 64, long.class, Long.class), UINT8(Definition.UINT, 8, byte.class, Byte.class),
	UINT16(Definition.UINT, 16, short.class, Short.class), UINT32(Definition.UINT, 32, int.class, Integer.class),
	UINT64(Definition.UINT, 64, long.class, Long.class), FLOAT32(Definition.FLOAT, 32, float.class, Float.class),
	FLOAT64(Definition.FLOAT, 64, double.class, Double.class);

	final int wireId;

	final int bits;

	final Class<?> primitive;

	final Class<?> box;

	private final long mask;

	Scalar(int wireId, int bits, Class<?> primitive, Class<?> box) {
		this.wireId = wireId;
		this.bits = bits;
		this.primitive = primitive;
		this.box = box;
		this.mask = (bits == 64) ? -1 : (1L << bits) - 1;
	}

	/** The scalar of a primitive or box, or null. */
	static @Nullable Scalar of(Class<?> type, boolean unsigned) {
		for (Scalar scalar : values()) {
			if ((scalar.primitive == type || scalar.box == type) && (scalar.isUnsigned() == unsigned)) {
				return scalar;
			}
		}
		return null;
	}

	boolean isUnsigned() {
		return this.wireId == Definition.UINT;
	}

	boolean isFloat() {
		return this.wireId == Definition.FLOAT;
	}

	/** Whether a struct leaves the value out: 0, false, 0.0 and -0.0. */
	boolean isZero(long value) {
		return isFloat() ? (value << 1) == 0 : value == 0;
	}

	void write(long value, GobWriter out) {
		switch (this.wireId) {
			case Definition.INT -> out.writeInt(value);
			case Definition.FLOAT -> out.writeDouble(value);
			default -> out.writeUint(value & this.mask);
		}
	}

	long read(GobInput in) {
		switch (this.wireId) {
			case Definition.INT -> {
				long value = in.readInt();
				int spare = 64 - this.bits;
				if ((value << spare) >> spare != value) {
					throw outOfRange(Long.toString(value));
				}
				return value;
			}
			case Definition.UINT -> {
				long value = in.readUint();
				if ((value & this.mask) != value) {
					throw outOfRange(Long.toUnsignedString(value));
				}
				return value;
			}
			case Definition.FLOAT -> {
				long value = in.readDouble();
				if (this == FLOAT32) {
					double d = Double.longBitsToDouble(value);
					if (Math.abs(d) > Float.MAX_VALUE && !Double.isInfinite(d)) {
						throw outOfRange(Double.toString(d));
					}
				}
				return value;
			}
			default -> {
				return (in.readUint() != 0) ? 1 : 0;
			}
		}
	}

	private GobException outOfRange(String value) {
		return GobException.value("Value out of range: " + value + " (expected " + this + ")");
	}

	Object box(long value) {
		return switch (this) {
			case BOOL -> value != 0;
			case INT8, UINT8 -> (byte) value;
			case INT16, UINT16 -> (short) value;
			case INT32, UINT32 -> (int) value;
			case INT64, UINT64 -> value;
			case FLOAT32 -> (float) Double.longBitsToDouble(value);
			case FLOAT64 -> Double.longBitsToDouble(value);
		};
	}

	long unbox(Object value) {
		return switch (this) {
			case BOOL -> {
				boolean flag = (Boolean) value;
				yield flag ? 1 : 0;
			}
			case FLOAT32 -> Double.doubleToRawLongBits((Float) value);
			case FLOAT64 -> Double.doubleToRawLongBits((Double) value);
			default -> ((Number) value).longValue();
		};
	}

	@Override
	public String toString() {
		return name().toLowerCase(java.util.Locale.ROOT);
	}

}
