package io.github.netrpc.wire;

import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * What an extended reply says to be absent: null and the empty {@code Optional}s, which a
 * stock peer can only be sent as Go's zero value. For formats.
 *
 * @since 0.1.0
 */
public final class AbsentValues {

	private AbsentValues() {
	}

	/**
	 * Whether a result is to be sent as absent.
	 * @param value the result
	 * @return whether it is null, or an empty {@code Optional} of any kind
	 */
	public static boolean isAbsent(@Nullable Object value) {
		if (value == null) {
			return true;
		}
		if (value instanceof Optional<?> optional) {
			return optional.isEmpty();
		}
		return value == OptionalInt.empty() || value == OptionalLong.empty() || value == OptionalDouble.empty();
	}

	/**
	 * What a caller gets who expects a shape.
	 * @param shape the shape of the reply
	 * @return null, the empty {@code Optional}, or the zero of a primitive
	 */
	public static @Nullable Object of(ValueShape shape) {
		return (shape instanceof ValueShape.Value value) ? of(raw(value.type().getType())) : null;
	}

	private static @Nullable Object of(Type type) {
		if (type == Optional.class) {
			return Optional.empty();
		}
		if (type == OptionalInt.class) {
			return OptionalInt.empty();
		}
		if (type == OptionalLong.class) {
			return OptionalLong.empty();
		}
		if (type == OptionalDouble.class) {
			return OptionalDouble.empty();
		}
		return (type instanceof Class<?> raw && raw.isPrimitive() && raw != void.class)
				? Array.get(Array.newInstance(raw, 1), 0) : null;
	}

	private static Type raw(Type type) {
		return (type instanceof ParameterizedType generic) ? generic.getRawType() : type;
	}

}
