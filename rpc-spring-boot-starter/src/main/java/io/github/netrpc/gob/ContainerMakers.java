package io.github.netrpc.gob;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Chooses which collection or map is made for a declared type: the usual one for an
 * interface, else the class itself by its constructor without parameters.
 */
final class ContainerMakers {

	private ContainerMakers() {
	}

	static Containers collection(JavaType type, String path) {
		Class<?> raw = type.raw();
		if (raw.isAssignableFrom(ArrayList.class)) {
			return Containers.LIST;
		}
		if (raw.isAssignableFrom(LinkedHashSet.class)) {
			return LinkedHashSet::new;
		}
		if (raw.isAssignableFrom(TreeSet.class)) {
			return TreeSet::new;
		}
		if (raw.isAssignableFrom(ArrayDeque.class)) {
			return ArrayDeque::new;
		}
		Supplier<Object> constructor = constructor(type, path);
		return (elements) -> {
			@SuppressWarnings("unchecked")
			Collection<Object> made = (Collection<Object>) constructor.get();
			made.addAll(elements);
			return made;
		};
	}

	static Supplier<Map<Object, @Nullable Object>> map(JavaType type, String path) {
		Class<?> raw = type.raw();
		if (raw == Map.class || raw == LinkedHashMap.class) {
			return LinkedHashMap::new;
		}
		if (raw == HashMap.class) {
			return HashMap::new;
		}
		if (raw == SortedMap.class || raw == NavigableMap.class) {
			return TreeMap::new;
		}
		if (raw == ConcurrentMap.class) {
			return ConcurrentHashMap::new;
		}
		Supplier<Object> constructor = constructor(type, path);
		return () -> {
			@SuppressWarnings("unchecked")
			Map<Object, @Nullable Object> made = (Map<Object, @Nullable Object>) constructor.get();
			return made;
		};
	}

	private static Supplier<Object> constructor(JavaType type, String path) {
		Class<?> raw = type.raw();
		try {
			if (Modifier.isAbstract(raw.getModifiers())) {
				throw PlanCompiler.unsupported(type, path,
						"it has no constructor; use an interface such as List, Set or Map");
			}
			Constructor<?> constructor = raw.getDeclaredConstructor();
			if (!PlanCompiler.isOfJava(raw)) {
				MemberHandles.open(constructor, type, path);
			}
			MethodHandle handle = MemberHandles.constructor(constructor);
			return () -> {
				try {
					return (Object) handle.invokeExact();
				}
				catch (Throwable ex) {
					throw GobException.refused(GobException.REFUSED, ex);
				}
			};
		}
		catch (ReflectiveOperationException ex) {
			throw PlanCompiler.unsupported(type, path,
					"it has no public constructor without parameters; use an interface such as List, Set or Map");
		}
	}

}
