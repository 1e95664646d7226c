package io.github.netrpc.server;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.method.MethodShape;
import io.github.netrpc.wire.ValueShape;

/**
 * Makes method handles that take what is on the wire: {@code (Object argument, Object
 * context)Object}, whatever the Java method looks like.
 */
final class Invokers {

	private static final MethodType ERASED = MethodType.methodType(Object.class, Object.class, Object.class);

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
		MethodHandle generic = handle.asType(handle.type().generic());
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

}
