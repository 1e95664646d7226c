package io.github.netrpc.json;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.std.ReferenceTypeDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/**
 * Reads an {@code Optional}. Absent and null are empty, where Jackson's reader asks the
 * content, whose zero value would fill it.
 */
final class OptionalReader extends ReferenceTypeDeserializer<Optional<?>> {

	OptionalReader(JavaType type, @Nullable ValueInstantiator instantiator, @Nullable TypeDeserializer typeReader,
			@Nullable ValueDeserializer<?> reader) {
		super(type, instantiator, typeReader, reader);
	}

	@Override
	protected ReferenceTypeDeserializer<Optional<?>> withResolved(@Nullable TypeDeserializer typeReader,
			ValueDeserializer<?> reader) {
		return new OptionalReader(this._fullType, this._valueInstantiator, typeReader, reader);
	}

	@Override
	public Optional<?> getNullValue(DeserializationContext context) {
		return Optional.empty();
	}

	@Override
	public Object getAbsentValue(DeserializationContext context) {
		return Optional.empty();
	}

	@Override
	public Object getEmptyValue(DeserializationContext context) {
		return Optional.empty();
	}

	@Override
	public Optional<?> referenceValue(Object content) {
		return Optional.ofNullable(content);
	}

	@Override
	public Optional<?> updateReference(Optional<?> reference, Object content) {
		return Optional.ofNullable(content);
	}

	@Override
	public @Nullable Object getReferenced(Optional<?> reference) {
		return reference.orElse(null);
	}

}
