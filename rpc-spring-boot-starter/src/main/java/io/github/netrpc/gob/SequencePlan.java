package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.Definition.Kind;

/**
 * Collections and arrays of objects: Go's slices, or arrays if the length is fixed.
 * Absent, a slice is empty and an array has zeros. Elements are always sent, and never
 * null.
 */
final class SequencePlan extends Plan {

	private static final int ELEMENT_BYTES = 8;

	private static final int INSTANCE_BYTES = 64;

	/** For lists whose count cannot be compared with the bytes at hand. */
	private static final int FIRST_CAPACITY = 16;

	private final Containers container;

	private final int wireId;

	private final int fixedLength;

	private final @Nullable String goName;

	private @Nullable Plan element;

	SequencePlan(String name, @Nullable String goName, Containers container, int wireId, int fixedLength) {
		super(name);
		this.goName = goName;
		this.container = container;
		this.wireId = wireId;
		this.fixedLength = fixedLength;
	}

	/** Elements come second, as they may be of this very type. */
	void element(Plan element) {
		this.element = element;
	}

	private Plan element() {
		Plan element = this.element;
		if (element == null) {
			throw new IllegalStateException("Not compiled yet: " + name());
		}
		return element;
	}

	@Override
	String goName() {
		if (this.goName != null) {
			return this.goName;
		}
		return ((this.fixedLength < 0) ? "[]" : "[" + this.fixedLength + "]") + element().goName();
	}

	@Override
	String peerName() {
		if (this.goName != null) {
			return (this.fixedLength < 0) ? "slice" : "array of " + this.fixedLength;
		}
		return ((this.fixedLength < 0) ? "[]" : "[" + this.fixedLength + "]") + element().peerName();
	}

	@Override
	List<Plan> parts() {
		return List.of(element());
	}

	@Override
	void writeZero(GobWriter out) {
		out.writeUint(Math.max(0, this.fixedLength));
		for (int i = 0; i < this.fixedLength; i++) {
			element().writeZero(out);
		}
	}

	@Override
	int wireId() {
		return this.wireId;
	}

	@Override
	boolean isOmitted(@Nullable Object value) {
		return value == null || (this.fixedLength < 0 && size(value) == 0);
	}

	@Override
	boolean hasAbsent() {
		return true;
	}

	@Override
	Object absent() {
		if (this.fixedLength <= 0) {
			return this.container.make(new ArrayList<>(0));
		}
		Object[] zeros = new Object[this.fixedLength];
		for (int i = 0; i < zeros.length; i++) {
			zeros[i] = (element() instanceof ScalarPlan number) ? number.scalar.box(0) : element().absent();
		}
		return this.container.make(new ArrayList<>(Arrays.asList(zeros)));
	}

	@Override
	long absentBytes() {
		return (this.fixedLength > 0) ? this.fixedLength * (Long.BYTES + element().absentBytes()) : 0;
	}

	private static int size(Object value) {
		return (value instanceof Object[] array) ? array.length : ((Collection<?>) value).size();
	}

	@Override
	void write(Object value, GobWriter out) {
		int size = size(value);
		if (this.fixedLength >= 0 && size != this.fixedLength) {
			throw GobException.value(size + " elements, expected " + this.fixedLength + " (@FixedLength)");
		}
		out.enter();
		out.writeUint(size);
		Plan plan = element();
		int i = 0;
		if (value instanceof Object[] array) {
			for (; i < size; i++) {
				write(array[i], plan, out, i);
			}
		}
		else {
			for (Object each : (Collection<?>) value) {
				if (i == size) {
					throw GobException.value("A collection that changed while it was written");
				}
				write(each, plan, out, i++);
			}
			if (i < size) {
				throw GobException.value("A collection that changed while it was written");
			}
		}
		out.leave();
	}

	private static void write(@Nullable Object each, Plan plan, GobWriter out, int index) {
		if (each == null) {
			throw GobException.value("A null element").in("[" + index + "]");
		}
		try {
			plan.write(each, out);
		}
		catch (GobException ex) {
			throw ex.in("[" + index + "]");
		}
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		Definition definition = compiler.defined(remoteId, (this.fixedLength < 0) ? Kind.SLICE : Kind.ARRAY, this);
		if (this.fixedLength >= 0 && definition.length != this.fixedLength) {
			throw compiler.mismatch(remoteId, this);
		}
		return compiler.sequence(remoteId, this, definition);
	}

	/** Elements are compiled second, as they may be of the very same types. */
	static final class Reader extends ValueReader {

		private final SequencePlan plan;

		private final boolean mayCross;

		private @Nullable ValueReader element;

		Reader(SequencePlan plan, boolean mayCross) {
			this.plan = plan;
			this.mayCross = mayCross;
		}

		void compile(ReaderCompiler compiler, Definition definition) {
			this.element = compiler.reader(definition.element, this.plan.element());
		}

		@Override
		Object read(GobInput in) {
			int count = in.readCount(this.mayCross);
			if (this.plan.fixedLength >= 0 && count != this.plan.fixedLength) {
				throw GobException.value(count + " elements, expected " + this.plan.fixedLength);
			}
			in.enter();
			in.charge(INSTANCE_BYTES + (this.mayCross ? 0 : (long) count * ELEMENT_BYTES));
			ValueReader reader = this.element;
			if (reader == null) {
				throw new IllegalStateException("Not compiled yet: " + this.plan.name());
			}
			List<Object> elements = new ArrayList<>(this.mayCross ? Math.min(count, FIRST_CAPACITY) : count);
			boolean nullable = this.plan.element() instanceof InterfacePlan;
			for (int i = 0; i < count; i++) {
				in.checkMore();
				if (this.mayCross) {
					in.charge(ELEMENT_BYTES);
				}
				try {
					elements.add(nullable ? reader.read(in) : reader.readElement(in));
				}
				catch (GobException ex) {
					throw ex.in("[" + i + "]");
				}
			}
			in.leave();
			try {
				return this.plan.container.make(elements);
			}
			catch (Throwable ex) {
				throw GobException.refused("The collection does not take the received elements", ex);
			}
		}

	}

}
