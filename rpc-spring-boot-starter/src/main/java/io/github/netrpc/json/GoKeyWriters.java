package io.github.netrpc.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.Serializers;

/**
 * The writers for map keys that are unsigned integers.
 */
final class GoKeyWriters implements Serializers {

	@Override
	public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, JsonFormat.@Nullable Value format) {
		if (!(type instanceof GoType go) || !go.unsigned()) {
			return null;
		}
		return new ValueSerializer<>() {

			@Override
			public void serialize(Object value, JsonGenerator out, SerializationContext context) {
				out.writeName(Long.toUnsignedString(GoWriters.UnsignedWriter.magnitude(value)));
			}

		};
	}

}
