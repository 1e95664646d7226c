package io.github.netrpc.gob;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.netrpc.gob.Definition.Kind;

/**
 * Finds definitions that no Go program sends for one of the types in {@link RandomTypes},
 * and of which we and Go make something else:
 * <ul>
 * <li>Two fields of a struct with one type there, and two on the wire. Go reads both by
 * that of the first: {@code compileDec} keeps what it has made for a type of its own
 * while it goes through the fields. We read each as it was sent.</li>
 * <li>A name of two fields, of which Go has the second read as the first, too.</li>
 * <li>Names of fields in another letter case. Go does not know them, we do.</li>
 * <li>Fields that our type does not have, with interface values inside. Go jumps over
 * those by their byte count; we read them over and never look at the count, since an
 * honest one is wrong where types are defined inside (Go issue 34879).</li>
 * </ul>
 */
final class OddDefinitions {

	private static final int MOST_LEVELS = 100;

	private static final int IDS = 4096;

	/** What the fields hold within their containers, by their names in Go. */
	private final Map<String, Type> held = new HashMap<>();

	private final Set<String> lowerCase;

	/**
	 * Knows the fields of a type, and those of all records that it is made of.
	 * @param type one of the types
	 */
	OddDefinitions(Type type) {
		add(type);
		this.lowerCase = this.held.keySet()
			.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.collect(Collectors.toSet());
	}

	private void add(Type type) {
		Type inner = innermost(type);
		if (inner == Object.class) {
			add(RandomTypes.Point.class);
			add(RandomTypes.Anys.class);
		}
		if (inner instanceof Class<?> record && record.isRecord()) {
			for (RecordComponent component : record.getRecordComponents()) {
				String name = component.getName();
				Type content = innermost(component.getGenericType());
				if (this.held.put(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), content) == null) {
					add(content);
				}
			}
		}
	}

	private static Type innermost(Type type) {
		if (type instanceof ParameterizedType container) {
			Type[] arguments = container.getActualTypeArguments();
			return innermost(arguments[arguments.length - 1]);
		}
		if (type instanceof GenericArrayType array) {
			return innermost(array.getGenericComponentType());
		}
		return (type instanceof Class<?> array && array.isArray()) ? innermost(array.getComponentType()) : type;
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
		TypeTable types = decoder.types();
		for (int id = 0; id < IDS; id++) {
			Definition definition = types.find(id);
			if (definition != null && definition.kind == Kind.STRUCT && isOdd(types, definition)) {
				return true;
			}
		}
		return false;
	}

	private boolean isOdd(TypeTable types, Definition struct) {
		if (new HashSet<>(Arrays.asList(struct.fieldNames)).size() < struct.fieldNames.length) {
			return true;
		}
		Map<Class<?>, Integer> ids = new HashMap<>();
		for (int i = 0; i < struct.fieldIds.length; i++) {
			String name = struct.fieldNames[i];
			Type known = this.held.get(name);
			if (known == null && (this.lowerCase.contains(name.toLowerCase(Locale.ROOT))
					|| types.holdsInterface(struct.fieldIds[i]))) {
				return true;
			}
			if (known instanceof Class<?> record && record.isRecord()) {
				int id = innermost(types, struct.fieldIds[i]);
				Integer first = ids.putIfAbsent(record, id);
				if (first != null && first != id) {
					return true;
				}
			}
		}
		return false;
	}

	private static int innermost(TypeTable types, int id) {
		int held = id;
		for (int i = 0; i < MOST_LEVELS; i++) {
			Definition definition = types.find(held);
			if (definition == null || (definition.kind != Kind.MAP && definition.kind != Kind.SLICE
					&& definition.kind != Kind.ARRAY)) {
				return held;
			}
			held = definition.element;
		}
		return held;
	}

}
