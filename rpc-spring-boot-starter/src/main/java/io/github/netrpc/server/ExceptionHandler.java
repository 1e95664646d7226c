package io.github.netrpc.server;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;

/**
 * A method that says how exceptions of a type are answered, ready to be called.
 * Immutable.
 */
final class ExceptionHandler {

	private final Class<? extends Throwable> type;

	private final Method method;

	private final MethodHandle handle;

	private final Class<?>[] parameters;

	/**
	 * Creates a handler.
	 * @param type the exceptions it is for
	 * @param method the method, for messages
	 * @param handle the same, bound to its bean
	 */
	ExceptionHandler(Class<? extends Throwable> type, Method method, MethodHandle handle) {
		this.type = type;
		this.method = method;
		this.handle = handle;
		this.parameters = method.getParameterTypes();
	}

	Class<? extends Throwable> type() {
		return this.type;
	}

	Method method() {
		return this.method;
	}

	/**
	 * Asks the method.
	 * @param matched the exception that fits {@link #type}
	 * @param context the call
	 * @return the answer, or null if the method leaves it to others
	 * @throws Throwable what the method throws
	 */
	@Nullable RpcException answer(Throwable matched, RpcContext context) throws Throwable {
		Object[] arguments = new Object[this.parameters.length];
		for (int i = 0; i < arguments.length; i++) {
			arguments[i] = (this.parameters[i] == RpcContext.class) ? context : matched;
		}
		Object answer = this.handle.invokeWithArguments(arguments);
		return (answer instanceof RpcCode code) ? new RpcException(code, null) : (RpcException) answer;
	}

}
