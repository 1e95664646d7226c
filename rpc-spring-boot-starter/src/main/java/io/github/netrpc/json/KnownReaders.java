package io.github.netrpc.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Leaves no reader of Jackson's own for a type that is not among the {@link KnownTypes},
 * however it is reached: by an annotation, a builder, a subtype. What {@link SafeTypes}
 * finds at start-up has the better text; this is the wall behind it.
 */
final class KnownReaders extends ValueDeserializerModifier {

	private static final long serialVersionUID = 1L;

	// Whether the application has given the mapper a reader for a type.
	static boolean isGiven(JsonMapper mapper, JavaType type) {
		try {
			DeserializationContext context = mapper._deserializationContext();
			// What a class of the application makes of itself for a property may be
			// Jackson's.
			ValueDeserializer<?> reader = context.findNonContextualValueDeserializer(type);
			return !isJacksons(reader) && reader.getClass().getPackage() != KnownReaders.class.getPackage();
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	private static boolean isJacksons(@Nullable Object reader) {
		return reader == null || reader.getClass().getName().startsWith("tools.jackson.");
	}

	@Override
	public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription.Supplier description,
			ValueDeserializer<?> reader) {
		check(description.getBeanClass(), reader);
		return reader;
	}

	@Override
	public KeyDeserializer modifyKeyDeserializer(DeserializationConfig config, JavaType type, KeyDeserializer reader) {
		check(type.getRawClass(), reader);
		return reader;
	}

	private static void check(Class<?> type, Object reader) {
		if (!KnownTypes.isKnown(type) && isJacksons(reader)) {
			throw new UnsupportedTypeException(type.getTypeName() + ": " + KnownTypes.whyNot(type));
		}
	}

}
