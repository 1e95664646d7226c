package io.github.netrpc.json;

import java.lang.reflect.Array;
import java.util.Collection;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.exc.InvalidDefinitionException;

/**
 * Writes a list or array that must have a fixed number of elements.
 */
final class FixedLengthWriter extends ValueSerializer<Object> {

	private final JavaType bare;

	private final int length;

	private final @Nullable ValueSerializer<Object> writer;

	FixedLengthWriter(JavaType bare, int length) {
		this(bare, length, null);
	}

	private FixedLengthWriter(JavaType bare, int length, @Nullable ValueSerializer<Object> writer) {
		this.bare = bare;
		this.length = length;
		this.writer = writer;
	}

	@Override
	public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
		return new FixedLengthWriter(this.bare, this.length, context.findContentValueSerializer(this.bare, property));
	}

	@Override
	public void serialize(Object value, JsonGenerator out, SerializationContext context) {
		if (this.writer == null) {
			throw new IllegalStateException("not contextual");
		}
		check(out, (value instanceof Collection<?> list) ? list.size() : Array.getLength(value), this.length);
		this.writer.serialize(value, out, context);
	}

	static void check(JsonGenerator out, int count, int length) {
		if (length >= 0 && count != length) {
			throw InvalidDefinitionException.from(out, "a list of " + count + " (expected: of " + length + ")",
					(JavaType) null);
		}
	}

}
