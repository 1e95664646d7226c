package io.github.netrpc.json;

import java.util.List;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * An upper bound on the memory that a text can make a type take, computed from counts
 * that a scan of the text gives, before any of it is allocated. Immutable.
 *
 * @param objectBytes what one object of the text can become at most
 * @param nameBytes what the name of one member can become at most, beside its text
 * @since 0.1.0
 */
public record TypeWeight(long objectBytes, long nameBytes) {

	/** A list with its first storage. */
	private static final int ARRAY_BYTES = 96;

	/** A boxed number or a short string, and the reference to it. */
	private static final int SCALAR_BYTES = 32;

	/** A map with its table. */
	private static final int MAP_BYTES = 192;

	/**
	 * A key and its entry in a map: the entry 40, its share of a table that has just
	 * grown and of the one before 16, the string 24 and its array 16. The names of a
	 * bean's properties become nothing.
	 */
	private static final int ENTRY_BYTES = 96;

	/** An object without fields, and its place in the storage of a list that grows. */
	private static final int OBJECT_BYTES = 32;

	/** A field, and the empty list, map or string that it may hold when absent. */
	private static final int FIELD_BYTES = 8;

	private static final int EMPTY_CONTAINER_BYTES = 56;

	/**
	 * The bound for one text.
	 * @param objects how many objects it contains
	 * @param arrays how many lists
	 * @param scalars how many other values
	 * @param names how many members its objects have together
	 * @param length its size in bytes, of which strings may take two each
	 * @return the memory, in bytes
	 */
	public long bytes(int objects, int arrays, int scalars, int names, int length) {
		return objects * this.objectBytes + (long) arrays * ARRAY_BYTES + (long) scalars * SCALAR_BYTES
				+ names * this.nameBytes + 2L * length;
	}

	// What an object becomes is known of beans only; all else may be a map inside.
	static TypeWeight of(JsonMapper mapper, JavaType type) {
		long[] most = { OBJECT_BYTES };
		boolean[] maps = new boolean[1];
		TypeWalk walk = new TypeWalk(mapper);
		walk.walk(type, (each, properties, where) -> {
			if (each.isMapLikeType() || each.getRawClass() == Object.class) {
				most[0] = Math.max(most[0], MAP_BYTES);
				maps[0] = true;
			}
			else if (each instanceof StructType struct) {
				most[0] = Math.max(most[0], bytes(struct.types()));
			}
			else if (properties != null) {
				long bytes = bytes(properties.stream().map(TypeWalk.Property::readType).toList());
				boolean bean = walk.isBean(each);
				most[0] = Math.max(most[0], bean ? bytes : Math.max(bytes, MAP_BYTES));
				maps[0] |= !bean;
			}
		});
		boolean keys = maps[0];
		return new TypeWeight(most[0], keys ? ENTRY_BYTES : 0);
	}

	private static long bytes(List<JavaType> fields) {
		long bytes = OBJECT_BYTES;
		for (JavaType field : fields) {
			bytes += FIELD_BYTES + absentBytes(field);
		}
		return bytes;
	}

	// Of fixed length, what is absent is so many zeros.
	private static long absentBytes(JavaType type) {
		if (type instanceof GoType go && go.length() >= 0) {
			return EMPTY_CONTAINER_BYTES + go.length() * (FIELD_BYTES + absentBytes(go.bare().getContentType()));
		}
		return type.isContainerType() ? EMPTY_CONTAINER_BYTES : 0;
	}

}
