package io.github.netrpc.json;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.AnnotatedWithParams;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.introspect.PotentialCreator;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.gob.PropertyNames;

/**
 * The properties of Java classes as Jackson sees them, so that one class with one set of
 * annotations serves gob and JSON: names, order, ignored and renamed properties, naming
 * strategies, creators. Thread-safe. <pre class="code">
 * PropertyNames names = new JacksonPropertyNames(mapper);
 * </pre>
 *
 * @since 0.1.0
 */
public final class JacksonPropertyNames implements PropertyNames {

	private final JsonMapper mapper;

	/**
	 * Creates the names of the standard mapper.
	 */
	public JacksonPropertyNames() {
		this(RpcJsonMapper.create(new RpcJsonMapper.Limits(64, 1 << 20, 256, 4L << 20), List.of()));
	}

	/**
	 * Creates the names of a mapper.
	 * @param mapper a mapper of {@link RpcJsonMapper}
	 */
	public JacksonPropertyNames(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public Properties of(Class<?> type) {
		JavaType javaType = this.mapper.constructType(type);
		Map<String, Accessors> accessors = new LinkedHashMap<>();
		SerializationConfig config = this.mapper.serializationConfig();
		ClassIntrospector writing = config.classIntrospectorInstance();
		AnnotatedClass annotated = writing.introspectClassAnnotations(javaType);
		for (BeanPropertyDefinition property : writing.introspectForSerialization(javaType, annotated)
			.findProperties()) {
			AnnotatedMember accessor = property.getAccessor();
			if (accessor != null) {
				at(accessors, property).getter = opened(accessor.getMember());
			}
		}
		PotentialCreator creator = null;
		if (!javaType.isAbstract()) {
			BeanDescription reading = this.mapper.deserializationConfig()
				.classIntrospectorInstance()
				.introspectForDeserialization(javaType, annotated);
			reading.findProperties().forEach((property) -> setter(at(accessors, property), property));
			creator = reading.getPotentialCreators().propertiesBased;
			if (creator == null && reading.findDefaultConstructor() == null) {
				return new Properties(properties(accessors, false), null);
			}
			return new Properties(properties(accessors, creator != null), executable(creator, reading));
		}
		return new Properties(properties(accessors, false), null);
	}

	private static Accessors at(Map<String, Accessors> accessors, BeanPropertyDefinition property) {
		Accessors found = accessors.computeIfAbsent(property.getName(), (name) -> new Accessors());
		found.explicit |= property.isExplicitlyNamed();
		found.declare(property.getGetter());
		found.declare(property.getField());
		found.declare(property.getSetter());
		found.declare(property.getConstructorParameter());
		return found;
	}

	private static void setter(Accessors accessors, BeanPropertyDefinition property) {
		AnnotatedParameter parameter = property.getConstructorParameter();
		if (parameter != null) {
			accessors.creatorIndex = parameter.getIndex();
		}
		AnnotatedMember mutator = property.getNonConstructorMutator();
		if (mutator != null && parameter == null && isSetter(mutator.getMember())) {
			accessors.setter = opened(mutator.getMember());
		}
	}

	// Jackson also takes the getter of a collection for a setter, which gob cannot.
	private static boolean isSetter(@Nullable Member member) {
		return member instanceof Field || (member instanceof Method method && method.getParameterCount() == 1);
	}

	private static @Nullable Executable executable(@Nullable PotentialCreator creator, BeanDescription reading) {
		AnnotatedWithParams found = (creator != null) ? creator.creator() : reading.findDefaultConstructor();
		return (found != null) ? (Executable) opened(found.getMember()) : null;
	}

	private static @Nullable Member opened(@Nullable Member member) {
		if (member instanceof java.lang.reflect.AccessibleObject accessible) {
			accessible.trySetAccessible();
		}
		return member;
	}

	private static List<Property> properties(Map<String, Accessors> accessors, boolean creates) {
		List<Property> properties = new ArrayList<>(accessors.size());
		accessors.forEach((name, each) -> {
			if (!each.declarations.isEmpty()) {
				properties.add(new Property(name, each.explicit, PropertyNames.mostAnnotated(each.declarations),
						each.getter, creates ? each.creatorIndex : -1, each.setter));
			}
		});
		return properties;
	}

	@Override
	public String nameOf(Enum<?> constant) {
		String text = this.mapper.writeValueAsString(constant);
		return (text.charAt(0) == '"') ? this.mapper.readValue(text, String.class) : constant.name();
	}

	private static final class Accessors {

		private final List<AnnotatedType> declarations = new ArrayList<>(4);

		private boolean explicit;

		private @Nullable Member getter;

		private int creatorIndex = -1;

		private @Nullable Member setter;

		void declare(@Nullable AnnotatedMember member) {
			if (member != null) {
				this.declarations.addAll(GoAnnotations.declarations(member));
			}
		}

	}

}
