package io.github.netrpc.gob;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.Definition.Kind;

/**
 * Compares a peer's type with one of ours, all the way down and before any value is read,
 * as Go does. Structs are compared one after another, not one inside the other: recursive
 * types end, and long chains of types need no stack.
 */
final class ReaderCompiler {

	private final TypeTable types;

	private final int maxDepth;

	private final Map<Pair, StructReader> structs = new HashMap<>();

	private final Map<Pair, ValueReader> others = new HashMap<>();

	private final Deque<StructReader> open = new ArrayDeque<>();

	private int depth;

	private boolean missesTypes;

	ReaderCompiler(TypeTable types, int maxDepth) {
		this.types = types;
		this.maxDepth = maxDepth;
	}

	/** A reader for whole values; one that fails if the types do not fit. */
	ValueReader top(int id, Plan plan) {
		try {
			ValueReader reader = reader(id, plan);
			for (StructReader next = this.open.poll(); next != null; next = this.open.poll()) {
				next.compile(this);
			}
			if (reader instanceof StructReader struct) {
				struct.checkCommonField();
			}
			else if (reader instanceof RowReader row) {
				row.checkCommonField();
			}
			return reader;
		}
		catch (GobException ex) {
			return new ValueReader.Mismatch(ex.getMessage());
		}
	}

	RowReader row(int id, GobRowType.RowPlan plan) {
		RowReader reader = new RowReader(plan, defined(id, Kind.STRUCT, plan));
		reader.compile(this);
		return reader;
	}

	/** Whether a type was not defined; it may still be, later on the stream. */
	boolean missesTypes() {
		return this.missesTypes;
	}

	ValueReader reader(int id, Plan plan) {
		if (++this.depth > this.maxDepth) {
			throw GobException
				.limitOfValue("Types are nested deeper than " + this.maxDepth + " levels (limit: max-depth)");
		}
		ValueReader reader = plan.reader(this, id);
		this.depth--;
		return reader;
	}

	StructReader struct(int id, StructPlan plan) {
		Pair pair = new Pair(id, plan);
		StructReader known = this.structs.get(pair);
		if (known == null) {
			known = new StructReader(plan, defined(id, Kind.STRUCT, plan));
			this.structs.put(pair, known);
			this.open.add(known);
		}
		return known;
	}

	ValueReader sequence(int id, SequencePlan plan, Definition definition) {
		Pair pair = new Pair(id, plan);
		ValueReader known = this.others.get(pair);
		if (known == null) {
			SequencePlan.Reader reader = new SequencePlan.Reader(plan, this.types.holdsInterface(definition.element));
			this.others.put(pair, reader);
			reader.compile(this, definition);
			known = reader;
		}
		return known;
	}

	ValueReader map(int id, MapPlan plan, Definition definition) {
		Pair pair = new Pair(id, plan);
		ValueReader known = this.others.get(pair);
		if (known == null) {
			MapPlan.Reader reader = new MapPlan.Reader(plan,
					this.types.holdsInterface(definition.key) || this.types.holdsInterface(definition.element));
			this.others.put(pair, reader);
			reader.compile(this, definition);
			known = reader;
		}
		return known;
	}

	/** Checks that a peer's type is one of gob's own. */
	void basic(int id, int wanted, Plan plan) {
		if (id != wanted) {
			throw mismatch(id, plan);
		}
	}

	Definition defined(int id, Kind kind, Plan plan) {
		Definition definition = find(id);
		if (definition == null || definition.kind != kind) {
			throw mismatch(id, plan);
		}
		return definition;
	}

	@Nullable Definition find(int id) {
		Definition definition = this.types.find(id);
		if (definition == null && (id < 1 || id > Definition.INTERFACE)) {
			this.missesTypes = true;
			throw GobException.value("Type id " + id + " has not been defined");
		}
		return definition;
	}

	GobException mismatch(int id, Plan plan) {
		find(id);
		return GobException.value("Received " + this.types.describe(id) + ", expected " + plan.peerName());
	}

	private record Pair(int id, Plan plan) {

	}

}
