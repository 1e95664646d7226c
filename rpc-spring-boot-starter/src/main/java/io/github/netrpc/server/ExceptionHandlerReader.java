package io.github.netrpc.server;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcExceptionHandler;
import io.github.netrpc.method.RpcDefinitionException.Problem;

/**
 * Finds the exception handlers of beans, once, at start-up, and all that is wrong with
 * them.
 */
final class ExceptionHandlerReader {

	private static final String SIGNATURE = "Take one exception, and an RpcContext if need be; "
			+ "return an RpcException or an RpcCode";

	private final Consumer<Problem> problems;

	/**
	 * Creates a reader.
	 * @param problems takes what is wrong
	 */
	ExceptionHandlerReader(Consumer<Problem> problems) {
		this.problems = problems;
	}

	/**
	 * Reads the handlers of a bean.
	 * @param bean the bean or its proxy, on which methods are invoked
	 * @param targetClass the class of the bean itself
	 * @return the handlers, without those that have problems
	 */
	ExceptionHandlers read(Object bean, Class<?> targetClass) {
		Map<Class<? extends Throwable>, ExceptionHandler> byType = new LinkedHashMap<>();
		for (Method method : methods(targetClass)) {
			List<Class<? extends Throwable>> types = types(method);
			MethodHandle handle = (types != null) ? bind(bean, targetClass, method) : null;
			if (types == null || handle == null) {
				continue;
			}
			for (Class<? extends Throwable> type : types) {
				ExceptionHandler first = byType.putIfAbsent(type, new ExceptionHandler(type, method, handle));
				if (first != null) {
					problem(method, "handles " + type.getName() + ", and so does " + first.method().getName(),
							"Name each exception once");
				}
			}
		}
		return new ExceptionHandlers(List.copyOf(byType.values()));
	}

	// Those of the class and its parents, each once however often it is overridden.
	private static List<Method> methods(Class<?> targetClass) {
		Map<List<Object>, Method> all = new LinkedHashMap<>();
		for (Class<?> type = targetClass; type != null && type != Object.class; type = type.getSuperclass()) {
			add(type, all);
		}
		for (Class<?> type = targetClass; type != null; type = type.getSuperclass()) {
			addInterfaces(type, all);
		}
		return all.values().stream().filter((method) -> method.isAnnotationPresent(RpcExceptionHandler.class)).toList();
	}

	private static void addInterfaces(Class<?> type, Map<List<Object>, Method> all) {
		for (Class<?> parent : type.getInterfaces()) {
			add(parent, all);
			addInterfaces(parent, all);
		}
	}

	private static void add(Class<?> type, Map<List<Object>, Method> all) {
		Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> !method.isSynthetic())
			.sorted(Comparator.comparing(Method::getName).thenComparing(Method::toGenericString))
			.forEach((method) -> all.putIfAbsent(List.of(method.getName(), Arrays.asList(method.getParameterTypes())),
					method));
	}

	private @Nullable List<Class<? extends Throwable>> types(Method method) {
		Class<?> parameter = null;
		for (Class<?> each : method.getParameterTypes()) {
			if (Throwable.class.isAssignableFrom(each) && parameter == null) {
				parameter = each;
			}
			else if (each != RpcContext.class) {
				problem(method, "takes a " + each.getName() + " that nobody has", SIGNATURE);
				return null;
			}
		}
		Class<?> returned = method.getReturnType();
		if (returned != RpcCode.class && !RpcException.class.isAssignableFrom(returned)) {
			problem(method, "returns " + returned.getName(), SIGNATURE);
			return null;
		}
		List<Class<? extends Throwable>> types = List.of(method.getAnnotation(RpcExceptionHandler.class).value());
		if (types.isEmpty() && parameter == null) {
			problem(method, "handles no exception", "Take one as a parameter, or name it in @RpcExceptionHandler");
			return null;
		}
		for (Class<?> each : types) {
			if (parameter != null && !parameter.isAssignableFrom(each)) {
				problem(method, "handles " + each.getName() + ", which is no " + parameter.getName(),
						"Let the parameter be a type that all of them have");
				return null;
			}
		}
		return (parameter != null && types.isEmpty()) ? List.of(parameter.asSubclass(Throwable.class)) : types;
	}

	private @Nullable MethodHandle bind(Object bean, Class<?> targetClass, Method method) {
		int modifiers = method.getModifiers();
		boolean proxied = bean.getClass() != targetClass;
		if (Modifier.isStatic(modifiers) || Modifier.isPrivate(modifiers) || (proxied && Modifier.isFinal(modifiers))) {
			problem(method, "is static, private, or final behind a proxy, and cannot be called",
					"Let it be a method of the bean that a proxy can override");
			return null;
		}
		if (!method.getDeclaringClass().isInstance(bean)) {
			problem(method, "the bean is a proxy (" + bean.getClass().getName() + ") without this method",
					"Proxy the class itself (proxyTargetClass = true), or move the method to an @RpcAdvice bean");
			return null;
		}
		try {
			method.setAccessible(true);
			return MethodHandles.lookup().unreflect(method).bindTo(bean);
		}
		catch (IllegalAccessException | InaccessibleObjectException ex) {
			problem(method, "cannot be accessed: " + ex.getMessage(),
					"Make it and its type public, or open the package of its module");
			return null;
		}
	}

	private void problem(Method method, String what, String fix) {
		this.problems.accept(new Problem(method.getDeclaringClass().getName() + "." + method.getName(), what, fix));
	}

}
