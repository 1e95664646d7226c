package io.github.netrpc.gob;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.netrpc.gob.Definition.Kind;

/**
 * Reads one definition; see {@link Definition} for its shape. As in any struct, the end
 * of the message ends what is open.
 */
final class DefinitionParser {

	private final GobInput in;

	private final int last;

	private int key;

	private int element;

	private int length;

	private final List<String> fieldNames = new ArrayList<>();

	private final List<Integer> fieldIds = new ArrayList<>();

	DefinitionParser(GobInput in, int mostBytes) {
		this.in = in;
		this.last = in.pos + mostBytes;
	}

	Definition parse(int id) {
		Kind kind = Kind.NOTHING;
		int field = -1;
		for (int delta = delta(field, 6); delta > 0; delta = delta(field, 6)) {
			field += delta;
			if (kind != Kind.NOTHING) {
				throw GobException.stream("A type definition with two descriptions");
			}
			kind = Kind.of(field);
			description(kind);
		}
		checkBytes();
		if (this.length < 0) {
			throw GobException.stream("Array length: " + this.length);
		}
		return new Definition(id, kind, "", this.key, this.element, this.length,
				this.fieldNames.toArray(Definition.NO_NAMES),
				this.fieldIds.stream().mapToInt(Integer::intValue).toArray());
	}

	private void description(Kind kind) {
		int most = switch (kind) {
			case ARRAY, MAP -> 2;
			case SLICE, STRUCT -> 1;
			default -> 0;
		};
		int field = -1;
		for (int delta = delta(field, most); delta > 0; delta = delta(field, most)) {
			field += delta;
			if (field == 0) {
				common();
			}
			else if (kind == Kind.STRUCT) {
				fields();
			}
			else if (kind == Kind.MAP && field == 1) {
				this.key = this.in.readTypeId();
			}
			else if (kind == Kind.ARRAY && field == 2) {
				this.length = this.in.readTypeId();
			}
			else {
				this.element = this.in.readTypeId();
			}
		}
	}

	/** Name, and an id of 32 bits that is not to be relied on. */
	private void common() {
		int field = -1;
		for (int delta = delta(field, 1); delta > 0; delta = delta(field, 1)) {
			field += delta;
			if (field == 0) {
				// Informative only, and long for Go's unnamed structs
				this.in.skipBytes("name");
			}
			else {
				this.in.readTypeId();
			}
		}
	}

	private void fields() {
		int count = this.in.readCount(false);
		for (int i = 0; i < count; i++) {
			checkBytes();
			String fieldName = "";
			int id = 0;
			int field = -1;
			for (int delta = delta(field, 1); delta > 0; delta = delta(field, 1)) {
				field += delta;
				if (field == 0) {
					fieldName = string();
				}
				else {
					id = this.in.readTypeId();
				}
			}
			if (fieldName.isEmpty()) {
				throw GobException.stream("Field " + (this.fieldNames.size() + 1)
						+ " of a struct in a type definition has no name, expected one of a byte or more");
			}
			this.fieldNames.add(fieldName);
			this.fieldIds.add(id);
		}
	}

	private int delta(int field, int most) {
		checkBytes();
		if (this.in.atEnd()) {
			return 0;
		}
		long delta = this.in.readUint();
		if (delta < 0 || field + delta > most) {
			throw GobException.stream(GobException.fieldNumberText(field, delta, most + 1) + ", in a type definition");
		}
		return (int) delta;
	}

	private String string() {
		int size = this.in.readSize("name");
		if (size > this.in.limits.maxNameBytes()) {
			throw GobException.limitOfStream("Length of a name in a type definition: " + size + " (limit: "
					+ this.in.limits.maxNameBytes() + " bytes, fixed)");
		}
		this.in.pos += size;
		return new String(this.in.array, this.in.pos - size, size, StandardCharsets.UTF_8);
	}

	private void checkBytes() {
		if (this.in.pos > this.last) {
			throw GobException.limitOfStream("More than " + this.in.limits.maxDefinitionBytes()
					+ " bytes of type definitions on one stream (limit: max-definitions-size)");
		}
	}

}
