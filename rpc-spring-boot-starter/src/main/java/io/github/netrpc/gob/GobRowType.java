package io.github.netrpc.gob;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A flat struct that is read and written over and over without making objects, such as a
 * header: its values are kept in a reusable {@link GobRow}. Unknown fields are skipped.
 * At most 32 fields. Immutable and thread-safe. <pre class="code">
 * GobRowType request = gob.row("Request", List.of(Field.text("ServiceMethod"), Field.uint("Seq")));
 * GobRow row = request.newRow();
 * </pre>
 *
 * @since 0.1.0
 */
public final class GobRowType {

	private final RowPlan plan;

	GobRowType(RowPlan plan) {
		this.plan = plan;
	}

	/**
	 * Makes a row of this type.
	 * @return a new row, with zero values
	 */
	public GobRow newRow() {
		return new GobRow(this.plan);
	}

	/** What a field is. */
	enum FieldKind {

		TEXT, UINT, INT, BOOL, TEXTS

	}

	/**
	 * A field of a row. Immutable.
	 *
	 * @since 0.1.0
	 */
	public static final class Field {

		private final String name;

		private final FieldKind kind;

		private final Plan plan;

		private final boolean lenient;

		private Field(String name, FieldKind kind, Plan plan, boolean lenient) {
			this.name = name;
			this.kind = kind;
			this.plan = plan;
			this.lenient = lenient;
		}

		private Field(String name, FieldKind kind, Plan plan) {
			this(name, kind, plan, false);
		}

		/**
		 * A Go string, kept as bytes.
		 * @param name the name on the wire
		 * @return the field
		 */
		public static Field text(String name) {
			return new Field(name, FieldKind.TEXT, TextPlan.string());
		}

		/**
		 * A Go uint64.
		 * @param name the name on the wire
		 * @return the field
		 */
		public static Field uint(String name) {
			return new Field(name, FieldKind.UINT, new ScalarPlan(Scalar.UINT64, true));
		}

		/**
		 * A Go int64.
		 * @param name the name on the wire
		 * @return the field
		 */
		public static Field integer(String name) {
			return new Field(name, FieldKind.INT, new ScalarPlan(Scalar.INT64, true));
		}

		/**
		 * A Go bool; 0 or 1 as a number.
		 * @param name the name on the wire
		 * @return the field
		 */
		public static Field bool(String name) {
			return new Field(name, FieldKind.BOOL, new ScalarPlan(Scalar.BOOL, true));
		}

		/**
		 * A Go map[string]string, as an unmodifiable map.
		 * @param name the name on the wire
		 * @param type its type
		 * @param maxEntries how many entries are read at most
		 * @param maxBytes how many bytes keys and values may have together
		 * @return the field
		 */
		public static Field texts(String name, GobType<Map<String, String>> type, int maxEntries, int maxBytes) {
			return new Field(name, FieldKind.TEXTS, new TextsPlan(type.plan(), maxEntries, maxBytes));
		}

		/**
		 * The same field, that is skipped where it does not fit: {@link GobRow#misfit}
		 * then says why, and the other fields are read. The reader of any other field
		 * gives the whole row up.
		 * @return the lenient field
		 */
		public Field lenient() {
			return new Field(this.name, this.kind, this.plan, true);
		}

		String name() {
			return this.name;
		}

		FieldKind kind() {
			return this.kind;
		}

		Plan plan() {
			return this.plan;
		}

		boolean isLenient() {
			return this.lenient;
		}

	}

	/** How rows of one type are written and read. */
	static final class RowPlan extends Plan {

		private final int wireId;

		private final Field[] fields;

		RowPlan(String name, int wireId, List<Field> fields) {
			super(name);
			this.wireId = wireId;
			this.fields = fields.toArray(new Field[0]);
			if (this.fields.length > Integer.SIZE) {
				throw new IllegalArgumentException(
						name + ": " + this.fields.length + " fields (limit: " + Integer.SIZE + ")");
			}
		}

		Field[] fields() {
			return this.fields;
		}

		@Override
		String goName() {
			return name();
		}

		@Override
		int wireId() {
			return this.wireId;
		}

		@Override
		boolean isStruct() {
			return true;
		}

		@Override
		void write(Object value, GobWriter out) {
			GobRow row = (GobRow) value;
			int last = -1;
			for (int left = row.touched(); left != 0; left &= left - 1) {
				int i = Integer.numberOfTrailingZeros(left);
				if (write(row, i, i - last, out)) {
					last = i;
				}
			}
			out.writeUint(0);
		}

		private boolean write(GobRow row, int index, int delta, GobWriter out) {
			FieldKind kind = this.fields[index].kind();
			if (kind == FieldKind.TEXT) {
				int size = row.textTo(index) - row.textFrom(index);
				if (size == 0) {
					return false;
				}
				out.writeUint(delta);
				out.writeUint(size);
				out.write(row.textBytes(index), row.textFrom(index), size);
				return true;
			}
			if (kind == FieldKind.TEXTS) {
				Map<String, String> texts = row.texts(index);
				if (texts.isEmpty()) {
					return false;
				}
				out.writeUint(delta);
				this.fields[index].plan().write(texts, out);
				return true;
			}
			long number = row.number(index);
			if (number == 0) {
				return false;
			}
			out.writeUint(delta);
			if (kind == FieldKind.INT) {
				out.writeInt(number);
			}
			else {
				out.writeUint(number);
			}
			return true;
		}

		@Override
		ValueReader reader(ReaderCompiler compiler, int remoteId) {
			return compiler.row(remoteId, this);
		}

		@Override
		@Nullable Object absent() {
			return null;
		}

	}

}
