package io.github.netrpc.client;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.ProxyFactory.ProxyMethod;

/**
 * A default method, which runs on this side. A method handle, since
 * {@code InvocationHandler.invokeDefault} cannot reach interfaces that are not public.
 */
final class DefaultProxyMethod implements ProxyMethod {

	private static final Object[] NO_ARGUMENTS = {};

	private final MethodHandle handle;

	private DefaultProxyMethod(MethodHandle handle) {
		this.handle = handle;
	}

	static ProxyMethod of(Method method) {
		Class<?> type = method.getDeclaringClass();
		try {
			MethodHandle handle = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
				.unreflectSpecial(method, type);
			return new DefaultProxyMethod(handle.asSpreader(Object[].class, method.getParameterCount()));
		}
		catch (IllegalAccessException ex) {
			throw new IllegalArgumentException(
					"the default method " + method + " cannot be called: open its package to this module", ex);
		}
	}

	@Override
	public @Nullable Object invoke(Object proxy, Invoker invoker, RpcOptions options,
			@Nullable Object @Nullable [] arguments) throws Throwable {
		return this.handle.invoke(proxy, (arguments != null) ? arguments : NO_ARGUMENTS);
	}

}
