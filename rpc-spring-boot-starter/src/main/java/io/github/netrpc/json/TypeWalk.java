package io.github.netrpc.json;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializer;
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

	private final DeserializationContext context;

	private final ClassIntrospector introspector;

	private final ClassIntrospector readIntrospector;

	private final AnnotationIntrospector annotations;

	private final Set<JavaType> visited = new HashSet<>();

	TypeWalk(JsonMapper mapper) {
		this.config = mapper.serializationConfig();
		this.context = mapper._deserializationContext();
		this.introspector = this.config.classIntrospectorInstance();
		this.readIntrospector = mapper.deserializationConfig().classIntrospectorInstance();
		this.annotations = this.config.getAnnotationIntrospector();
	}

	void walk(JavaType type, Visitor visitor) {
		walk(type, type.getRawClass().getSimpleName(), visitor);
	}

	private void walk(JavaType type, String where, Visitor visitor) {
		if (!this.visited.add(type)) {
			return;
		}
		if (type instanceof StructType struct) {
			visitor.visit(type, List.of(), where);
			struct.types().forEach((field) -> walk(field, visitor));
			return;
		}
		if (type instanceof GoType go) {
			visitor.visit(type, null, where);
			walk(go.bare(), where, visitor);
			return;
		}
		if (type.hasContentType()) {
			visitor.visit(type, null, where);
			if (type.getKeyType() != null) {
				walk(type.getKeyType(), where + "{}", visitor);
			}
			walk(type.getContentType(), where + (type.isMapLikeType() ? "{}" : type.isReferenceType() ? "" : "[]"),
					visitor);
			return;
		}
		List<Property> properties = isStruct(type) ? properties(type) : null;
		visitor.visit(type, properties, where);
		if (properties != null) {
			walkInside(type, properties, where, visitor);
		}
	}

	private void walkInside(JavaType type, List<Property> properties, String where, Visitor visitor) {
		AnnotatedMember text = description(type).findJsonValueAccessor();
		if (text != null) {
			// Read by a creator, if at all, and written as this one value.
			walk(text.getType(), where, visitor);
			return;
		}
		properties.forEach((property) -> walk(property.type(), where + "." + property.name(), visitor));
		properties.forEach((property) -> walk(property.readType(), where + "." + property.name(), visitor));
		for (NamedType subtype : subtypes(type)) {
			if (type.getRawClass().isAssignableFrom(subtype.getType())) {
				walk(this.config.getTypeFactory().constructSpecializedType(type, subtype.getType()), where, visitor);
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

	// Whether all that an object of the text can become is one bean with its properties.
	boolean isBean(JavaType type) {
		try {
			ValueDeserializer<?> reader = this.context.findRootValueDeserializer(type);
			return reader instanceof BeanDeserializer bean && !bean.getValueInstantiator().canCreateUsingDelegate()
					&& this.readIntrospector.introspectForDeserialization(type, annotatedClass(type))
						.findAnySetterAccessor() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
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
		for (BeanPropertyDefinition property : this.introspector.introspectForSerialization(type, annotated)
			.findProperties()) {
			AnnotatedMember member = property.getPrimaryMember();
			if (member != null) {
				JavaType written = this.annotations.refineSerializationType(this.config, member,
						property.getPrimaryType());
				properties.put(property.getName(), new Property(property.getName(), member, written, written));
			}
		}
		if (!type.isAbstract()) {
			for (BeanPropertyDefinition property : this.readIntrospector.introspectForDeserialization(type, annotated)
				.findProperties()) {
				AnnotatedMember member = property.getPrimaryMember();
				if (member != null) {
					JavaType read = this.annotations.refineDeserializationType(this.config, member,
							property.getPrimaryType());
					properties.merge(property.getName(), new Property(property.getName(), member, read, read),
							(both, reading) -> new Property(both.name(), both.member(), both.type(), read));
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
		 * @param where how it was reached first, by names of properties
		 */
		void visit(JavaType type, @Nullable List<Property> properties, String where);

	}

	/**
	 * A property of a struct.
	 *
	 * @param name its name in JSON
	 * @param member where it was declared
	 * @param type its type when it is written, or read if it never is
	 * @param readType its type when it is read, or written if it never is
	 */
	record Property(String name, AnnotatedMember member, JavaType type, JavaType readType) {

	}

}
