package io.github.netrpc.json;

import java.util.List;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * An upper bound on the memory that a text can make a type take, computed from counts
 * that a scan of the text gives, before any of it is allocated. Immutable.
 *
 * @param objectBytes what one object of the text can become at most
 * @since 0.1.0
 */
public record TypeWeight(long objectBytes) {

	/** A list with its first storage. */
	private static final int ARRAY_BYTES = 96;

	/** A boxed number or a short string, and the reference to it. */
	private static final int SCALAR_BYTES = 32;

	/** A map with its table. */
	private static final int MAP_BYTES = 192;

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
	 * @param length its size in bytes, of which strings may take two each
	 * @return the memory, in bytes
	 */
	public long bytes(int objects, int arrays, int scalars, int length) {
		return objects * this.objectBytes + (long) arrays * ARRAY_BYTES + (long) scalars * SCALAR_BYTES + 2L * length;
	}

	// What an object becomes is known of beans only; all else may be a map inside.
	static TypeWeight of(JsonMapper mapper, JavaType type) {
		long[] most = { OBJECT_BYTES };
		TypeWalk walk = new TypeWalk(mapper);
		walk.walk(type, (each, properties, where) -> {
			if (each.isMapLikeType() || each.getRawClass() == Object.class) {
				most[0] = Math.max(most[0], MAP_BYTES);
			}
			else if (each instanceof StructType struct) {
				most[0] = Math.max(most[0], bytes(struct.types()));
			}
			else if (properties != null) {
				long bytes = bytes(properties.stream().map(TypeWalk.Property::readType).toList());
				most[0] = Math.max(most[0], walk.isBean(each) ? bytes : Math.max(bytes, MAP_BYTES));
			}
		});
		return new TypeWeight(most[0]);
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
