package io.github.netrpc.json;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;

import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.Unsigned;

/**
 * Applies {@code @Unsigned} and {@code @FixedLength} to the types of properties.
 * Whichever of a property's getter, field and parameter bears them, they hold for all.
 */
final class GoAnnotations extends AnnotationIntrospector {

	private static final long serialVersionUID = 1L;

	@Override
	public Version version() {
		return Version.unknownVersion();
	}

	@Override
	public JavaType refineSerializationType(MapperConfig<?> config, Annotated annotated, JavaType type) {
		return refine(annotated, type);
	}

	@Override
	public JavaType refineDeserializationType(MapperConfig<?> config, Annotated annotated, JavaType type) {
		return refine(annotated, type);
	}

	private static JavaType refine(Annotated annotated, JavaType type) {
		if (!(annotated instanceof AnnotatedMember member) || type instanceof GoType || member.getMember() == null) {
			return type;
		}
		FixedLength length = member.getAnnotation(FixedLength.class);
		List<AnnotatedType> declarations = declarations(member);
		return GoTypes.of(type, declarations.isEmpty() ? null : PropertyNames.mostAnnotated(declarations),
				member.hasAnnotation(Unsigned.class), (length != null) ? length.value() : GoType.ANY_LENGTH);
	}

	static List<AnnotatedType> declarations(AnnotatedMember annotated) {
		List<AnnotatedType> declarations = new ArrayList<>(2);
		Member member = annotated.getMember();
		String name = null;
		if (annotated instanceof AnnotatedParameter parameter) {
			Executable executable = (Executable) member;
			declarations.add(executable.getAnnotatedParameterTypes()[parameter.getIndex()]);
			addComponent(executable, parameter.getIndex(), declarations);
		}
		else if (member instanceof Field field) {
			declarations.add(field.getAnnotatedType());
		}
		else if (member instanceof Method method) {
			declarations.add((method.getParameterCount() == 0) ? method.getAnnotatedReturnType()
					: method.getAnnotatedParameterTypes()[method.getParameterCount() - 1]);
			name = propertyName(method.getName());
		}
		if (name != null) {
			addField(member.getDeclaringClass(), name, declarations);
		}
		return declarations;
	}

	// The parameters of a hand-written canonical constructor do not inherit annotations.
	private static void addComponent(Executable executable, int index, List<AnnotatedType> declarations) {
		RecordComponent @Nullable [] components = executable.getDeclaringClass().getRecordComponents();
		if (executable instanceof Constructor<?> && components != null
				&& components.length == executable.getParameterCount()
				&& components[index].getType() == executable.getParameterTypes()[index]) {
			declarations.add(components[index].getAnnotatedType());
		}
	}

	private static void addField(Class<?> type, String name, List<AnnotatedType> declarations) {
		for (Field field : type.getDeclaredFields()) {
			if (field.getName().equals(name)) {
				declarations.add(field.getAnnotatedType());
			}
		}
	}

	private static String propertyName(String method) {
		int prefix = (method.startsWith("get") || method.startsWith("set")) ? 3 : method.startsWith("is") ? 2 : 0;
		if (prefix == 0 || prefix == method.length() || !Character.isUpperCase(method.charAt(prefix))) {
			return method;
		}
		return method.substring(prefix, prefix + 1).toLowerCase(Locale.ROOT) + method.substring(prefix + 1);
	}

}
