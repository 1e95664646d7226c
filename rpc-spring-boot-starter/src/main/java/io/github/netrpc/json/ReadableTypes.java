package io.github.netrpc.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds out whether values of a type can be read, which Jackson itself says only when one
 * comes. For start-up only.
 */
final class ReadableTypes {

	private final DeserializationContext context;

	private final Set<JavaType> seen = new HashSet<>();

	ReadableTypes(JsonMapper mapper) {
		this.context = mapper._deserializationContext();
	}

	/** Why not; null if they can. */
	@Nullable String whyNot(JavaType type) {
		if (!this.seen.add(type)) {
			return null;
		}
		if (type instanceof StructType struct) {
			return firstOf(struct.types());
		}
		if (type instanceof GoType go) {
			return go.unsigned() ? null : whyNot(go.bare());
		}
		try {
			if (type.isMapLikeType()) {
				this.context.findKeyDeserializer(type.getKeyType(), null);
			}
			if (type.hasContentType()) {
				return whyNot(type.getContentType());
			}
			return whyNot(type, this.context.findRootValueDeserializer(type));
		}
		catch (JacksonException ex) {
			return type.toCanonical() + ": " + ex.getOriginalMessage();
		}
	}

	private @Nullable String whyNot(JavaType type, ValueDeserializer<?> reader) {
		if (reader instanceof AbstractDeserializer) {
			return type.toCanonical()
					+ ": it is abstract; use a record or class, or @JsonTypeInfo(use = NAME) with @JsonSubTypes";
		}
		if (!(reader instanceof BeanDeserializerBase bean)) {
			return null;
		}
		if (!canMake(bean.getValueInstantiator())) {
			return type.toCanonical()
					+ ": it has no constructor to be made by; make it a record, or add one without parameters";
		}
		List<JavaType> types = new ArrayList<>();
		bean.properties().forEachRemaining((property) -> types.add(property.getType()));
		return firstOf(types);
	}

	private static boolean canMake(ValueInstantiator maker) {
		return maker.canCreateUsingDefault() || maker.canCreateFromObjectWith() || maker.canCreateUsingDelegate();
	}

	private @Nullable String firstOf(List<JavaType> types) {
		for (JavaType type : types) {
			String why = whyNot(type);
			if (why != null) {
				return why;
			}
		}
		return null;
	}

}
