package io.github.netrpc.json;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads the members of an object into an array, one element for each field.
 */
final class StructReader extends ValueDeserializer<Object> {

	private final StructType type;

	private final ValueDeserializer<?>[] readers;

	private final Map<String, Integer> exact = new HashMap<>();

	private final Map<String, Integer> lowerCase = new HashMap<>();

	StructReader(StructType type) {
		this(type, new ValueDeserializer<?>[0]);
	}

	private StructReader(StructType type, ValueDeserializer<?>[] readers) {
		this.type = type;
		this.readers = readers;
		for (int i = 0; i < type.names().size(); i++) {
			String name = type.names().get(i);
			this.exact.put(name, i);
			this.lowerCase.putIfAbsent(name.toLowerCase(Locale.ROOT), i);
		}
	}

	@Override
	public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
		ValueDeserializer<?>[] found = new ValueDeserializer<?>[this.type.types().size()];
		for (int i = 0; i < found.length; i++) {
			found[i] = context.findRootValueDeserializer(this.type.types().get(i));
		}
		return new StructReader(this.type, found);
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() != JsonToken.START_OBJECT) {
			throw GoMismatchException.token(parser, "an object");
		}
		@Nullable Object[] values = new @Nullable Object[this.readers.length];
		long seen = 0;
		for (String name = parser.nextName(); name != null; name = parser.nextName()) {
			int index = indexOf(name);
			JsonToken token = parser.nextToken();
			if (index < 0) {
				parser.skipChildren();
				continue;
			}
			values[index] = (token == JsonToken.VALUE_NULL) ? this.readers[index].getNullValue(context)
					: read(parser, context, index);
			seen |= (index < Long.SIZE) ? 1L << index : 0;
		}
		for (int i = 0; i < values.length; i++) {
			if (values[i] == null && (i >= Long.SIZE || (seen >>> i & 1) == 0)) {
				values[i] = this.readers[i].getAbsentValue(context);
			}
		}
		return values;
	}

	private Object read(JsonParser parser, DeserializationContext context, int index) {
		try {
			return this.readers[index].deserialize(parser, context);
		}
		catch (JacksonException ex) {
			throw DatabindException.wrapWithPath(context, ex,
					new JacksonException.Reference(null, this.type.names().get(index)));
		}
	}

	private int indexOf(String name) {
		Integer index = this.exact.get(name);
		if (index == null) {
			index = this.lowerCase.get(name.toLowerCase(Locale.ROOT));
		}
		return (index != null) ? index : -1;
	}

	@Override
	public Object getEmptyValue(DeserializationContext context) {
		@Nullable Object[] values = new @Nullable Object[this.readers.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = this.readers[i].getAbsentValue(context);
		}
		return values;
	}

}
