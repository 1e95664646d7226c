package io.github.netrpc.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.ProxyFactory.ProxyMethod;

/**
 * What is behind a proxy: its methods, the options of its calls, and what every object
 * has. Variants of a proxy share the methods.
 */
final class RpcProxy implements InvocationHandler, RpcOptions.Configurable {

	private final Class<?> type;

	private final Invoker invoker;

	private final Map<Method, ProxyMethod> methods;

	private final RpcOptions options;

	RpcProxy(Class<?> type, Invoker invoker, Map<Method, ProxyMethod> methods, RpcOptions options) {
		this.type = type;
		this.invoker = invoker;
		this.methods = methods;
		this.options = options;
	}

	Object create() {
		return Proxy.newProxyInstance(this.type.getClassLoader(), new Class<?>[] { this.type }, this);
	}

	@Override
	public RpcOptions options() {
		return this.options;
	}

	@Override
	public Object withOptions(RpcOptions options) {
		return over(this.invoker, options);
	}

	/**
	 * Makes a variant whose calls another invoker makes.
	 */
	Object over(Invoker invoker, RpcOptions options) {
		return new RpcProxy(this.type, invoker, this.methods, options).create();
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		ProxyMethod target = this.methods.get(method);
		if (target != null) {
			return target.invoke(proxy, this.invoker, this.options, arguments);
		}
		return switch (method.getName()) {
			case "equals" -> arguments != null && isSame(arguments[0]);
			case "hashCode" -> 31 * System.identityHashCode(this.methods) + this.options.hashCode();
			case "toString" -> this.type.getSimpleName() + " over " + this.invoker
					+ (this.options.equals(RpcOptions.NONE) ? "" : " with " + this.options);
			default -> throw new UnsupportedOperationException(method.toString());
		};
	}

	/**
	 * Variants of one proxy are equal if their options are.
	 */
	private boolean isSame(@Nullable Object other) {
		return other != null && Proxy.isProxyClass(other.getClass())
				&& Proxy.getInvocationHandler(other) instanceof RpcProxy that && this.methods == that.methods
				&& this.options.equals(that.options);
	}

}
