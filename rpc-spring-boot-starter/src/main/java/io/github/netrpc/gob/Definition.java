package io.github.netrpc.gob;

import java.util.Arrays;

/**
 * The definition of one type on the wire, ours or the peer's (Go {@code encoding/gob},
 * wireType). Immutable once built. <pre>
 * message:    length, int(-id), wireType
 * wireType:   exactly one of 0 ArrayT, 1 SliceT, 2 StructT, 3 MapT, 4 GobEncoderT,
 *             5 BinaryMarshalerT, 6 TextMarshalerT; each begins with a CommonType {Name, Id}
 * ArrayT:     CommonType, Elem int, Len int      SliceT: CommonType, Elem int
 * StructT:    CommonType, Field []{Name string, Id int}
 * MapT:       CommonType, Key int, Elem int
 * </pre>
 */
final class Definition {

	static final int BOOL = 1;

	static final int INT = 2;

	static final int UINT = 3;

	static final int FLOAT = 4;

	static final int BYTES = 5;

	static final int STRING = 6;

	static final int COMPLEX = 7;

	static final int INTERFACE = 8;

	/** Ids below are gob's own; Go 1.19 sends from 65, newer releases from 64. */
	static final int FIRST_USER_ID = 64;

	static final String[] NO_NAMES = {};

	static final int[] NO_IDS = {};

	private static final String[] BASIC_NAMES = { "?", "bool", "int", "uint", "float", "bytes", "string", "complex",
			"interface" };

	final int id;

	final Kind kind;

	final String name;

	final int key;

	final int element;

	final int length;

	final String[] fieldNames;

	final int[] fieldIds;

	Definition(int id, Kind kind, String name, int key, int element, int length, String[] fieldNames, int[] fieldIds) {
		this.id = id;
		this.kind = kind;
		this.name = name;
		this.key = key;
		this.element = element;
		this.length = length;
		this.fieldNames = fieldNames;
		this.fieldIds = fieldIds;
	}

	static Definition of(int id, Kind kind, String name) {
		return new Definition(id, kind, name, 0, 0, 0, NO_NAMES, NO_IDS);
	}

	static Definition slice(int id, String name, int element) {
		return new Definition(id, Kind.SLICE, name, 0, element, 0, NO_NAMES, NO_IDS);
	}

	static Definition array(int id, int element, int length) {
		return new Definition(id, Kind.ARRAY, "", 0, element, length, NO_NAMES, NO_IDS);
	}

	static Definition map(int id, String name, int key, int element) {
		return new Definition(id, Kind.MAP, name, key, element, 0, NO_NAMES, NO_IDS);
	}

	static Definition struct(int id, String name, String[] fieldNames, int[] fieldIds) {
		return new Definition(id, Kind.STRUCT, name, 0, 0, 0, fieldNames, fieldIds);
	}

	/** The name of an id that needs no definition, for error texts. */
	static String basicName(int id) {
		return (id > 0 && id < BASIC_NAMES.length) ? BASIC_NAMES[id] : "id " + id;
	}

	/** The ids that values of this type need besides. */
	int[] references() {
		return switch (this.kind) {
			case STRUCT -> this.fieldIds;
			case MAP -> new int[] { this.key, this.element };
			case SLICE, ARRAY -> new int[] { this.element };
			default -> NO_IDS;
		};
	}

	/** The whole message that defines this type. */
	byte[] message() {
		GobWriter out = new GobWriter(Integer.MAX_VALUE - 64, 1);
		int start = out.beginMessage();
		out.writeInt(-(long) this.id);
		out.writeUint(this.kind.field + 1);
		out.writeUint(1);
		if (this.name.isEmpty()) {
			out.writeUint(2);
		}
		else {
			out.writeUint(1);
			out.writeString(this.name);
			out.writeUint(1);
		}
		out.writeInt(this.id);
		out.writeUint(0);
		int last = 0;
		switch (this.kind) {
			case ARRAY -> {
				last = number(out, 1, last, this.element);
				number(out, 2, last, this.length);
			}
			case SLICE -> number(out, 1, last, this.element);
			case MAP -> {
				last = number(out, 1, last, this.key);
				number(out, 2, last, this.element);
			}
			case STRUCT -> writeFields(out);
			default -> {
			}
		}
		out.writeUint(0);
		out.writeUint(0);
		out.endMessage(start);
		return Arrays.copyOf(out.array(), out.length());
	}

	private void writeFields(GobWriter out) {
		if (this.fieldNames.length == 0) {
			return;
		}
		out.writeUint(1);
		out.writeUint(this.fieldNames.length);
		for (int i = 0; i < this.fieldNames.length; i++) {
			out.writeUint(1);
			out.writeString(this.fieldNames[i]);
			out.writeUint(1);
			out.writeInt(this.fieldIds[i]);
			out.writeUint(0);
		}
	}

	private static int number(GobWriter out, int field, int last, int value) {
		if (value == 0) {
			return last;
		}
		out.writeUint(field - last);
		out.writeInt(value);
		return field;
	}

	/** In the order of wireType's fields. */
	enum Kind {

		ARRAY(0), SLICE(1), STRUCT(2), MAP(3), GOB_ENCODER(4), BINARY_MARSHALER(5), TEXT_MARSHALER(6),

		/** A definition in which nothing was set. */
		NOTHING(-1);

		final int field;

		Kind(int field) {
			this.field = field;
		}

		static Kind of(int field) {
			for (Kind kind : values()) {
				if (kind.field == field) {
					return kind;
				}
			}
			throw new IllegalArgumentException("No kind " + field);
		}

	}

}
