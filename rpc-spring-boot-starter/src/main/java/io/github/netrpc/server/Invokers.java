package io.github.netrpc.server;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.method.MethodShape;
import io.github.netrpc.wire.ValueShape;

/**
 * Makes method handles that take what is on the wire: {@code (Object argument, Object
 * context)Object}, whatever the Java method looks like.
 */
final class Invokers {

	private static final MethodType ERASED = MethodType.methodType(Object.class, Object.class, Object.class);

	/** {@link #principal}. */
	private static final MethodHandle PRINCIPAL;

	static {
		try {
			PRINCIPAL = MethodHandles.lookup()
				.findStatic(Invokers.class, "principal",
						MethodType.methodType(Object.class, Class.class, Object.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private Invokers() {
	}

	/**
	 * Binds a method to a bean.
	 * @param shape the method
	 * @param bean the bean or its proxy
	 * @return a handle of type {@code (Object,Object)Object}
	 * @throws IllegalAccessException if the method cannot be called
	 */
	static MethodHandle bind(MethodShape shape, Object bean) throws IllegalAccessException {
		Method method = shape.method();
		// Services need not be public: the interface may well be an inner one of a test.
		method.setAccessible(true);
		MethodHandle handle = MethodHandles.lookup().unreflect(method).bindTo(bean);
		List<Integer> wire = shape.wireParameters();
		List<Integer> taken = new ArrayList<>();
		// Options are a client's.
		for (int i = method.getParameterCount() - 1; i >= 0; i--) {
			if (method.getParameterTypes()[i] == RpcOptions.class) {
				handle = MethodHandles.insertArguments(handle, i, RpcOptions.NONE);
			}
			else {
				taken.add(0, i);
			}
		}
		MethodHandle generic = withPrincipals(handle.asType(handle.type().generic()), method, taken);
		int parameters = taken.size();
		if (!(shape.argument() instanceof ValueShape.Struct)) {
			int[] sources = new int[parameters];
			for (int i = 0; i < parameters; i++) {
				sources[i] = wire.contains(taken.get(i)) ? 0 : 1;
			}
			return MethodHandles.permuteArguments(generic, ERASED, sources);
		}
		// (context, field, field, ...) first, so that the fields can be spread.
		int[] sources = new int[parameters];
		int field = 1;
		for (int i = 0; i < parameters; i++) {
			sources[i] = wire.contains(taken.get(i)) ? field++ : 0;
		}
		MethodHandle fieldsLast = MethodHandles.permuteArguments(generic, MethodType.genericMethodType(wire.size() + 1),
				sources);
		MethodHandle spread = fieldsLast.asSpreader(Object[].class, wire.size())
			.asType(MethodType.methodType(Object.class, Object.class, Object.class));
		return MethodHandles.permuteArguments(spread, ERASED, 1, 0);
	}

	/**
	 * Has parameters of the type {@link Principal}, or a subtype, take the context, of
	 * which they get who calls.
	 */
	private static MethodHandle withPrincipals(MethodHandle generic, Method method, List<Integer> taken) {
		MethodHandle filtered = generic;
		for (int i = 0; i < taken.size(); i++) {
			Class<?> type = method.getParameterTypes()[taken.get(i)];
			if (Principal.class.isAssignableFrom(type)) {
				filtered = MethodHandles.filterArguments(filtered, i, PRINCIPAL.bindTo(type));
			}
		}
		return filtered;
	}

	static Object principal(Class<?> type, Object context) {
		Principal principal = ((RpcContext) context).principal();
		if (principal == null || !type.isInstance(principal)) {
			throw new RpcException(RpcCode.UNAUTHENTICATED, Known.NOT_RUN,
					RefusalReason.UNAUTHENTICATED.message() + ((principal != null) ? " in the way that the method needs"
							: ": the method needs to know who calls"),
					null);
		}
		return principal;
	}

}
