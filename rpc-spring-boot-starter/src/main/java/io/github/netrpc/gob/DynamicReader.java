package io.github.netrpc.gob;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.Complex;

/**
 * Reads values by the peer's definitions alone: to skip them, or to see what is there.
 * Interface values are read too, never jumped over by their byte count, which is wrong
 * when types are defined inside (vector {@code skip_interface_with_new_inner_type}, Go
 * issue 34879).
 */
final class DynamicReader {

	private final GobInput in;

	private final boolean kept;

	private DynamicReader(GobInput in, boolean kept) {
		this.in = in;
		this.kept = kept;
	}

	static void skip(GobInput in, int id) {
		new DynamicReader(in, false).read(id);
	}

	/** A whole value, with the 00 in front of what is no struct. */
	static void skipWhole(GobInput in, int id) {
		new DynamicReader(in, false).readWhole(id);
	}

	/**
	 * A whole value: Boolean, Long, {@link Unsigned}, Double, byte[], String, Complex,
	 * List, {@link Struct}, {@link Entries}, {@link Opaque}, {@link Interface} or null.
	 */
	static @Nullable Object readWhole(GobInput in, int id) {
		return new DynamicReader(in, true).readWhole(id);
	}

	private @Nullable Object readWhole(int id) {
		if (!this.in.types.isStruct(id)) {
			this.in.readZeroDelta();
		}
		return read(id);
	}

	private @Nullable Object read(int id) {
		Definition definition = this.in.types.find(id);
		if (definition == null) {
			return basic(id);
		}
		this.in.enter();
		Object value = switch (definition.kind) {
			case STRUCT -> struct(definition);
			case SLICE -> list(definition.element, -1);
			case ARRAY -> list(definition.element, definition.length);
			case MAP -> map(definition);
			case GOB_ENCODER, BINARY_MARSHALER, TEXT_MARSHALER -> {
				byte[] bytes = bytes();
				yield (bytes != null) ? new Opaque(bytes) : null;
			}
			case NOTHING -> throw GobException.value("A value of a type without description");
		};
		this.in.leave();
		return value;
	}

	private @Nullable Object basic(int id) {
		switch (id) {
			case Definition.BOOL -> {
				long value = this.in.readUint();
				return this.kept ? value != 0 : null;
			}
			case Definition.INT -> {
				long value = this.in.readInt();
				return this.kept ? value : null;
			}
			case Definition.UINT -> {
				long value = this.in.readUint();
				return this.kept ? new Unsigned(value) : null;
			}
			case Definition.FLOAT -> {
				long bits = this.in.readDouble();
				return this.kept ? Double.longBitsToDouble(bits) : null;
			}
			case Definition.BYTES -> {
				return bytes();
			}
			case Definition.STRING -> {
				byte[] bytes = bytes();
				return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null;
			}
			case Definition.COMPLEX -> {
				double re = Double.longBitsToDouble(this.in.readDouble());
				double im = Double.longBitsToDouble(this.in.readDouble());
				return this.kept ? new Complex(re, im) : null;
			}
			case Definition.INTERFACE -> {
				return interfaceValue();
			}
			default -> throw GobException.value("Type id " + id + " has not been defined");
		}
	}

	private byte @Nullable [] bytes() {
		if (this.kept) {
			return this.in.readBytes();
		}
		this.in.skipBytes("bytes");
		return null;
	}

	private @Nullable Object interfaceValue() {
		int size = InterfacePlan.readNameSize(this.in);
		if (size == 0) {
			return null;
		}
		String name = this.kept ? new String(this.in.array, this.in.pos, size, StandardCharsets.UTF_8) : "";
		this.in.pos += size;
		this.in.enter();
		int id = InterfacePlan.readTypeId(this.in);
		this.in.readUint();
		Object value = readWhole(id);
		this.in.leave();
		return this.kept ? new Interface(name, value) : null;
	}

	private @Nullable Object struct(Definition definition) {
		Map<String, @Nullable Object> fields = this.kept ? new LinkedHashMap<>() : Map.of();
		int field = -1;
		while (!this.in.atEnd()) {
			long delta = this.in.readUint();
			if (delta == 0) {
				break;
			}
			if (delta < 0 || delta >= definition.fieldIds.length - field) {
				throw GobException.fieldNumber(field, delta, definition.fieldIds.length);
			}
			field += (int) delta;
			Object value = read(definition.fieldIds[field]);
			if (this.kept) {
				fields.put(definition.fieldNames[field], value);
			}
		}
		return this.kept ? new Struct(fields) : null;
	}

	private @Nullable Object list(int element, int length) {
		int count = this.in.readCount(true);
		if (length >= 0 && count != length) {
			throw GobException.value(count + " elements, expected " + length);
		}
		List<@Nullable Object> elements = this.kept ? new ArrayList<>() : List.of();
		for (int i = 0; i < count; i++) {
			this.in.checkMore();
			Object value = read(element);
			if (this.kept) {
				this.in.charge(8);
				elements.add(value);
			}
		}
		return this.kept ? elements : null;
	}

	private @Nullable Object map(Definition definition) {
		int count = this.in.readCount(true);
		List<@Nullable Object> entries = this.kept ? new ArrayList<>() : List.of();
		for (int i = 0; i < count; i++) {
			this.in.checkMore();
			Object key = read(definition.key);
			Object value = read(definition.element);
			if (this.kept) {
				this.in.charge(16);
				entries.add(key);
				entries.add(value);
			}
		}
		return this.kept ? new Entries(entries) : null;
	}

	/** An unsigned number. */
	record Unsigned(long bits) {

	}

	/** Fields that were on the wire, in order. */
	record Struct(Map<String, @Nullable Object> fields) {

	}

	/** Keys and values by turns. */
	record Entries(List<@Nullable Object> keysAndValues) {

	}

	/** The bytes of a self-encoding value. */
	static final class Opaque {

		private final byte[] bytes;

		Opaque(byte[] bytes) {
			this.bytes = bytes;
		}

		byte[] bytes() {
			return this.bytes;
		}

	}

	/** A name and a value. */
	record Interface(String name, @Nullable Object value) {

	}

}
