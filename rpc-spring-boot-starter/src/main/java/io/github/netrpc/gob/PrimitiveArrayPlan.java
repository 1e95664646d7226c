package io.github.netrpc.gob;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.Definition.Kind;

/**
 * Arrays of primitives, without boxes: Go's slices, or arrays if the length is fixed.
 * {@code byte[]} of any length is not here but in {@link BytesPlan}.
 */
final class PrimitiveArrayPlan extends Plan {

	private static final int INSTANCE_BYTES = 24;

	private final Scalar scalar;

	private final int wireId;

	private final int fixedLength;

	PrimitiveArrayPlan(Scalar scalar, int wireId, int fixedLength) {
		super(((fixedLength >= 0) ? "@FixedLength(" + fixedLength + ") " : "") + scalar + "[]");
		this.scalar = scalar;
		this.wireId = wireId;
		this.fixedLength = fixedLength;
	}

	@Override
	String goName() {
		return ((this.fixedLength < 0) ? "[]" : "[" + this.fixedLength + "]") + this.scalar;
	}

	@Override
	void writeZero(GobWriter out) {
		write(absent(), out);
	}

	@Override
	int wireId() {
		return this.wireId;
	}

	@Override
	boolean isOmitted(@Nullable Object value) {
		return value == null || (this.fixedLength < 0 && length(value) == 0);
	}

	@Override
	boolean hasAbsent() {
		return true;
	}

	@Override
	Object absent() {
		return make(this.scalar, Math.max(0, this.fixedLength));
	}

	@Override
	long absentBytes() {
		return (long) Long.BYTES * Math.max(0, this.fixedLength);
	}

	@Override
	void write(Object value, GobWriter out) {
		int length = length(value);
		if (this.fixedLength >= 0 && length != this.fixedLength) {
			throw GobException.value(length + " elements, expected " + this.fixedLength + " (@FixedLength)");
		}
		out.writeUint(length);
		for (int i = 0; i < length; i++) {
			this.scalar.write(get(value, i), out);
		}
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		Definition definition = compiler.defined(remoteId, (this.fixedLength < 0) ? Kind.SLICE : Kind.ARRAY, this);
		if (definition.element != this.scalar.wireId
				|| (this.fixedLength >= 0 && definition.length != this.fixedLength)) {
			throw compiler.mismatch(remoteId, this);
		}
		return new Reader(this);
	}

	private static Object make(Scalar scalar, int length) {
		return switch (scalar) {
			case BOOL -> new boolean[length];
			case INT8, UINT8 -> new byte[length];
			case INT16, UINT16 -> new short[length];
			case INT32, UINT32 -> new int[length];
			case INT64, UINT64 -> new long[length];
			case FLOAT32 -> new float[length];
			case FLOAT64 -> new double[length];
		};
	}

	private static int length(Object array) {
		if (array instanceof int[] ints) {
			return ints.length;
		}
		if (array instanceof long[] longs) {
			return longs.length;
		}
		if (array instanceof double[] doubles) {
			return doubles.length;
		}
		if (array instanceof byte[] bytes) {
			return bytes.length;
		}
		if (array instanceof boolean[] booleans) {
			return booleans.length;
		}
		if (array instanceof float[] floats) {
			return floats.length;
		}
		return ((short[]) array).length;
	}

	private long get(Object array, int index) {
		return switch (this.scalar) {
			case BOOL -> {
				boolean flag = ((boolean[]) array)[index];
				yield flag ? 1 : 0;
			}
			case INT8, UINT8 -> ((byte[]) array)[index];
			case INT16, UINT16 -> ((short[]) array)[index];
			case INT32, UINT32 -> ((int[]) array)[index];
			case INT64, UINT64 -> ((long[]) array)[index];
			case FLOAT32 -> Double.doubleToRawLongBits(((float[]) array)[index]);
			case FLOAT64 -> Double.doubleToRawLongBits(((double[]) array)[index]);
		};
	}

	private static final class Reader extends ValueReader {

		private final PrimitiveArrayPlan plan;

		Reader(PrimitiveArrayPlan plan) {
			this.plan = plan;
		}

		@Override
		Object read(GobInput in) {
			int count = in.readCount(false);
			if (this.plan.fixedLength >= 0 && count != this.plan.fixedLength) {
				throw GobException.value(count + " elements, expected " + this.plan.fixedLength);
			}
			Scalar scalar = this.plan.scalar;
			in.charge(INSTANCE_BYTES + (long) count * Math.max(1, scalar.bits / 8));
			Object array = make(scalar, count);
			for (int i = 0; i < count; i++) {
				try {
					set(scalar, array, i, scalar.read(in));
				}
				catch (GobException ex) {
					throw ex.in("[" + i + "]");
				}
			}
			return array;
		}

		private static void set(Scalar scalar, Object array, int index, long value) {
			switch (scalar) {
				case BOOL -> {
					((boolean[]) array)[index] = value != 0;
				}
				case INT8, UINT8 -> {
					((byte[]) array)[index] = (byte) value;
				}
				case INT16, UINT16 -> {
					((short[]) array)[index] = (short) value;
				}
				case INT32, UINT32 -> {
					((int[]) array)[index] = (int) value;
				}
				case INT64, UINT64 -> {
					((long[]) array)[index] = value;
				}
				case FLOAT32 -> {
					((float[]) array)[index] = (float) Double.longBitsToDouble(value);
				}
				case FLOAT64 -> {
					((double[]) array)[index] = Double.longBitsToDouble(value);
				}
			}
		}

	}

}
