package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Go's {@code []byte}: a {@code byte[]}, or a list of unsigned bytes, since Go sends
 * every slice of a uint8 kind so.
 */
final class BytesPlan extends Plan {

	private final @Nullable Containers container;

	/**
	 * Creates a plan.
	 * @param container how to make a collection of bytes; null for {@code byte[]}
	 */
	BytesPlan(@Nullable Containers container) {
		super((container != null) ? "collection of @Unsigned Byte" : "byte[]");
		this.container = container;
	}

	@Override
	String goName() {
		return "[]byte";
	}

	@Override
	int wireId() {
		return Definition.BYTES;
	}

	@Override
	boolean isOmitted(@Nullable Object value) {
		return value == null || size(value) == 0;
	}

	@Override
	boolean hasAbsent() {
		return true;
	}

	@Override
	Object absent() {
		return (this.container != null) ? this.container.make(List.of()) : new byte[0];
	}

	private static int size(Object value) {
		return (value instanceof byte[] bytes) ? bytes.length
				: (value instanceof Byte[] boxes) ? boxes.length : ((Collection<?>) value).size();
	}

	@Override
	void write(Object value, GobWriter out) {
		if (value instanceof byte[] bytes) {
			out.writeBytes(bytes);
			return;
		}
		Collection<?> elements = (value instanceof Byte[] boxes) ? List.of(boxes) : (Collection<?>) value;
		byte[] bytes = new byte[elements.size()];
		int i = 0;
		for (Object element : elements) {
			if (element == null) {
				throw GobException.value("A null element");
			}
			bytes[i++] = (Byte) element;
		}
		out.writeBytes(bytes);
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		compiler.basic(remoteId, Definition.BYTES, this);
		return new Reader(this.container);
	}

	private static final class Reader extends ValueReader {

		private final @Nullable Containers container;

		Reader(@Nullable Containers container) {
			this.container = container;
		}

		@Override
		Object read(GobInput in) {
			if (this.container == null) {
				return in.readBytes();
			}
			byte[] bytes = in.readBytes();
			in.charge(8L * bytes.length);
			List<Object> boxes = new ArrayList<>(bytes.length);
			for (byte b : bytes) {
				boxes.add(b);
			}
			return this.container.make(boxes);
		}

	}

}
