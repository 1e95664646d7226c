package io.github.netrpc.json;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ext.jdk8.Jdk8OptionalDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/**
 * Reads an {@code Optional}. Null is empty, whatever null means for its content alone:
 * for a string that would be the empty string, which is present.
 */
final class OptionalReader extends Jdk8OptionalDeserializer {

	private final JavaType type;

	OptionalReader(JavaType type, @Nullable TypeDeserializer typeReader, @Nullable ValueDeserializer<?> reader) {
		super(type, null, typeReader, reader);
		this.type = type;
	}

	@Override
	public Jdk8OptionalDeserializer withResolved(@Nullable TypeDeserializer typeReader,
			@Nullable ValueDeserializer<?> reader) {
		return new OptionalReader(this.type, typeReader, reader);
	}

	@Override
	public Optional<?> getNullValue(DeserializationContext context) {
		return Optional.empty();
	}

}
