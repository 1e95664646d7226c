package io.github.netrpc.json;

import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.AnnotatedMember;

/**
 * Which types may be keys of maps: those that Go's {@code encoding/json} can have as
 * keys, too, and that come back as they were. Everything else Jackson would write with
 * {@code toString()}.
 */
final class GoKeys {

	private static final Set<Class<?>> TYPES = Set.of(String.class, Byte.class, Short.class, Integer.class, Long.class,
			UUID.class);

	private GoKeys() {
	}

	static boolean isKey(JavaType type, Supplier<BeanDescription> description) {
		return (type instanceof GoType go) ? go.unsigned()
				: TYPES.contains(type.getRawClass()) || type.isEnumType() || isText(type, description);
	}

	// A class with a text form of its own, as by Go's TextMarshaler.
	private static boolean isText(JavaType type, Supplier<BeanDescription> description) {
		if (type.isContainerType() || type.getRawClass().getName().startsWith("java.")) {
			return false;
		}
		AnnotatedMember text = textOf(description.get());
		return text != null && text.getRawType() == String.class;
	}

	private static @Nullable AnnotatedMember textOf(BeanDescription description) {
		AnnotatedMember key = description.findJsonKeyAccessor();
		return (key != null) ? key : description.findJsonValueAccessor();
	}

}
