package io.github.netrpc.gob;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * {@link PropertyNames} of plain Java: record components, getters and setters, public
 * fields. Private fields count for the order, and for annotations on their type.
 */
final class StandardPropertyNames implements PropertyNames {

	@Override
	public Properties of(Class<?> type) {
		return type.isRecord() ? ofRecord(type) : ofBean(type);
	}

	private static Properties ofRecord(Class<?> type) {
		RecordComponent[] components = type.getRecordComponents();
		List<Property> properties = new ArrayList<>(components.length);
		Class<?>[] parameters = new Class<?>[components.length];
		for (int i = 0; i < components.length; i++) {
			RecordComponent component = components[i];
			parameters[i] = component.getType();
			properties.add(new Property(component.getName(), false, component.getAnnotatedType(),
					component.getAccessor(), i, null));
		}
		try {
			return new Properties(properties, type.getDeclaredConstructor(parameters));
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException("A record without its canonical constructor: " + type, ex);
		}
	}

	private static Properties ofBean(Class<?> type) {
		Map<String, Bean> found = new LinkedHashMap<>();
		for (Class<?> c : superclassFirst(type)) {
			for (Field field : c.getDeclaredFields()) {
				if (!field.isSynthetic() && !Modifier.isStatic(field.getModifiers())
						&& !Modifier.isTransient(field.getModifiers())) {
					found.computeIfAbsent(field.getName(), (name) -> new Bean()).field = field;
				}
			}
		}
		Method[] methods = type.getMethods();
		// The order of methods is not defined by the language; the order of fields is in
		// practice that of the source. Those without a field follow by name.
		Arrays.sort(methods, Comparator.comparing(Method::getName));
		for (Method method : methods) {
			if (isUsable(method)) {
				add(found, method);
			}
		}
		List<Property> properties = new ArrayList<>();
		found.forEach((name, bean) -> {
			Property property = bean.property(name);
			if (property != null) {
				properties.add(property);
			}
		});
		return new Properties(properties, noArgumentConstructor(type));
	}

	private static List<Class<?>> superclassFirst(Class<?> type) {
		List<Class<?>> classes = new ArrayList<>();
		for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
			classes.add(0, c);
		}
		return classes;
	}

	private static boolean isUsable(Method method) {
		return !Modifier.isStatic(method.getModifiers()) && !method.isBridge() && !method.isSynthetic()
				&& method.getDeclaringClass() != Object.class;
	}

	private static void add(Map<String, Bean> found, Method method) {
		String name = method.getName();
		Class<?> result = method.getReturnType();
		if (method.getParameterCount() == 0 && result != void.class) {
			if (isPrefixed(name, "get")) {
				bean(found, name.substring(3)).getter = method;
			}
			else if (isPrefixed(name, "is") && (result == boolean.class || result == Boolean.class)) {
				bean(found, name.substring(2)).getter = method;
			}
		}
		else if (method.getParameterCount() == 1 && isPrefixed(name, "set")) {
			bean(found, name.substring(3)).setters.add(method);
		}
	}

	private static boolean isPrefixed(String name, String prefix) {
		return name.startsWith(prefix) && name.length() > prefix.length()
				&& !Character.isLowerCase(name.codePointAt(prefix.length()));
	}

	private static Bean bean(Map<String, Bean> found, String capitalized) {
		String name = capitalized;
		if (capitalized.length() == 1 || !Character.isUpperCase(capitalized.charAt(1))) {
			name = Character.toLowerCase(capitalized.charAt(0)) + capitalized.substring(1);
		}
		return found.computeIfAbsent(name, (key) -> new Bean());
	}

	private static @Nullable Executable noArgumentConstructor(Class<?> type) {
		if (Modifier.isAbstract(type.getModifiers())) {
			return null;
		}
		for (Constructor<?> constructor : type.getDeclaredConstructors()) {
			if (constructor.getParameterCount() == 0) {
				return constructor;
			}
		}
		return null;
	}

	/** What was found for one name. */
	private static final class Bean {

		@Nullable Field field;

		@Nullable Method getter;

		final List<Method> setters = new ArrayList<>(1);

		@Nullable Property property(String name) {
			Field open = (this.field != null && Modifier.isPublic(this.field.getModifiers())) ? this.field : null;
			List<AnnotatedType> types = new ArrayList<>(3);
			if (this.getter != null) {
				types.add(this.getter.getAnnotatedReturnType());
			}
			Method setter = setter();
			if (setter != null) {
				types.add(setter.getAnnotatedParameterTypes()[0]);
			}
			if (this.field != null && (open != null || isSameAs(types))) {
				types.add(this.field.getAnnotatedType());
			}
			Member read = (this.getter != null) ? this.getter : open;
			Member write = setter;
			if (write == null && open != null && !Modifier.isFinal(open.getModifiers())) {
				write = open;
			}
			if (read == null && write == null) {
				return null;
			}
			return new Property(name, false, PropertyNames.mostAnnotated(types), read, -1, write);
		}

		private boolean isSameAs(List<AnnotatedType> types) {
			return this.field != null && !types.isEmpty() && types.get(0).getType().equals(this.field.getGenericType());
		}

		private @Nullable Method setter() {
			for (Method setter : this.setters) {
				if (this.getter == null || setter.getParameterTypes()[0] == this.getter.getReturnType()) {
					return setter;
				}
			}
			return null;
		}

	}

}
