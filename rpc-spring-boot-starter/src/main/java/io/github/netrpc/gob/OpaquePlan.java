package io.github.netrpc.gob;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.Definition.Kind;

/** A {@link SelfEncoding} type: a count and the bytes it makes. Absent, it is null. */
final class OpaquePlan extends Plan {

	private static final int INSTANCE_BYTES = 64;

	private final SelfEncoding<Object> form;

	private final int wireId;

	/** Go's zero value, if it is known. */
	private final @Nullable Object zero;

	@SuppressWarnings("unchecked")
	OpaquePlan(String name, SelfEncoding<?> form, int wireId, @Nullable Object zero) {
		super(name);
		this.zero = zero;
		this.form = (SelfEncoding<Object>) form;
		this.wireId = wireId;
	}

	@Override
	String goName() {
		return this.form.name();
	}

	@Override
	void writeZero(GobWriter out) {
		Object zero = this.zero;
		if (zero == null) {
			throw GobException.value("Null, and the zero value of " + name() + " is not known");
		}
		write(zero, out);
	}

	@Override
	int wireId() {
		return this.wireId;
	}

	@Override
	void write(Object value, GobWriter out) {
		byte[] bytes;
		try {
			bytes = this.form.encode().apply(value);
		}
		catch (Throwable ex) {
			throw GobException.refused("Writing " + name() + " failed", ex);
		}
		out.writeBytes(bytes);
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		compiler.defined(remoteId, this.form.gob() ? Kind.GOB_ENCODER : Kind.BINARY_MARSHALER, this);
		return new ValueReader() {

			@Override
			Object read(GobInput in) {
				in.charge(INSTANCE_BYTES);
				byte[] bytes = in.readBytes();
				try {
					return OpaquePlan.this.form.decode().apply(bytes);
				}
				catch (Throwable ex) {
					throw GobException.refused("Reading " + goName() + " from " + bytes.length + " bytes failed", ex);
				}
			}

		};
	}

}
