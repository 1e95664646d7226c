package io.github.netrpc.gob;

import org.jspecify.annotations.Nullable;

/**
 * Primitives and their boxes. An absent primitive is zero, an absent box null; a box that
 * holds zero is sent, so that it arrives.
 */
final class ScalarPlan extends Plan {

	private static final int BOX_BYTES = 24;

	final Scalar scalar;

	final boolean primitive;

	private final Reader reader;

	ScalarPlan(Scalar scalar, boolean primitive) {
		super(primitive ? scalar.toString() : scalar.box.getSimpleName());
		this.scalar = scalar;
		this.primitive = primitive;
		this.reader = new Reader(scalar);
	}

	@Override
	String goName() {
		return this.scalar.toString();
	}

	@Override
	int wireId() {
		return this.scalar.wireId;
	}

	@Override
	boolean hasAbsent() {
		return this.primitive;
	}

	@Override
	@Nullable Object absent() {
		return this.primitive ? this.scalar.box(0) : null;
	}

	@Override
	void write(Object value, GobWriter out) {
		this.scalar.write(this.scalar.unbox(value), out);
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		compiler.basic(remoteId, this.scalar.wireId, this);
		return this.reader;
	}

	private static final class Reader extends ValueReader {

		private final Scalar scalar;

		Reader(Scalar scalar) {
			this.scalar = scalar;
		}

		@Override
		Object read(GobInput in) {
			in.charge(BOX_BYTES);
			return this.scalar.box(this.scalar.read(in));
		}

	}

}
