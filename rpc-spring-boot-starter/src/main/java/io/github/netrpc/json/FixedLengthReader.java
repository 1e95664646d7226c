package io.github.netrpc.json;

import java.lang.reflect.Array;
import java.util.Collection;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.util.AccessPattern;

/**
 * Reads a list or array that must have a fixed number of elements. Absent and null are
 * read like an empty list, since the zero value of the elements is not known here.
 */
final class FixedLengthReader extends ValueDeserializer<Object> {

	private final JavaType bare;

	private final int length;

	private final @Nullable ValueDeserializer<?> reader;

	FixedLengthReader(JavaType bare, int length) {
		this(bare, length, null);
	}

	private FixedLengthReader(JavaType bare, int length, @Nullable ValueDeserializer<?> reader) {
		this.bare = bare;
		this.length = length;
		this.reader = reader;
	}

	@Override
	public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
		return new FixedLengthReader(this.bare, this.length,
				context.findContextualValueDeserializer(this.bare, property));
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		Object value = reader().deserialize(parser, context);
		check(parser, (value instanceof Collection<?> list) ? list.size() : Array.getLength(value), this.length);
		return value;
	}

	static void check(JsonParser parser, int count, int length) {
		if (length >= 0 && count != length) {
			throw new GoMismatchException(parser, "a list of " + count, "of " + length);
		}
	}

	private ValueDeserializer<?> reader() {
		if (this.reader == null) {
			throw new IllegalStateException("not contextual");
		}
		return this.reader;
	}

	@Override
	public @Nullable Object getNullValue(DeserializationContext context) {
		return reader().getNullValue(context);
	}

	@Override
	public @Nullable Object getAbsentValue(DeserializationContext context) {
		return reader().getAbsentValue(context);
	}

	@Override
	public @Nullable Object getEmptyValue(DeserializationContext context) {
		return reader().getEmptyValue(context);
	}

	@Override
	public AccessPattern getNullAccessPattern() {
		return AccessPattern.DYNAMIC;
	}

}
