package io.github.netrpc.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.type.Complex;
import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Refuses types by which a peer could choose a class to create, and types and keys of
 * maps that JSON cannot express or that Go does not have.
 */
final class SafeTypes {

	private final JsonMapper mapper;

	private final SerializationConfig config;

	private final TypeWalk walk;

	SafeTypes(JsonMapper mapper) {
		this.mapper = mapper;
		this.config = mapper.serializationConfig();
		this.walk = new TypeWalk(mapper);
	}

	void check(JavaType root) {
		this.walk.walk(root, (type, properties, where) -> {
			if (type.getRawClass() == Complex.class) {
				throw new UnsupportedTypeException("Complex in " + root.toCanonical()
						+ ": JSON has no complex numbers (possible instead: gob, or two numbers)");
			}
			if (!KnownTypes.isKnown(type.getRawClass()) && !KnownReaders.isGiven(this.mapper, type)) {
				throw new UnsupportedTypeException(type.getRawClass().getTypeName() + " at " + where + ": "
						+ KnownTypes.whyNot(type.getRawClass()));
			}
			if (type.isMapLikeType()) {
				checkKey(root, type.getKeyType());
			}
			if (properties != null) {
				check(root, this.walk.annotatedClass(type), type.toCanonical());
				for (TypeWalk.Property property : properties) {
					check(root, property.member(), type.toCanonical() + "." + property.name());
				}
			}
		});
	}

	private void checkKey(JavaType root, JavaType key) {
		if (!GoKeys.isKey(key, () -> this.walk.description(key))) {
			throw new UnsupportedTypeException(key.toCanonical() + " as the key of a map in " + root.toCanonical()
					+ ": keys are strings in JSON, and this one would not come back as it was (possible instead: "
					+ "String, an integer, an enum, UUID, or a class with a String as its @JsonKey)");
		}
	}

	private void check(JavaType root, Annotated annotated, String where) {
		AnnotationIntrospector annotations = this.config.getAnnotationIntrospector();
		if (annotations.findTypeIdResolver(this.config, annotated) != null
				|| annotations.findTypeResolverBuilder(this.config, annotated) != null) {
			throw new UnsupportedTypeException("@JsonTypeIdResolver or @JsonTypeResolver on " + where
					+ ", reached from " + root.toCanonical() + ": it may let a peer name the classes to create "
					+ "(possible instead: NAME with @JsonSubTypes)");
		}
		JsonTypeInfo.@Nullable Value typing = annotations.findPolymorphicTypeInfo(this.config, annotated);
		JsonTypeInfo.@Nullable Id id = (typing != null) ? typing.getIdType() : null;
		if (id == JsonTypeInfo.Id.CLASS || id == JsonTypeInfo.Id.MINIMAL_CLASS || id == JsonTypeInfo.Id.CUSTOM) {
			throw new UnsupportedTypeException("@JsonTypeInfo(use = " + id + ") on " + where + ", reached from "
					+ root.toCanonical() + ": a peer could name the classes to create (possible instead: NAME with "
					+ "@JsonSubTypes)");
		}
	}

}
