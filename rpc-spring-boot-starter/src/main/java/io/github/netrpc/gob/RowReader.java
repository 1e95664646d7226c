package io.github.netrpc.gob;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.GobRowType.Field;
import io.github.netrpc.gob.GobRowType.FieldKind;
import io.github.netrpc.gob.GobRowType.RowPlan;

/**
 * Reads a peer's struct into the row at hand, without making objects.
 */
final class RowReader extends ValueReader {

	private final RowPlan plan;

	private final Definition definition;

	/** For each field of the peer, ours; -1 to skip it. */
	private final int[] targets;

	private final FieldKind[] kinds;

	/** For each field of the peer that does not fit a lenient one of ours: why. */
	private final @Nullable String[] misfits;

	/** One bit for each field of ours that the peer has. */
	private int known;

	RowReader(RowPlan plan, Definition definition) {
		this.plan = plan;
		this.definition = definition;
		int count = definition.fieldNames.length;
		this.targets = new int[count];
		this.kinds = new FieldKind[count];
		this.misfits = new String[count];
	}

	void compile(ReaderCompiler compiler) {
		Field[] fields = this.plan.fields();
		for (int i = 0; i < this.targets.length; i++) {
			int id = this.definition.fieldIds[i];
			int target = FieldNames.match(this.definition.fieldNames[i], this.definition.fieldNames, fields.length,
					(field) -> fields[field].name());
			this.targets[i] = target;
			try {
				compiler.find(id);
				if (target >= 0) {
					this.known |= 1 << target;
					this.kinds[i] = fields[target].kind();
					compiler.reader(id, fields[target].plan());
				}
			}
			catch (GobException ex) {
				if (target >= 0 && fields[target].isLenient() && !compiler.missesTypes()) {
					this.misfits[i] = ex.in(fields[target].name()).getMessage();
					continue;
				}
				throw ex.in((target >= 0) ? this.plan.name() + "." + fields[target].name() : this.plan.name());
			}
		}
	}

	void checkCommonField() {
		if (this.known == 0 && this.targets.length > 0) {
			throw GobException.value("Received a struct with the fields "
					+ ReceivedText.names(List.of(this.definition.fieldNames)) + ", expected a " + this.plan.name()
					+ " with any of " + ReceivedText.names(Stream.of(this.plan.fields()).map(Field::name).toList()));
		}
	}

	@Override
	Object read(GobInput in) {
		GobRow row = in.row;
		if (row == null || row.plan() != this.plan) {
			throw new IllegalStateException("No row to read into");
		}
		row.clear();
		row.known(this.known);
		in.enter();
		int field = -1;
		while (in.pos < in.end) {
			long delta = in.readUint();
			if (delta == 0) {
				break;
			}
			if (delta < 0 || delta >= this.targets.length - field) {
				throw GobException.fieldNumber(field, delta, this.targets.length).in(this.plan.name());
			}
			field += (int) delta;
			read(in, field, row);
		}
		in.leave();
		return row;
	}

	private void read(GobInput in, int field, GobRow row) {
		int target = this.targets[field];
		if (target < 0) {
			DynamicReader.skip(in, this.definition.fieldIds[field]);
			return;
		}
		if (this.misfits[field] != null) {
			row.misfit(this.misfits[field]);
			DynamicReader.skip(in, this.definition.fieldIds[field]);
			return;
		}
		switch (this.kinds[field]) {
			case TEXT -> {
				int size = in.readSize("string");
				row.text(target, in.array, in.pos, in.pos + size);
				in.pos += size;
			}
			case UINT -> row.number(target, in.readUint());
			case INT -> row.number(target, in.readInt());
			case BOOL -> row.number(target, (in.readUint() != 0) ? 1 : 0);
			case TEXTS -> readTexts(in, field, row);
		}
	}

	private void readTexts(GobInput in, int field, GobRow row) {
		Field target = this.plan.fields()[this.targets[field]];
		TextsPlan plan = (TextsPlan) target.plan();
		int start = in.pos;
		try {
			row.texts(this.targets[field], plan.read(in));
		}
		catch (GobException ex) {
			if (!target.isLenient()) {
				throw ex.in(target.name());
			}
			in.pos = start;
			DynamicReader.skip(in, this.definition.fieldIds[field]);
			row.misfit(ex.in(target.name()));
		}
	}

}
