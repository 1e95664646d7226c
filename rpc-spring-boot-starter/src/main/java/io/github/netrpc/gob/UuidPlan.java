package io.github.netrpc.gob;

import java.util.UUID;

import io.github.netrpc.gob.Definition.Kind;

/** {@link UUID}: {@code [16]byte}, an array of unsigned numbers. Absent, it is null. */
final class UuidPlan extends Plan {

	static final int LENGTH = 16;

	private final int wireId;

	UuidPlan(int wireId) {
		super("UUID");
		this.wireId = wireId;
	}

	@Override
	String goName() {
		return "[16]byte";
	}

	@Override
	void writeZero(GobWriter out) {
		write(new UUID(0, 0), out);
	}

	@Override
	int wireId() {
		return this.wireId;
	}

	@Override
	void write(Object value, GobWriter out) {
		UUID uuid = (UUID) value;
		out.writeUint(LENGTH);
		write(uuid.getMostSignificantBits(), out);
		write(uuid.getLeastSignificantBits(), out);
	}

	private static void write(long half, GobWriter out) {
		for (int shift = 56; shift >= 0; shift -= 8) {
			out.writeUint((half >>> shift) & 0xff);
		}
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		Definition definition = compiler.defined(remoteId, Kind.ARRAY, this);
		if (definition.element != Definition.UINT || definition.length != LENGTH) {
			throw compiler.mismatch(remoteId, this);
		}
		return new Reader();
	}

	private static final class Reader extends ValueReader {

		@Override
		Object read(GobInput in) {
			int count = in.readCount(false);
			if (count != LENGTH) {
				throw GobException.value(count + " elements, expected " + LENGTH);
			}
			in.charge(2 * LENGTH);
			long high = half(in);
			return new UUID(high, half(in));
		}

		private static long half(GobInput in) {
			long half = 0;
			for (int i = 0; i < LENGTH / 2; i++) {
				half = (half << 8) | Scalar.UINT8.read(in);
			}
			return half;
		}

	}

}
