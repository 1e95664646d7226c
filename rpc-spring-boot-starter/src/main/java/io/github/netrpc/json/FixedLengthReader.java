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
import tools.jackson.databind.util.ClassUtil;

/**
 * Reads a list or array that must have a fixed number of elements. Absent and null are so
 * many zeros, as in Go.
 */
final class FixedLengthReader extends ValueDeserializer<Object> {

	private final JavaType bare;

	private final int length;

	private final @Nullable ValueDeserializer<?> reader;

	private final @Nullable ValueDeserializer<?> element;

	FixedLengthReader(JavaType bare, int length) {
		this(bare, length, null, null);
	}

	private FixedLengthReader(JavaType bare, int length, @Nullable ValueDeserializer<?> reader,
			@Nullable ValueDeserializer<?> element) {
		this.bare = bare;
		this.length = length;
		this.reader = reader;
		this.element = element;
	}

	@Override
	public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
		return new FixedLengthReader(this.bare, this.length,
				context.findContextualValueDeserializer(this.bare, property),
				context.findContextualValueDeserializer(this.bare.getContentType(), property));
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
		return contextual(this.reader);
	}

	private static ValueDeserializer<?> contextual(@Nullable ValueDeserializer<?> reader) {
		if (reader == null) {
			throw new IllegalStateException("not contextual");
		}
		return reader;
	}

	private Object zeros(DeserializationContext context, Object empty) {
		if (empty instanceof Collection<?>) {
			@SuppressWarnings("unchecked")
			Collection<@Nullable Object> zeros = (Collection<@Nullable Object>) empty;
			for (int i = 0; i < this.length; i++) {
				zeros.add(zero(context));
			}
			return zeros;
		}
		Class<?> component = empty.getClass().getComponentType();
		Object zeros = Array.newInstance(component, this.length);
		if (!component.isPrimitive()) {
			for (int i = 0; i < this.length; i++) {
				Array.set(zeros, i, zero(context));
			}
		}
		return zeros;
	}

	private @Nullable Object zero(DeserializationContext context) {
		Object absent = contextual(this.element).getAbsentValue(context);
		if (absent != null) {
			return absent;
		}
		Class<?> primitive = ClassUtil.primitiveType(this.bare.getContentType().getRawClass());
		return (primitive != null) ? ClassUtil.defaultValue(primitive) : null;
	}

	@Override
	public @Nullable Object getNullValue(DeserializationContext context) {
		Object empty = reader().getNullValue(context);
		return (empty != null) ? zeros(context, empty) : null;
	}

	@Override
	public @Nullable Object getAbsentValue(DeserializationContext context) {
		Object empty = reader().getAbsentValue(context);
		return (empty != null) ? zeros(context, empty) : null;
	}

	@Override
	public @Nullable Object getEmptyValue(DeserializationContext context) {
		return getAbsentValue(context);
	}

	@Override
	public AccessPattern getNullAccessPattern() {
		return AccessPattern.DYNAMIC;
	}

}
