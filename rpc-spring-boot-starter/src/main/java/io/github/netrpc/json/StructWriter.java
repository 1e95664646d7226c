package io.github.netrpc.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes the elements of an array as the members of one object.
 */
final class StructWriter extends ValueSerializer<Object> {

	private final StructType type;

	private final SerializableString[] names;

	private final ValueSerializer<Object>[] writers;

	StructWriter(StructType type) {
		this(type, newArray(0));
	}

	private StructWriter(StructType type, ValueSerializer<Object>[] writers) {
		this.type = type;
		this.names = type.names().stream().map(SerializedString::new).toArray(SerializableString[]::new);
		this.writers = writers;
	}

	@Override
	public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
		ValueSerializer<Object>[] found = newArray(this.type.types().size());
		for (int i = 0; i < found.length; i++) {
			found[i] = context.findTypedValueSerializer(this.type.types().get(i), true);
		}
		return new StructWriter(this.type, found);
	}

	@Override
	public void serialize(Object value, JsonGenerator out, SerializationContext context) {
		@Nullable Object[] values = (@Nullable Object[]) value;
		out.writeStartObject();
		for (int i = 0; i < this.names.length; i++) {
			out.writeName(this.names[i]);
			Object element = values[i];
			if (element == null) {
				out.writeNull();
			}
			else {
				this.writers[i].serialize(element, out, context);
			}
		}
		out.writeEndObject();
	}

	@SuppressWarnings("unchecked")
	private static ValueSerializer<Object>[] newArray(int length) {
		return (ValueSerializer<Object>[]) new ValueSerializer<?>[length];
	}

}
