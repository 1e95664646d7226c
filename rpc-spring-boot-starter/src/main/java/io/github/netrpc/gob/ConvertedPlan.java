package io.github.netrpc.gob;

import java.math.BigInteger;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Numbers that are objects in Java: {@code Duration} (Go: nanoseconds in an int64), and
 * the wider types that unsigned numbers in an interface value become.
 */
abstract class ConvertedPlan extends Plan {

	private static final int INSTANCE_BYTES = 48;

	private final int wireId;

	ConvertedPlan(String name, int wireId) {
		super(name);
		this.wireId = wireId;
	}

	static ConvertedPlan duration() {
		return new ConvertedPlan("Duration", Definition.INT) {

			// A number in Go, which does not send zero.
			@Override
			boolean isOmitted(@Nullable Object value) {
				return value == null || Duration.ZERO.equals(value);
			}

			@Override
			boolean hasAbsent() {
				return true;
			}

			@Override
			Object absent() {
				return Duration.ZERO;
			}

			@Override
			void write(Object value, GobWriter out) {
				try {
					out.writeInt(((Duration) value).toNanos());
				}
				catch (ArithmeticException ex) {
					throw GobException.value("A Duration of more than 292 years, which time.Duration cannot hold");
				}
			}

			@Override
			Object read(GobInput in) {
				return Duration.ofNanos(in.readInt());
			}

		};
	}

	/** For {@code uint8} and {@code uint16}, {@code uint32}, {@code uint64}. */
	static ConvertedPlan unsigned(int bits) {
		return new ConvertedPlan("uint" + bits, Definition.UINT) {

			@Override
			void write(Object value, GobWriter out) {
				out.writeUint(((Number) value).longValue());
			}

			@Override
			Object read(GobInput in) {
				long value = in.readUint();
				if (bits < 64 && value >>> bits != 0) {
					throw GobException
						.value("Value out of range: " + Long.toUnsignedString(value) + " (expected " + name() + ")");
				}
				return switch (bits) {
					case 8, 16 -> (int) value;
					case 32 -> value;
					default -> (value >= 0) ? BigInteger.valueOf(value) : GobInput.unsigned(value);
				};
			}

		};
	}

	@Override
	String goName() {
		return (this.wireId == Definition.INT) ? "time.Duration" : name();
	}

	@Override
	int wireId() {
		return this.wireId;
	}

	abstract Object read(GobInput in);

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		compiler.basic(remoteId, this.wireId, this);
		return new ValueReader() {

			@Override
			Object read(GobInput in) {
				in.charge(INSTANCE_BYTES);
				return ConvertedPlan.this.read(in);
			}

		};
	}

}
