package io.github.netrpc.gob;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How one Java type is written and read: made once when the type is compiled, and used
 * for every value without reflection. Thread-safe once published.
 */
abstract class Plan {

	private final String name;

	private int number;

	/**
	 * Creates a plan.
	 * @param name the Java type, for error texts
	 */
	Plan(String name) {
		this.name = name;
	}

	final String name() {
		return this.name;
	}

	/** A small number of its own, for hashing. */
	final int number() {
		return this.number;
	}

	final void number(int number) {
		this.number = number;
	}

	/** The id of the wire type: gob's own, or one of this process. */
	abstract int wireId();

	/** Whether values are structs on the wire, which have no 00 in front. */
	boolean isStruct() {
		return false;
	}

	/** Whether an interface value may be inside. */
	boolean holdsInterface() {
		return false;
	}

	/** Whether a struct leaves a property with this value out. */
	boolean isOmitted(@Nullable Object value) {
		return value == null;
	}

	/** What a property reads as when it is not on the wire. */
	@Nullable Object absent() {
		return null;
	}

	/** Whether {@link #absent} is something else than null. */
	boolean hasAbsent() {
		return false;
	}

	/** The memory that {@link #absent} takes beyond what any object may. */
	long absentBytes() {
		return 0;
	}

	/** Writes a value that is not null. */
	abstract void write(Object value, GobWriter out);

	/** Writes Go's zero value, for a null that stands for a whole value. */
	void writeZero(GobWriter out) {
		out.writeUint(0);
	}

	/** The type as Go would write it. */
	abstract String goName();

	/** The same for a peer to read: without the names of classes. */
	String peerName() {
		return goName();
	}

	/**
	 * Compiles a reader for a peer's type.
	 * @throws GobException if the types do not fit
	 */
	abstract ValueReader reader(ReaderCompiler compiler, int remoteId);

	/** Why values can be written only, whatever is inside; null if they can be read. */
	@Nullable String whyNotReadable() {
		return null;
	}

	/** The types of what is inside and is read with it. */
	List<Plan> parts() {
		return List.of();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
