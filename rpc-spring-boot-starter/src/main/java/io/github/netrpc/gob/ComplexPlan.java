package io.github.netrpc.gob;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.Complex;

/** {@link Complex}: two floats, the real part first. Absent, it is zero. */
final class ComplexPlan extends Plan {

	private static final int INSTANCE_BYTES = 32;

	ComplexPlan() {
		super("Complex");
	}

	@Override
	String goName() {
		return "complex128";
	}

	@Override
	void writeZero(GobWriter out) {
		out.writeUint(0);
		out.writeUint(0);
	}

	@Override
	int wireId() {
		return Definition.COMPLEX;
	}

	@Override
	boolean isOmitted(@Nullable Object value) {
		return value == null || (((Complex) value).re() == 0 && ((Complex) value).im() == 0);
	}

	@Override
	boolean hasAbsent() {
		return true;
	}

	@Override
	Object absent() {
		return Complex.ZERO;
	}

	@Override
	void write(Object value, GobWriter out) {
		Complex complex = (Complex) value;
		out.writeDouble(Double.doubleToRawLongBits(complex.re()));
		out.writeDouble(Double.doubleToRawLongBits(complex.im()));
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		compiler.basic(remoteId, Definition.COMPLEX, this);
		return new ValueReader() {

			@Override
			Object read(GobInput in) {
				in.charge(INSTANCE_BYTES);
				double re = Double.longBitsToDouble(in.readDouble());
				return new Complex(re, Double.longBitsToDouble(in.readDouble()));
			}

		};
	}

}
