package io.github.netrpc.gob;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.Complex;

/**
 * Which types may be keys of maps: those that Go can compare, where a struct is as
 * comparable as its fields. An {@code Object} may be anything, as Go's
 * {@code interface{}}.
 */
final class MapKeys {

	private final Gob gob;

	private final Set<JavaType> seen = new HashSet<>();

	MapKeys(Gob gob) {
		this.gob = gob;
	}

	/** The path to the part of a key that Go cannot compare; null if it can be a key. */
	@Nullable String incomparable(JavaType type, String path) {
		Class<?> raw = type.raw();
		if (raw.isArray() || Map.class.isAssignableFrom(raw)) {
			return path;
		}
		if (Collection.class.isAssignableFrom(raw)) {
			JavaType collection = type.as(Collection.class);
			return (type.fixedLength() < 0 || collection == null) ? path
					: incomparable(collection.argument(0), path + "[]");
		}
		if (raw == Optional.class) {
			return incomparable(type.argument(0), path);
		}
		return (isStruct(type) && this.seen.add(type)) ? ofStruct(type, path) : null;
	}

	private boolean isStruct(JavaType type) {
		Class<?> raw = type.raw();
		return !raw.isPrimitive() && !raw.isEnum() && !raw.isInterface() && raw != Complex.class
				&& !PlanCompiler.isOfJava(raw) && this.gob.registry().selfEncoding(raw) == null;
	}

	private @Nullable String ofStruct(JavaType type, String path) {
		for (PropertyNames.Property property : this.gob.names().of(type.raw()).properties()) {
			String found = incomparable(JavaType.of(property.type(), type.allBindings()), path + "." + property.name());
			if (found != null) {
				return found;
			}
		}
		return null;
	}

}
