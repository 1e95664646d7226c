package io.github.netrpc.gob;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The types that a peer has defined on a stream, as a chain: each definition makes a new
 * table out of the one before. Tables are immutable and shared: two streams that begin
 * with the same definitions, byte by byte, have the same tables, and so the same compiled
 * readers. A stream thus holds one reference, and stepping back is free.
 * <p>
 * Thread-safe. What is shared is bounded; beyond that a stream's tables are its own.
 */
final class TypeTable {

	private static final int MAX_SHARED = 4_096;

	private static final int MAX_SHARED_BYTES = 8 << 20;

	/** Compiled readers kept below one empty table; more are made as they are needed. */
	private static final int MAX_READERS = 8_192;

	private static final int INDEX_FROM = 8;

	private final @Nullable TypeTable parent;

	private final @Nullable Definition own;

	private final int count;

	private final int bytes;

	private final Sharing sharing;

	private final boolean shared;

	private volatile @Nullable Map<Key, TypeTable> children;

	private volatile Entry[] readers = {};

	private volatile @Nullable Map<Integer, Definition> index;

	private TypeTable(@Nullable TypeTable parent, @Nullable Definition own, int count, int bytes, Sharing sharing,
			boolean shared) {
		this.parent = parent;
		this.own = own;
		this.count = count;
		this.bytes = bytes;
		this.sharing = sharing;
		this.shared = shared;
	}

	static TypeTable empty() {
		return new TypeTable(null, null, 0, 0, new Sharing(), true);
	}

	/** How many bytes all definitions took. */
	int bytes() {
		return this.bytes;
	}

	/** What a peer defined under an id, or null. */
	@Nullable Definition find(int id) {
		if (this.count >= INDEX_FROM) {
			Map<Integer, Definition> found = this.index;
			if (found == null) {
				found = new HashMap<>();
				for (TypeTable t = this; t != null; t = t.parent) {
					if (t.own != null) {
						found.put(t.own.id, t.own);
					}
				}
				this.index = found;
			}
			return found.get(id);
		}
		return search(id);
	}

	private @Nullable Definition search(int id) {
		for (TypeTable t = this; t != null; t = t.parent) {
			if (t.own != null && t.own.id == id) {
				return t.own;
			}
		}
		return null;
	}

	/** Whether values of an id are structs, which have no 00 in front. */
	boolean isStruct(int id) {
		if (id < Definition.FIRST_USER_ID) {
			return false;
		}
		Definition definition = find(id);
		return definition != null && definition.kind == Definition.Kind.STRUCT;
	}

	/**
	 * Whether a value of a peer's type may have an interface value inside, and thus be
	 * cut over several messages.
	 */
	boolean holdsInterface(int root) {
		if (root < Definition.FIRST_USER_ID) {
			return root == Definition.INTERFACE;
		}
		ValueReader known = cached(root, InterfaceSearch.KEY);
		if (known != null) {
			return known == InterfaceSearch.FOUND;
		}
		boolean complete = true;
		boolean found = false;
		Set<Integer> seen = new HashSet<>();
		Deque<Integer> ids = new ArrayDeque<>();
		ids.add(root);
		for (Integer id = ids.poll(); id != null && !found; id = ids.poll()) {
			found = id == Definition.INTERFACE;
			if (id < Definition.FIRST_USER_ID || !seen.add(id)) {
				continue;
			}
			Definition definition = find(id);
			if (definition == null) {
				complete = false;
				continue;
			}
			for (int reference : definition.references()) {
				ids.add(reference);
			}
		}
		if (complete) {
			add(new Entry(root, InterfaceSearch.KEY, found ? InterfaceSearch.FOUND : InterfaceSearch.NOT_FOUND));
		}
		return found;
	}

	/** For error texts; peers' names are not quoted. */
	String describe(int id) {
		Definition definition = find(id);
		if (definition == null) {
			return Definition.basicName(id);
		}
		return switch (definition.kind) {
			case SLICE -> "slice of " + describeElement(definition.element);
			case ARRAY -> "array [" + definition.length + "] of " + describeElement(definition.element);
			case MAP -> "map of " + describeElement(definition.key) + " to " + describeElement(definition.element);
			case STRUCT -> "struct of " + definition.fieldNames.length + " fields";
			case GOB_ENCODER -> "self-encoding value (GobEncoder)";
			case BINARY_MARSHALER -> "self-encoding value (BinaryMarshaler)";
			case TEXT_MARSHALER -> "self-encoding value (TextMarshaler)";
			case NOTHING -> "type without description";
		};
	}

	private String describeElement(int id) {
		Definition definition = find(id);
		return (definition != null) ? definition.kind.name().toLowerCase(Locale.ROOT) : Definition.basicName(id);
	}

	/**
	 * Reads the definition at the input's position, behind the id.
	 * @param in the input, which must be at a definition of {@code id}
	 * @param id the id to define
	 * @param wholeMessage whether the definition must take the rest of the message
	 * @return the table with that type
	 */
	TypeTable define(GobInput in, int id, boolean wholeMessage) {
		int from = in.pos;
		if (wholeMessage) {
			TypeTable known = this.shared ? child(new Key(id, in.array, from, in.end)) : null;
			if (known != null) {
				in.pos = in.end;
				return known;
			}
		}
		if (id < Definition.FIRST_USER_ID || search(id) != null) {
			throw GobException.stream("Type id " + id + " is defined twice, or is one of gob's own");
		}
		GobLimits limits = in.limits;
		if (this.count >= limits.maxTypes()) {
			throw GobException
				.limitOfStream("More than " + limits.maxTypes() + " types on one stream (limit: max-definitions)");
		}
		int bytesLeft = limits.maxDefinitionBytes() - this.bytes;
		Definition definition;
		try {
			definition = new DefinitionParser(in, bytesLeft).parse(id);
		}
		catch (GobException ex) {
			throw ex.outOfStep();
		}
		if (wholeMessage && in.pos < in.end) {
			throw GobException
				.stream((in.end - in.pos) + " bytes behind a type definition, expected the end of its message");
		}
		int size = in.pos - from;
		return child(new Key(id, in.array, from, in.pos), definition, size);
	}

