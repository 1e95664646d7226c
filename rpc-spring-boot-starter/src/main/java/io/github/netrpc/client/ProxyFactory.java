package io.github.netrpc.client;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcTimeout;
import io.github.netrpc.method.MethodReader;
import io.github.netrpc.method.MethodShape;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.method.RpcDefinitionException.Problem;
import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Makes objects that implement an interface by calling a service. All reflection happens
 * while a proxy is made; a call is one look into a map. Thread-safe, and so are the
 * proxies.
 *
 * @since 0.1.0
 */
public final class ProxyFactory {

	private final MethodReader reader;

	/**
	 * Creates a factory.
	 * @param reader reads the interfaces
	 */
	public ProxyFactory(MethodReader reader) {
		this.reader = reader;
	}

	/**
	 * Makes a proxy.
	 * @param <T> the interface
	 * @param type the interface; its own default methods run on this side
	 * @param service the service of methods that the interface declares in place, or null
	 * to read it from the interface
	 * @param invoker makes the calls
	 * @return a new proxy
	 * @throws RpcDefinitionException if the interface cannot be a client; lists all
	 * reasons
	 */
	public <T> T create(Class<T> type, @Nullable String service, Invoker invoker) {
		List<Problem> problems = new ArrayList<>();
		List<MethodShape> shapes = this.reader.readClient(type, service, problems::add);
		checkNames(shapes, problems);
		Map<Method, ProxyMethod> remote = new HashMap<>();
		for (MethodShape shape : shapes) {
			ProxyMethod method = plan(shape, invoker, problems);
			if (method != null) {
				remote.put(shape.method(), method);
			}
		}
		if (!problems.isEmpty()) {
			throw new RpcDefinitionException(problems);
		}
		Map<Method, ProxyMethod> methods = new HashMap<>(remote);
		for (Method method : type.getMethods()) {
			if (!Modifier.isStatic(method.getModifiers()) && !methods.containsKey(method)) {
				methods.put(method, local(method, remote));
			}
		}
		return type.cast(new RpcProxy(type, invoker, methods, RpcOptions.NONE).create());
	}

	/**
	 * Makes other proxies with the methods of one that a factory has made.
	 * @param <T> the interface
	 * @param proxy the proxy
	 * @return makes a new proxy, at little cost, of who makes its calls, which has to
	 * understand the plans of the first one's invoker, and of the options of each call
	 */
	@SuppressWarnings("unchecked")
	public static <T> BiFunction<Invoker, RpcOptions, T> variants(T proxy) {
		RpcProxy behind = (RpcProxy) Proxy.getInvocationHandler(proxy);
		return (invoker, options) -> (T) behind.over(invoker, options);
	}

	/**
	 * Two methods may share a name only if one is the twin of the other.
	 */
	private static void checkNames(List<MethodShape> shapes, List<Problem> problems) {
		Map<String, MethodShape> first = new HashMap<>();
		for (MethodShape shape : shapes) {
			MethodShape other = shape.twin() ? null : first.putIfAbsent(shape.name().name(), shape);
			if (other != null) {
				problems.add(new Problem(
						describe(shape.method()), "has the same name on the wire as " + describe(other.method())
								+ ": both would be " + shape.name(),
						"Give one of them another name: @RpcMethod(\"...\")"));
			}
		}
	}

	private static @Nullable ProxyMethod plan(MethodShape shape, Invoker invoker, List<Problem> problems) {
		RpcTimeout annotation = shape.annotation(RpcTimeout.class);
		try {
			Duration timeout = (annotation != null) ? TimeoutText.parse(annotation.value()) : null;
			CallPolicy policy = new CallPolicy(timeout, shape.annotation(Idempotent.class) != null);
			return new RemoteProxyMethod(shape, invoker.plan(shape.name(), shape.argument(), shape.reply(), policy));
		}
		catch (UnsupportedTypeException ex) {
			problems.add(new Problem(describe(shape.method()), String.valueOf(ex.getMessage()),
					"Use a type that the format can express"));
		}
		catch (IllegalArgumentException ex) {
			problems.add(new Problem(describe(shape.method()), String.valueOf(ex.getMessage()),
					"Change the value of @RpcTimeout"));
		}
		return null;
	}

	/**
	 * A method that is not remote itself: another declaration of a remote one, a default
	 * method, or one that a foreign interface demands.
	 */
	private static ProxyMethod local(Method method, Map<Method, ProxyMethod> remote) {
		for (Map.Entry<Method, ProxyMethod> each : remote.entrySet()) {
			if (each.getKey().getName().equals(method.getName())
					&& Arrays.equals(each.getKey().getParameterTypes(), method.getParameterTypes())) {
				return each.getValue();
			}
		}
		if (method.isDefault()) {
			return DefaultProxyMethod.of(method);
		}
		return (proxy, invoker, options, arguments) -> {
			throw new UnsupportedOperationException(describe(method) + " is no method of a service");
		};
	}

	private static String describe(Method method) {
		return method.getDeclaringClass().getName() + "." + method.getName();
	}

	/**
	 * What a proxy does for one method.
	 */
	@FunctionalInterface
	interface ProxyMethod {

		/**
		 * Runs the method.
		 * @param proxy the proxy
		 * @param invoker makes the calls of the proxy
		 * @param options those of the proxy
		 * @param arguments what the method was called with, null for nothing
		 */
		@Nullable Object invoke(Object proxy, Invoker invoker, RpcOptions options, @Nullable Object @Nullable [] arguments)
				throws Throwable;

	}

}
