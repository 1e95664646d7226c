package io.github.netrpc.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.annotation.RpcExceptionHandler;
import io.github.netrpc.annotation.RpcMethod;

/**
 * Finds the methods that Java types declare for callers, each once however often it is
 * overridden.
 */
final class Declarations {

	private static final List<String> FOREIGN = List.of("java.", "jakarta.", "org.springframework.");

	private Declarations() {
	}

	// All interfaces of a type, its own first, parents after children.
	static Set<Class<?>> interfacesOf(Class<?> type) {
		Set<Class<?>> all = new LinkedHashSet<>();
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			addInterfaces(each, all);
		}
		return all;
	}

	private static void addInterfaces(Class<?> type, Set<Class<?>> all) {
		if (type.isInterface()) {
			all.add(type);
		}
		for (Class<?> parent : type.getInterfaces()) {
			addInterfaces(parent, all);
		}
	}

	static boolean isForeign(Class<?> type) {
		return FOREIGN.stream().anyMatch(type.getName()::startsWith);
	}

	// The methods of an interface and its parents. What is overridden, also with other
	// type arguments or a narrower return type, is there once.
	static Collection<Method> ofInterface(Class<?> type, TypeVariables variables) {
		Map<List<Object>, Method> methods = new LinkedHashMap<>();
		Arrays.stream(type.getMethods())
			.filter((method) -> isCallable(method) && !isForeignContract(method, type))
			.sorted(Comparator.comparing(Method::getName).thenComparing(Method::toGenericString))
			.forEach((method) -> methods.merge(signature(method, variables), method, Declarations::moreSpecific));
		return methods.values();
	}

	// The public methods that a class declares itself, without those it has to have
	// because of Object or a foreign interface, such as close().
	static Collection<Method> ofClass(Class<?> type) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()) && isCallable(method)
					&& !isForeignContract(method, type))
			.sorted(Comparator.comparing(Method::getName).thenComparing(Method::toGenericString))
			.toList();
	}

	// Methods that are annotated for callers but cannot be called.
	static List<Method> unreachable(Class<?> type) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.isAnnotationPresent(RpcMethod.class) && !method.isSynthetic()
					&& (!Modifier.isPublic(method.getModifiers()) || Modifier.isStatic(method.getModifiers())))
			.toList();
	}

	// Methods of a class that are annotated as only those of its interfaces should be.
	static List<Method> misnamed(Class<?> type) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.isAnnotationPresent(RpcMethod.class) && !method.isSynthetic()
					&& !type.isInterface())
			.toList();
	}

	// Finds a method by name and parameters.
	static @Nullable Method find(Class<?> type, String name, Class<?>... parameters) {
		try {
			return type.getMethod(name, parameters);
		}
		catch (NoSuchMethodException ex) {
			return null;
		}
	}

	// The declarations of a method in a type and its parents, the closest first.
	static List<Method> overridden(Method method, Class<?> type) {
		List<Method> all = new ArrayList<>(List.of(method));
		for (Class<?> each : interfacesOf(type)) {
			for (Method other : each.getDeclaredMethods()) {
				if (other.getName().equals(method.getName())
						&& Arrays.equals(other.getParameterTypes(), method.getParameterTypes())) {
					all.add(other);
				}
			}
		}
		return all.stream().distinct().toList();
	}

	static List<Object> signature(Method method, TypeVariables variables) {
		List<Object> signature = new ArrayList<>();
		signature.add(method.getName());
		signature.addAll(SignatureReader.erasedParameters(method, variables));
		return signature;
	}

	private static boolean isCallable(Method method) {
		return !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic() && !method.isBridge()
				&& !method.isAnnotationPresent(RpcExceptionHandler.class);
	}

	private static boolean isForeignContract(Method method, Class<?> type) {
		if (method.isAnnotationPresent(RpcMethod.class)) {
			return false;
		}
		if (find(Object.class, method.getName(), method.getParameterTypes()) != null) {
			return true;
		}
		return interfacesOf(type).stream()
			.filter(Declarations::isForeign)
			.anyMatch((parent) -> find(parent, method.getName(), method.getParameterTypes()) != null);
	}

	private static Method moreSpecific(Method left, Method right) {
		Class<?> leftType = left.getReturnType();
		Class<?> rightType = right.getReturnType();
		if (leftType != rightType) {
			return leftType.isAssignableFrom(rightType) ? right : left;
		}
		return left.getDeclaringClass().isAssignableFrom(right.getDeclaringClass()) ? right : left;
	}

}
