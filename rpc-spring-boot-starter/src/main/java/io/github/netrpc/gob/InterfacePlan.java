package io.github.netrpc.gob;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * {@code Object}, or an interface or abstract class with registered implementations: Go's
 * interface values. <pre>
 * string name (empty: nil, the end), int id, uint count, value as at top level
 * </pre> Received, definitions may stand between name and id, and the message may end
 * after each; the count is then not the length of the value, and is not looked at
 * (vectors {@code box_point}, {@code box_boxes}). Ours never have any inside.
 */
final class InterfacePlan extends Plan {

	private final Gob gob;

	private final Class<?> bound;

	private final ValueReader reader;

	InterfacePlan(Gob gob, Class<?> bound) {
		super(bound.getSimpleName() + " (interface value)");
		this.gob = gob;
		this.bound = bound;
		this.reader = new Reader(gob, bound);
	}

	@Override
	String goName() {
		return (this.bound != Object.class) ? this.bound.getSimpleName() : "interface{}";
	}

	@Override
	String peerName() {
		return "interface";
	}

	@Override
	void writeZero(GobWriter out) {
		throw GobException.value("Null, where an interface value is to be sent on its own");
	}

	@Override
	int wireId() {
		return Definition.INTERFACE;
	}

	@Override
	void write(Object value, GobWriter out) {
		NamedPlan named = this.gob.named(value.getClass());
		if (named == null || !this.bound.isInstance(value)) {
			throw GobException.value("No name is registered for " + value.getClass().getName()
					+ " in an interface value (GobTypes.builder().register(name, type))");
		}
		Plan plan = named.plan();
		out.enter();
		out.writeBytes(named.nameBytes());
		out.writeInt(plan.wireId());
		if (plan.wireId() >= Definition.FIRST_USER_ID) {
			out.need(plan.wireId());
		}
		int start = out.beginMessage();
		if (!plan.isStruct()) {
			out.writeUint(0);
		}
		plan.write(value, out);
		out.endMessage(start);
		out.leave();
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		compiler.basic(remoteId, Definition.INTERFACE, this);
		return this.reader;
	}

	/** Reads up to the id of the value's type, and the definitions before it. */
	static int readTypeId(GobInput in) {
		while (true) {
			if (in.atEnd()) {
				in.nextMessage();
			}
			int id = in.readTypeId();
			if (id >= 0) {
				return id;
			}
			in.types = in.types.define(in, -id, false);
			if (!in.atEnd()) {
				in.readUint();
			}
		}
	}

	/** The length of the name, which may not be longer than the limit. */
	static int readNameSize(GobInput in) {
		int size = in.readSize("name");
		if (size > in.limits.maxNameBytes()) {
			throw GobException.limitOfValue("Length of the name of a type: " + size + " (limit: "
					+ in.limits.maxNameBytes() + " bytes, fixed)");
		}
		return size;
	}

	/** A type and its name in interface values. */
	static final class NamedPlan {

		private final String name;

		private final byte[] nameBytes;

		private final Plan plan;

		NamedPlan(String name, Plan plan) {
			this.name = name;
			this.nameBytes = name.getBytes(StandardCharsets.UTF_8);
			this.plan = plan;
		}

		String name() {
			return this.name;
		}

		/** Not to be changed. */
		byte[] nameBytes() {
			return this.nameBytes;
		}

		Plan plan() {
			return this.plan;
		}

	}

	private static final class Reader extends ValueReader {

		private final Gob gob;

		private final Class<?> bound;

		Reader(Gob gob, Class<?> bound) {
			this.gob = gob;
			this.bound = bound;
		}

		@Override
		@Nullable Object read(GobInput in) {
			int size = readNameSize(in);
			if (size == 0) {
				return null;
			}
			String name = new String(in.array, in.pos, size, StandardCharsets.UTF_8);
			NamedPlan named = this.gob.named(name);
			in.pos += size;
			if (named == null) {
				throw GobException.value("The type " + ReceivedText.quote(name)
						+ " in an interface value is not registered, expected " + expected());
			}
			in.enter();
			int id = readTypeId(in);
			in.readUint();
			ValueReader reader = in.types.reader(id, named.plan(), this.gob);
			if (!(reader instanceof ValueReader.Mismatch) && !in.types.isStruct(id)) {
				in.readZeroDelta();
			}
			Object value = reader.read(in);
			if (value != null && !this.bound.isInstance(value)) {
				throw GobException.value("The type " + ReceivedText.quote(name)
						+ " in an interface value does not belong here, expected " + expected());
			}
			in.leave();
			return value;
		}

		private String expected() {
			return (this.bound == Object.class) ? "a basic type, or one of GobTypes.builder().register(name, type)"
					: "one of " + ReceivedText.names(this.gob.registry().namesOfSubtypes(this.bound));
		}

	}

}
