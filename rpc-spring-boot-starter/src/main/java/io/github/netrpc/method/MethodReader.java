package io.github.netrpc.method;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.method.MethodShape.ArgumentShape;
import io.github.netrpc.method.MethodShape.ReplyShape;
import io.github.netrpc.method.RpcDefinitionException.Problem;

/**
 * Reads Java types as {@code net/rpc} services. All reflection on signatures happens
 * here, once, at start-up; whatever is wrong is told to a consumer and reading goes on,
 * so that all problems are known at once. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MethodReader {

	private static final String TWIN_SUFFIX = "Async";

	private final AsyncAdapters adapters;

	/**
	 * Creates a reader.
	 * @param adapters know reactive types; those found by {@link java.util.ServiceLoader}
	 * are added
	 */
	public MethodReader(Collection<? extends AsyncAdapter> adapters) {
		this.adapters = new AsyncAdapters(adapters);
	}

	/**
	 * Reads the services of a bean: one for each of its interfaces annotated with
	 * {@link RpcService}, else for each of its interfaces outside {@code java},
	 * {@code jakarta} and {@code org.springframework}; else its class is the service.
	 * @param targetClass the class of the bean, not of a proxy around it
	 * @param name the service's name if it is not to be read from the types, else null
	 * @param problems takes what is wrong
	 * @return the services, without the methods that have problems
	 */
	public List<ServiceShape> readServices(Class<?> targetClass, @Nullable String name, Consumer<Problem> problems) {
		String given = (name != null) ? name : nameOn(targetClass);
		List<Class<?>> interfaces = serviceInterfaces(targetClass);
		if (given != null && interfaces.size() > 1) {
			problems.accept(new Problem(targetClass.getName(),
					"the name \"" + given + "\" cannot be that of several services: "
							+ interfaces.stream().map(Class::getName).toList(),
					"Annotate one of the interfaces with @RpcService, or name each interface"));
			given = null;
		}
		if (!interfaces.isEmpty()) {
			Declarations.misnamed(targetClass)
				.forEach((method) -> problems.accept(new Problem(WireNames.describe(method),
						"is annotated with @RpcMethod, but callers see the methods of " + interfaces.get(0).getName(),
						"Move the annotation to the interface")));
		}
		TypeVariables variables = TypeVariables.of(targetClass);
		List<ServiceShape> services = new ArrayList<>();
		for (Class<?> type : interfaces.isEmpty() ? List.<Class<?>>of(targetClass) : interfaces) {
			services.add(readService(type, targetClass, (given != null) ? given : WireNames.ofService(type), variables,
					problems));
		}
		return services;
	}

	/**
	 * Reads the remote methods of a client's interface, twins included. A method's
	 * service is the interface that declares it, or a child of that annotated with
	 * {@link RpcService}. Default methods that the interface declares in place are not
	 * remote.
	 * @param type the interface
	 * @param service the service of methods that the interface declares in place; null to
	 * read it from {@link RpcClient#service()}, or, on an interface without that
	 * annotation, to take the interface itself for the service
	 * @param problems takes what is wrong
	 * @return the methods without problems
	 */
	public List<MethodShape> readClient(Class<?> type, @Nullable String service, Consumer<Problem> problems) {
		if (!type.isInterface()) {
			problems.accept(new Problem(type.getName(), "is not an interface", "Declare the client as an interface"));
			return List.of();
		}
		TypeVariables variables = TypeVariables.of(type);
		ClientServices services = new ClientServices(type, service);
		Collection<Method> declared = Declarations.ofInterface(type, variables);
		List<MethodShape> methods = new ArrayList<>();
		for (Method method : declared) {
			if (method.isDefault() && services.isDeclaredInPlace(method)) {
				continue;
			}
			Method origin = twinOf(method, declared, variables);
			String name = services.of((origin != null) ? origin : method);
			if (name.isEmpty()) {
				problems.accept(new Problem(WireNames.describe(method), "has no service",
						"Name it: @RpcClient(service = \"...\"), or inherit the method from a service interface"));
				continue;
			}
			addShape(method, origin, name, type, variables, problems, methods);
		}
		return methods;
	}

	private static @Nullable String nameOn(Class<?> targetClass) {
		for (Class<?> type = targetClass; type != null; type = type.getSuperclass()) {
			RpcService annotation = type.getAnnotation(RpcService.class);
			if (annotation != null && !annotation.value().isEmpty()) {
				return annotation.value();
			}
		}
		return null;
	}

	private static List<Class<?>> serviceInterfaces(Class<?> targetClass) {
		List<Class<?>> all = Declarations.interfacesOf(targetClass)
			.stream()
			.filter((type) -> !Declarations.isForeign(type))
			.toList();
		List<Class<?>> annotated = all.stream().filter((type) -> type.isAnnotationPresent(RpcService.class)).toList();
		List<Class<?>> found = annotated.isEmpty()
				? all.stream().filter((type) -> type.getMethods().length > 0).toList() : annotated;
		return found.stream().filter((type) -> !isExtended(type, found)).toList();
	}

	// Whether another of the interfaces offers all of this one's methods, and under the
	// same name.
	private static boolean isExtended(Class<?> type, List<Class<?>> interfaces) {
		return interfaces.stream()
			.anyMatch((other) -> other != type && type.isAssignableFrom(other)
					&& WireNames.ofService(other).equals(WireNames.ofService(type)));
	}

	private ServiceShape readService(Class<?> type, Class<?> targetClass, String name, TypeVariables variables,
			Consumer<Problem> problems) {
		String flaw = WireNames.flaw(name, true);
		if (flaw != null) {
			problems.accept(new Problem(type.getName(), "the service's name \"" + name + "\" " + flaw,
					"Name it: @RpcService(\"...\")"));
			return new ServiceShape(name, type, List.of());
		}
		for (Method method : Declarations.unreachable(type)) {
			problems.accept(new Problem(WireNames.describe(method), "is annotated with @RpcMethod but cannot be called",
					"Make it public and not static, or remove the annotation"));
		}
		Collection<Method> declared = type.isInterface() ? Declarations.ofInterface(type, variables)
				: Declarations.ofClass(type);
		if (declared.isEmpty()) {
			problems.accept(new Problem(type.getName(), "the service \"" + name + "\" has no public methods",
					"Declare a method, or remove @RpcService"));
		}
		List<MethodShape> methods = new ArrayList<>();
		for (Method method : declared) {
			if (!type.isInterface() || twinOf(method, declared, variables) == null) {
				addShape(method, null, name, targetClass, variables, problems, methods);
			}
		}
		methods.sort(Comparator.comparing((shape) -> shape.name().method()));
		return new ServiceShape(name, type, withoutClashes(methods, problems));
	}

	private void addShape(Method method, @Nullable Method origin, String service, Class<?> implementing,
			TypeVariables variables, Consumer<Problem> problems, List<MethodShape> methods) {
		String name = WireNames.ofMethod((origin != null) ? origin : method);
		String flaw = WireNames.flaw(name, false);
		if (flaw != null) {
			problems.accept(new Problem(WireNames.describe(method), "its name \"" + name + "\" " + flaw,
					"Change the value of @RpcMethod"));
			return;
		}
		SignatureReader reader = new SignatureReader(method, variables, this.adapters, problems);
		ArgumentShape argument = reader.readArgument();
		ReplyShape reply = reader.readReply();
		if (argument != null && reply != null) {
			methods.add(new MethodShape(method, ServiceMethod.of(service, name), argument, reply, origin != null,
					annotated(method, origin, implementing, variables)));
		}
	}

	// The method that another one is the twin of: the same without waiting, with options,
	// or both.
	private @Nullable Method twinOf(Method method, Collection<Method> declared, TypeVariables variables) {
		if (method.isAnnotationPresent(RpcMethod.class)) {
			return null;
		}
		String name = method.getName();
		List<Object> signature = Declarations.signature(method, variables);
		List<Object> withoutOptions = new ArrayList<>(signature);
		boolean options = withoutOptions.removeIf((each) -> each == RpcOptions.class);
		List<List<Object>> wanted = new ArrayList<>();
		if (name.endsWith(TWIN_SUFFIX) && !name.equals(TWIN_SUFFIX) && isAsync(method.getReturnType())) {
			String sync = name.substring(0, name.length() - TWIN_SUFFIX.length());
			withoutOptions.set(0, sync);
			signature.set(0, sync);
			wanted.add(withoutOptions);
			wanted.add(signature);
		}
		else if (options) {
			wanted.add(withoutOptions);
		}
		for (List<Object> each : wanted) {
			for (Method other : declared) {
				if (other.getDeclaringClass().isAssignableFrom(method.getDeclaringClass())
						&& Declarations.signature(other, variables).equals(each)) {
					return other;
				}
			}
		}
		return null;
	}

	private boolean isAsync(Class<?> type) {
		return CompletionStage.class.isAssignableFrom(type) || this.adapters.find(type) != null;
	}

	// A twin has the annotations of the method that it is the twin of, unless it has its
	// own.
	private static List<AnnotatedElement> annotated(Method method, @Nullable Method origin, Class<?> implementing,
			TypeVariables variables) {
		List<AnnotatedElement> elements = new ArrayList<>(declarations(method, implementing, variables));
		if (origin != null) {
			elements.addAll(declarations(origin, implementing, variables));
		}
		elements.add(implementing);
		elements.add(method.getDeclaringClass());
		if (origin != null) {
			elements.add(origin.getDeclaringClass());
		}
		return elements;
	}

	private static List<Method> declarations(Method method, Class<?> implementing, TypeVariables variables) {
		List<Method> methods = new ArrayList<>();
		Class<?>[] parameters = SignatureReader.erasedParameters(method, variables).toArray(Class<?>[]::new);
		Method implementation = Declarations.find(implementing, method.getName(), parameters);
		if (implementation != null) {
			methods.add(implementation);
		}
		methods.addAll(Declarations.overridden(method, implementing));
		return methods;
	}

	private static List<MethodShape> withoutClashes(List<MethodShape> methods, Consumer<Problem> problems) {
		Map<String, MethodShape> byName = new HashMap<>();
		List<MethodShape> kept = new ArrayList<>();
		for (MethodShape shape : methods) {
			MethodShape first = byName.putIfAbsent(shape.name().method(), shape);
			if (first == null) {
				kept.add(shape);
				continue;
			}
			boolean overload = first.method().getName().equals(shape.method().getName());
			problems.accept(new Problem(WireNames.describe(shape.method()),
					(overload ? "is an overload of " : "has the same name on the wire as ")
							+ WireNames.describe(first.method()) + ": both would be " + shape.name(),
					"Give one of them another name: @RpcMethod(\"...\")"));
		}
		return kept;
	}

}
