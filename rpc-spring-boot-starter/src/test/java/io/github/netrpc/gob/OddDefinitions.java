package io.github.netrpc.gob;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.github.netrpc.gob.Definition.Kind;
import io.github.netrpc.type.Complex;

/**
 * Finds structs of a peer of which we and Go make something else, as they do not fit the
 * struct here that they are read into. Each pair of a struct there and one here is looked
 * at that reading may come to, as Go's {@code compileDec} does:
 * <ul>
 * <li>Two fields of a struct with one type here, and two on the wire. Go reads both by
 * that of the first, and does not ask whether the second fits: {@code compileDec} keeps
 * what it has made for a type of its own while it goes through the fields. We read each
 * as it was sent, or refuse it.</li>
 * <li>A name of ours twice. Go reads the second into what the first has left.</li>
 * <li>Names of ours in another letter case. Go does not know them, we do.</li>
 * <li>Fields that we do not have, with interface values inside. Go jumps over those by
 * their byte count; we read them over and never look at the count, since an honest one is
 * wrong where types are defined inside (Go issue 34879).</li>
 * </ul>
 */
final class OddDefinitions {

	private static final int LONGEST_NUMBER = 8;

	private final Set<Type> roots = new HashSet<>();

	/**
	 * Knows what a stream's values may be read into as a whole.
	 * @param type one of the types in {@link RandomTypes}
	 */
	OddDefinitions(Type type) {
		if (isStruct(innermost(type))) {
			this.roots.add(type);
		}
		if (type == RandomTypes.Anys.class) {
			this.roots.add(RandomTypes.Point.class);
		}
	}

	/**
	 * Looks through the definitions of a stream, as far as it can be read.
	 * @param decoder a new decoder
	 * @param stream the bytes
	 * @return whether there are such definitions
	 */
	boolean areIn(GobDecoder decoder, byte[] stream) {
		int at = 0;
		try {
			while (decoder.next(stream, at, stream.length) && decoder.skip()) {
				at = decoder.position();
			}
		}
		catch (GobException ex) {
			// What was defined so far is known
		}
		Walk walk = new Walk(decoder.types());
		Set<Integer> ids = ids(stream);
		return this.roots.stream().anyMatch((root) -> ids.stream().anyMatch((id) -> walk.findsOddBelow(root, id)));
	}

	/** Whatever may be an id: each place where a number may begin. */
	private static Set<Integer> ids(byte[] stream) {
		Set<Integer> ids = new TreeSet<>();
		for (int i = 0; i < stream.length; i++) {
			long number = stream[i];
			int last = i - stream[i];
			if (number < 0) {
				number = 0;
				for (int j = i + 1; j <= last && j < stream.length && last - i <= LONGEST_NUMBER; j++) {
					number = (number << 8) | (stream[j] & 0xff);
				}
			}
			// A definition has the negative one
			ids.add((int) ((number >>> 1) + (number & 1)));
		}
		return ids;
	}

	/** The fields of a record, by their names in Go. */
	private static Map<String, Type> fields(Class<?> record) {
		Map<String, Type> fields = new LinkedHashMap<>();
		for (RecordComponent component : record.getRecordComponents()) {
			String name = component.getName();
			fields.put(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), component.getGenericType());
		}
		return fields;
	}

	private static boolean isStruct(Type type) {
		return type instanceof Class<?> record && record.isRecord() && record != Complex.class;
	}

	private static boolean isPointer(Type type) {
		return type instanceof ParameterizedType container && container.getRawType() == Optional.class;
	}

	/** What a container holds, of a map the values; the type itself if it is none. */
	private static Type content(Type type) {
		if (type instanceof ParameterizedType container) {
			Type[] arguments = container.getActualTypeArguments();
			return arguments[arguments.length - 1];
		}
		if (type instanceof GenericArrayType array) {
			return array.getGenericComponentType();
		}
		return (type instanceof Class<?> array && array.isArray()) ? array.getComponentType() : type;
	}

	private static Type innermost(Type type) {
		Type content = content(type);
		return (content == type) ? type : innermost(content);
	}

	/** All pairs of a peer's struct and one of ours, once each. */
	private static final class Walk {

		private final TypeTable types;

		private final Set<Pair> seen = new HashSet<>();

		Walk(TypeTable types) {
			this.types = types;
		}

		/**
		 * Of a whole value: both refuse a struct that has no name in common with ours.
		 */
		boolean findsOddBelow(Type root, int id) {
			Definition definition = this.types.find(id);
			if (definition == null || definition.kind == Kind.STRUCT && !(root instanceof Class<?> record
					&& Arrays.stream(definition.fieldNames).anyMatch((name) -> isAnyOf(fields(record), name)))) {
				return false;
			}
			return findsOdd(id, root, new HashMap<>());
		}

		private static boolean isAnyOf(Map<String, Type> ours, String name) {
			return ours.keySet().stream().anyMatch(name::equalsIgnoreCase);
		}

		private boolean findsOdd(Class<?> record, int id) {
			Definition struct = this.types.find(id);
			if (struct == null || struct.kind != Kind.STRUCT || !this.seen.add(new Pair(record, id))) {
				return false;
			}
			Map<String, Type> ours = fields(record);
			Set<String> names = new HashSet<>();
			Map<Class<?>, Integer> ids = new HashMap<>();
			for (int i = 0; i < struct.fieldIds.length; i++) {
				String name = struct.fieldNames[i];
				Type type = ours.get(name);
				if (type == null) {
					if (isAnyOf(ours, name) || this.types.holdsInterface(struct.fieldIds[i])) {
						return true;
					}
				}
				else if (!names.add(name) || (isStruct(innermost(type)) && findsOdd(struct.fieldIds[i], type, ids))) {
					return true;
				}
			}
			return false;
		}

		private boolean findsOdd(int id, Type type, Map<Class<?>, Integer> ids) {
			int held = id;
			Type ours = type;
			while (content(ours) != ours) {
				Definition definition = this.types.find(held);
				if (!isPointer(ours)) {
					if (definition == null) {
						return false;
					}
					held = definition.element;
				}
				ours = content(ours);
			}
			Class<?> record = (Class<?>) ours;
			Integer first = ids.putIfAbsent(record, held);
			return (first != null && first != held) || findsOdd(record, held);
		}

	}

	private record Pair(Class<?> ours, int id) {
	}

}
