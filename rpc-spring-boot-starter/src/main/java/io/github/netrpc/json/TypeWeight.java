package io.github.netrpc.json;

import java.util.HashSet;
import java.util.Set;

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

	private static final int HEADER_BYTES = 16;

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

	static TypeWeight of(JsonMapper mapper, JavaType type) {
		long[] most = { MAP_BYTES };
		Set<JavaType> seen = new HashSet<>();
		new TypeWalk(mapper).walk(type, (each, properties, where) -> {
			if (seen.add(each) && properties != null) {
				long bytes = HEADER_BYTES;
				for (TypeWalk.Property property : properties) {
					bytes += FIELD_BYTES + (property.type().isContainerType() ? EMPTY_CONTAINER_BYTES : 0);
				}
				most[0] = Math.max(most[0], bytes);
			}
		});
		return new TypeWeight(most[0]);
	}

}