	private @Nullable TypeTable child(Key probe) {
		Map<Key, TypeTable> known = this.children;
		return (known != null) ? known.get(probe) : null;
	}

	private TypeTable child(Key key, Definition definition, int size) {
		if (!this.shared || !this.sharing.admit(size)) {
			return new TypeTable(this, definition, this.count + 1, this.bytes + size, this.sharing, false);
		}
		Map<Key, TypeTable> known;
		synchronized (this) {
			known = this.children;
			if (known == null) {
				known = new ConcurrentHashMap<>(2);
				this.children = known;
			}
		}
		return known.computeIfAbsent(key.copy(),
				(k) -> new TypeTable(this, definition, this.count + 1, this.bytes + size, this.sharing, true));
	}

	/** The compiled reader of a peer's type into one of ours. */
	ValueReader reader(int id, Plan plan, Gob gob) {
		ValueReader found = cached(id, plan);
		if (found != null) {
			return found;
		}
		for (TypeTable t = this.parent; t != null; t = t.parent) {
			found = t.cached(id, plan);
			if (found != null) {
				break;
			}
		}
		if (found == null) {
			ReaderCompiler compiler = new ReaderCompiler(this, gob.limits().maxDepth());
			found = compiler.top(id, plan);
			if (compiler.missesTypes()) {
				return found;
			}
		}
		add(new Entry(id, plan, found));
		return found;
	}

	private @Nullable ValueReader cached(int id, Plan plan) {
		Entry[] entries = this.readers;
		int mask = entries.length - 1;
		for (int i = hash(id, plan) & mask, n = 0; n <= mask; i = (i + 1) & mask, n++) {
			Entry entry = entries[i];
			if (entry == null) {
				return null;
			}
			if (entry.plan == plan && entry.id == id) {
				return entry.reader;
			}
		}
		return null;
	}

	private synchronized void add(Entry added) {
		if (!this.sharing.admitReader()) {
			return;
		}
		Entry[] old = this.readers;
		int used = 1;
		for (Entry entry : old) {
			used += (entry != null) ? 1 : 0;
		}
		Entry[] entries = new Entry[Math.max(4, Integer.highestOneBit(used) * 4)];
		place(entries, added);
		for (Entry entry : old) {
			if (entry != null) {
				place(entries, entry);
			}
		}
		this.readers = entries;
	}

	private static void place(Entry[] entries, Entry entry) {
		int mask = entries.length - 1;
		int i = hash(entry.id, entry.plan) & mask;
		while (entries[i] != null) {
			i = (i + 1) & mask;
		}
		entries[i] = entry;
	}

	private static int hash(int id, Plan plan) {
		int hash = (id * 31 + plan.number()) * 0x9E3779B1;
		return hash ^ (hash >>> 15);
	}

	/** Whether nothing more will be shared below this table's root. */
	boolean isFull() {
		return this.sharing.isFull();
	}

	/** How many tables are shared, below one empty table. */
	private static final class Sharing {

		private final AtomicInteger tables = new AtomicInteger();

		private final AtomicInteger bytes = new AtomicInteger();

		private final AtomicInteger readers = new AtomicInteger();

		boolean admit(int size) {
			if (this.tables.get() >= MAX_SHARED || this.bytes.get() > MAX_SHARED_BYTES - size) {
				return false;
			}
			this.tables.incrementAndGet();
			this.bytes.addAndGet(size);
			return true;
		}

		boolean admitReader() {
			return this.readers.get() < MAX_READERS && this.readers.incrementAndGet() <= MAX_READERS;
		}

		/** Bounds what peers can fill; then a new root must be begun. */
		boolean isFull() {
			return this.tables.get() >= MAX_SHARED || this.readers.get() >= MAX_READERS;
		}

	}

	/** The bytes of a definition, as a key. */
	private static final class Key {

		private final byte[] array;

		private final int from;

		private final int to;

		private final int id;

		private final int hash;

		Key(int id, byte[] array, int from, int to) {
			this.id = id;
			this.array = array;
			this.from = from;
			this.to = to;
			int h = id;
			for (int i = from; i < to; i++) {
				h = 31 * h + array[i];
			}
			this.hash = h;
		}

		Key copy() {
			return new Key(this.id, Arrays.copyOfRange(this.array, this.from, this.to), 0, this.to - this.from);
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Key key && this.hash == key.hash && this.id == key.id
					&& Arrays.equals(this.array, this.from, this.to, key.array, key.from, key.to);
		}

		@Override
		public int hashCode() {
			return this.hash;
		}

	}

	/** Lets the answers of {@link #holdsInterface} be kept with the readers. */
	private static final class InterfaceSearch {

		static final Plan KEY = new ComplexPlan();

		static final ValueReader FOUND = new ValueReader.Mismatch("");

		static final ValueReader NOT_FOUND = new ValueReader.Mismatch("");

	}

	private record Entry(int id, Plan plan, ValueReader reader) {

	}

}
