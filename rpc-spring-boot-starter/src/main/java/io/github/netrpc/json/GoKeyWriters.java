package io.github.netrpc.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.ser.Serializers;

/**
 * The writers for map keys that are unsigned integers, and for those that no text stands
 * for: in a value whose declared type is {@code Object}, keys are seen only when they are
 * written.
 */
final class GoKeyWriters implements Serializers {

	@Override
	public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, JsonFormat.@Nullable Value format) {
		if (type instanceof GoType go && go.unsigned()) {
			return new UnsignedKeyWriter();
		}
		return (type.isJavaLangObject() || GoKeys.isKey(type, description)) ? null : new RefusingKeyWriter();
	}

	private static final class UnsignedKeyWriter extends ValueSerializer<Object> {

		@Override
		public void serialize(Object value, JsonGenerator out, SerializationContext context) {
			out.writeName(Long.toUnsignedString(GoWriters.UnsignedWriter.magnitude(value)));
		}

	}

	private static final class RefusingKeyWriter extends ValueSerializer<Object> {

		@Override
		public void serialize(Object value, JsonGenerator out, SerializationContext context) {
			throw InvalidDefinitionException.from(out, "a map key of type " + value.getClass().getSimpleName()
					+ " (expected: a string, an integer, an enum or a UUID)", (JavaType) null);
		}

	}

}
