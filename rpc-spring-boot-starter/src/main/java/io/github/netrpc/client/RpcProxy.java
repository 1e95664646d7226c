package io.github.netrpc.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.ProxyFactory.ProxyMethod;

/**
 * What is behind a proxy: its methods, and what every object has.
 */
final class RpcProxy implements InvocationHandler {

	private final Class<?> type;

	private final Invoker invoker;

	private final Map<Method, ProxyMethod> methods;

	RpcProxy(Class<?> type, Invoker invoker, Map<Method, ProxyMethod> methods) {
		this.type = type;
		this.invoker = invoker;
		this.methods = methods;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		ProxyMethod target = this.methods.get(method);
		if (target != null) {
			return target.invoke(proxy, arguments);
		}
		return switch (method.getName()) {
			case "equals" -> arguments != null && arguments[0] == proxy;
			case "hashCode" -> System.identityHashCode(proxy);
			case "toString" -> this.type.getSimpleName() + " over " + this.invoker;
			default -> throw new UnsupportedOperationException(method.toString());
		};
	}

}
