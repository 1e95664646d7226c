package io.github.netrpc.gob;

import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Records, beans and shapes without a class: structs. Values are read into a frame of
 * {@link GobInput} first, one slot per property, and made when all have come; nothing is
 * boxed on the way.
 */
final class StructPlan extends Plan {

	private static final int HEADER_BYTES = 16;

	private static final int FIELD_BYTES = 8;

	private static final Field[] NO_FIELDS = {};

	private final boolean shape;

	private final int wireId;

	private Field[] fields = NO_FIELDS;

	private int longCount;

	private int refCount;

	private @Nullable StructMaker maker;

	private @Nullable String whyNotReadable;

	/**
	 * Creates a plan, to be completed.
	 * @param name the name on the wire
	 * @param shape whether there is no class of that name
	 * @param wireId the id
	 */
	StructPlan(String name, boolean shape, int wireId) {
		super(name);
		this.shape = shape;
		this.wireId = wireId;
	}

	void complete(Field[] fields, int longCount, int refCount, @Nullable StructMaker maker,
			@Nullable String whyNotReadable) {
		this.fields = fields;
		this.longCount = longCount;
		this.refCount = refCount;
		this.maker = maker;
		this.whyNotReadable = whyNotReadable;
	}

	Field[] fields() {
		return this.fields;
	}

	int longCount() {
		return this.longCount;
	}

	int refCount() {
		return this.refCount;
	}

	int instanceBytes() {
		return HEADER_BYTES + FIELD_BYTES * this.fields.length;
	}

	@Nullable StructMaker maker() {
		return this.maker;
	}

	@Override
	@Nullable String whyNotReadable() {
		return this.whyNotReadable;
	}

	@Override
	List<Plan> parts() {
		return Arrays.stream(this.fields).filter((field) -> field.slot >= 0).map((field) -> field.plan).toList();
	}

	@Override
	String goName() {
		if (!this.shape) {
			return name();
		}
		StringBuilder text = new StringBuilder("struct {");
		for (Field field : this.fields) {
			text.append((field.index > 0) ? "; " : " ").append(field.name).append(' ').append(field.plan.goName());
		}
		return text.append((this.fields.length > 0) ? " }" : "}").toString();
	}

	@Override
	String peerName() {
		return "struct";
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
		out.enter();
		int last = -1;
		for (Field field : this.fields) {
			if (field.getter == null) {
				continue;
			}
			try {
				if (field.scalar != null) {
					long number = (long) field.getter.invokeExact(value);
					if (field.scalar.isZero(number)) {
						continue;
					}
					out.writeUint(field.index - last);
					field.scalar.write(number, out);
				}
				else {
					Object content = (Object) field.getter.invokeExact(value);
					if ((content == null) || (!field.nullIfAbsent && field.plan.isOmitted(content))) {
						continue;
					}
					out.writeUint(field.index - last);
					field.plan.write(content, out);
				}
				last = field.index;
			}
			catch (GobException ex) {
				throw ex.in(field.name);
			}
			catch (Throwable ex) {
				throw GobException.refused("Reading the property of " + name() + " failed", ex).in(field.name);
			}
		}
		out.writeUint(0);
		out.leave();
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		if (this.whyNotReadable != null) {
			throw GobException.value("A struct that cannot be read: " + this.whyNotReadable);
		}
		return compiler.struct(remoteId, this);
	}

	/** One property. */
	static final class Field {

		final String name;

		final int index;

		final Plan plan;

		/** For primitives, which wait in the frame's longs; null for all else. */
		final @Nullable Scalar scalar;

		/** {@code (Object)long} or {@code (Object)Object}; null if never sent. */
		final @Nullable MethodHandle getter;

		/** Where it waits in the frame; -1 if it is not taken. */
		final int slot;

		/** Whether it is absent only if null, where others of its type are empty. */
		final boolean nullIfAbsent;

		Field(String name, int index, Plan plan, @Nullable Scalar scalar, @Nullable MethodHandle getter, int slot,
				boolean nullIfAbsent) {
			this.name = name;
			this.index = index;
			this.plan = plan;
			this.scalar = scalar;
			this.getter = getter;
			this.slot = slot;
			this.nullIfAbsent = nullIfAbsent;
		}

	}

}
