package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Reads a peer's struct into one of ours: deltas and values up to a zero delta. Fields
 * match by name, exactly or else without regard to case among names that begin with an
 * upper-case letter; what we do not have is skipped.
 */
final class StructReader extends ValueReader {

	private static final byte SCALAR = 1;

	private static final byte REF = 2;

	private final StructPlan plan;

	private final Definition definition;

	/** What to do with each field; 0 is to skip it. */
	private final byte[] kinds;

	private final int[] slots;

	private final @Nullable Scalar[] scalars;

	private final @Nullable ValueReader[] readers;

	private StructPlan.Field[] absent = {};

	private long[] absentBytes = {};

	private boolean matched;

	StructReader(StructPlan plan, Definition definition) {
		this.plan = plan;
		this.definition = definition;
		int count = definition.fieldNames.length;
		this.kinds = new byte[count];
		this.slots = new int[count];
		this.scalars = new Scalar[count];
		this.readers = new ValueReader[count];
	}

	void compile(ReaderCompiler compiler) {
		List<StructPlan.Field> withAbsent = new ArrayList<>();
		for (StructPlan.Field field : this.plan.fields()) {
			if (field.slot >= 0 && field.scalar == null && !field.nullIfAbsent && field.plan.hasAbsent()) {
				withAbsent.add(field);
			}
		}
		this.absent = withAbsent.toArray(this.absent);
		this.absentBytes = withAbsent.stream().mapToLong((field) -> field.plan.absentBytes()).toArray();
		for (int i = 0; i < this.kinds.length; i++) {
			int id = this.definition.fieldIds[i];
			StructPlan.Field field = match(this.definition.fieldNames[i]);
			try {
				compiler.find(id);
				if (field != null) {
					this.matched = true;
					compile(compiler, i, id, field);
				}
			}
			catch (GobException ex) {
				throw ex.in((field != null) ? field.name : unknown(i));
			}
		}
	}

	private void compile(ReaderCompiler compiler, int i, int id, StructPlan.Field field) {
		if (field.slot < 0) {
			return;
		}
		ValueReader reader = compiler.reader(id, field.plan);
		this.slots[i] = field.slot;
		this.kinds[i] = (field.scalar != null) ? SCALAR : REF;
		this.scalars[i] = field.scalar;
		this.readers[i] = reader;
	}

	private StructPlan.@Nullable Field match(String name) {
		StructPlan.Field[] fields = this.plan.fields();
		int index = FieldNames.match(name, this.definition.fieldNames, fields.length, (i) -> fields[i].name);
		return (index >= 0) ? fields[index] : null;
	}

	/** As Go: whole values must have something in common, unless one has nothing. */
	void checkCommonField() {
		if (!this.matched && this.kinds.length > 0 && this.plan.fields().length > 0) {
			throw GobException.value("Received a struct with the fields "
					+ ReceivedText.names(List.of(this.definition.fieldNames)) + ", expected one with any of "
					+ ReceivedText.names(Stream.of(this.plan.fields()).map((field) -> field.name).toList()));
		}
	}

	@Override
	Object read(GobInput in) {
		in.enter();
		in.charge(this.plan.instanceBytes());
		long outer = in.openFrame(this.plan.longCount(), this.plan.refCount());
		int field = -1;
		while (in.pos < in.end) {
			long delta = in.readUint();
			if (delta == 0) {
				break;
			}
			if (delta < 0 || delta >= this.kinds.length - field) {
				throw GobException.fieldNumber(field, delta, this.kinds.length);
			}
			field += (int) delta;
			try {
				read(in, field);
			}
			catch (GobException ex) {
				throw ex.in(name(field));
			}
		}
		for (int i = 0; i < this.absent.length; i++) {
			StructPlan.Field each = this.absent[i];
			if (in.refAt(each.slot) == null) {
				in.charge(this.absentBytes[i]);
				in.refAt(each.slot, each.plan.absent());
			}
		}
		StructMaker maker = this.plan.maker();
		if (maker == null) {
			throw new IllegalStateException("Cannot be read: " + this.plan.name());
		}
		Object value = maker.make(in);
		in.closeFrame(outer);
		in.leave();
		return value;
	}

	private void read(GobInput in, int field) {
		switch (this.kinds[field]) {
			case SCALAR -> {
				Scalar scalar = this.scalars[field];
				assert scalar != null;
				in.longAt(this.slots[field], scalar.read(in));
			}
			case REF -> {
				ValueReader reader = this.readers[field];
				assert reader != null;
				in.refAt(this.slots[field], reader.read(in));
			}
			default -> DynamicReader.skip(in, this.definition.fieldIds[field]);
		}
	}

	private String name(int field) {
		StructPlan.Field own = match(this.definition.fieldNames[field]);
		return (own != null) ? own.name : unknown(field);
	}

	private static String unknown(int field) {
		return "(unknown field " + field + ")";
	}

}
