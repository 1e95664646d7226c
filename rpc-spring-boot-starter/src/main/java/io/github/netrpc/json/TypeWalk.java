package io.github.netrpc.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Visits a type and all types its values can contain, each once. For start-up only.
 */
final class TypeWalk {

	private final SerializationConfig config;

	private final ClassIntrospector introspector;

	private final ClassIntrospector readIntrospector;

	private final AnnotationIntrospector annotations;

	private final Set<JavaType> visited = new HashSet<>();

	TypeWalk(JsonMapper mapper) {
		this.config = mapper.serializationConfig();
		this.introspector = this.config.classIntrospectorInstance();
		this.readIntrospector = mapper.deserializationConfig().classIntrospectorInstance();
		this.annotations = this.config.getAnnotationIntrospector();
	}

	void walk(JavaType type, Visitor visitor) {
		if (!this.visited.add(type)) {
			return;
		}
		if (type instanceof StructType struct) {
			visitor.visit(type, List.of());
			struct.types().forEach((field) -> walk(field, visitor));
			return;
		}
		if (type instanceof GoType go) {
			visitor.visit(type, null);
			walk(go.bare(), visitor);
			return;
		}
		if (type.hasContentType()) {
			visitor.visit(type, null);
			if (type.getKeyType() != null) {
				walk(type.getKeyType(), visitor);
			}
			walk(type.getContentType(), visitor);
			return;
		}
		List<Property> properties = isStruct(type) ? properties(type) : null;
		visitor.visit(type, properties);
		if (properties != null) {
			properties.forEach((property) -> walk(property.type(), visitor));
			for (NamedType subtype : subtypes(type)) {
				if (type.getRawClass().isAssignableFrom(subtype.getType())) {
					walk(this.config.getTypeFactory().constructSpecializedType(type, subtype.getType()), visitor);
				}
			}
		}
	}

	private List<NamedType> subtypes(JavaType type) {
		List<NamedType> subtypes = this.annotations.findSubtypes(this.config, annotatedClass(type));
		return (subtypes != null) ? subtypes : List.of();
	}

	// Whether a type is an object with members, rather than a scalar.
	static boolean isStruct(JavaType type) {
		Class<?> raw = type.getRawClass();
		return !(type instanceof GoType) && !type.isPrimitive() && !type.isEnumType() && !type.isContainerType()
				&& !type.isReferenceType() && !raw.getName().startsWith("java.");
	}

	AnnotatedClass annotatedClass(JavaType type) {
		return this.introspector.introspectClassAnnotations(type);
	}

	BeanDescription description(JavaType type) {
		return this.introspector.introspectForSerialization(type, annotatedClass(type));
	}

	// The properties of a class, with the types as annotated; in wire order.
	List<Property> properties(JavaType type) {
		AnnotatedClass annotated = annotatedClass(type);
		Map<String, Property> properties = new LinkedHashMap<>();
		List<BeanDescription> descriptions = new ArrayList<>();
		descriptions.add(this.introspector.introspectForSerialization(type, annotated));
		if (!type.isAbstract()) {
			descriptions.add(this.readIntrospector.introspectForDeserialization(type, annotated));
		}
		for (BeanDescription description : descriptions) {
			for (BeanPropertyDefinition property : description.findProperties()) {
				AnnotatedMember member = property.getPrimaryMember();
				if (member != null) {
					properties.putIfAbsent(property.getName(), new Property(property.getName(), member,
							this.annotations.refineSerializationType(this.config, member, member.getType())));
				}
			}
		}
		return List.copyOf(properties.values());
	}

	/**
	 * Takes what is found.
	 */
	@FunctionalInterface
	interface Visitor {

		/**
		 * A type.
		 * @param type the type
		 * @param properties its properties, or null if it is no struct
		 */
		void visit(JavaType type, @Nullable List<Property> properties);

	}

	/**
	 * A property of a struct.
	 *
	 * @param name its name in JSON
	 * @param member where it was declared
	 * @param type its type
	 */
	record Property(String name, AnnotatedMember member, JavaType type) {

	}

}
