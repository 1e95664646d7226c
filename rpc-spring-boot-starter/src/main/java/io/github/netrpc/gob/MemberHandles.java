package io.github.netrpc.gob;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

/**
 * Turns the members of a class into method handles, so that no value needs reflection:
 * getters give what a plan writes, a {@code long} or an object; setters and creators keep
 * their types.
 */
final class MemberHandles {

	private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

	private static final MethodHandle TO_BITS = find(Double.class, "doubleToRawLongBits",
			MethodType.methodType(long.class, double.class));

	private static final MethodHandle ELEMENT = find(MemberHandles.class, "element",
			MethodType.methodType(Object.class, int.class, Object.class));

	private static final MethodHandle NUMBER = find(MemberHandles.class, "number",
			MethodType.methodType(long.class, Scalar.class, int.class, Object.class));

	private MemberHandles() {
	}

	/** {@code (Object)long} for a scalar, else {@code (Object)Object}. */
	static MethodHandle getter(Member member, @Nullable Scalar scalar, JavaType type, String path) {
		MethodHandle handle;
		try {
			open((AccessibleObject) member, type, path);
			handle = (member instanceof Method method) ? LOOKUP.unreflect(method)
					: LOOKUP.unreflectGetter((Field) member);
		}
		catch (IllegalAccessException ex) {
			throw PlanCompiler.unsupported(type, path, "its getter cannot be used: " + ex.getMessage());
		}
		handle = handle.asType(MethodType.methodType(handle.type().returnType(), Object.class));
		if (scalar == null) {
			return handle.asType(MethodType.methodType(Object.class, Object.class));
		}
		if (scalar.isFloat()) {
			return MethodHandles.filterReturnValue(handle.asType(MethodType.methodType(double.class, Object.class)),
					TO_BITS);
		}
		return MethodHandles.explicitCastArguments(handle, MethodType.methodType(long.class, Object.class));
	}

	/** {@code (bean, property)void}, as declared. */
	static MethodHandle setter(Member member, JavaType type, String path) {
		try {
			open((AccessibleObject) member, type, path);
			MethodHandle handle = (member instanceof Method method) ? LOOKUP.unreflect(method)
					: LOOKUP.unreflectSetter((Field) member);
			return handle.asType(handle.type().changeReturnType(void.class));
		}
		catch (IllegalAccessException ex) {
			throw PlanCompiler.unsupported(type, path, "its setter cannot be used: " + ex.getMessage());
		}
	}

	/** The constructor or static method, as declared. */
	static MethodHandle creator(Executable creator, JavaType type, String path) {
		try {
			open(creator, type, path);
			return (creator instanceof Method method) ? LOOKUP.unreflect(method)
					: LOOKUP.unreflectConstructor((Constructor<?>) creator);
		}
		catch (IllegalAccessException ex) {
			throw PlanCompiler.unsupported(type, path, "its constructor cannot be used: " + ex.getMessage());
		}
	}

	/** The same as a getter, for one element of an array. */
	static MethodHandle element(@Nullable Scalar scalar, int index) {
		return (scalar != null) ? MethodHandles.insertArguments(NUMBER, 0, scalar, index)
				: MethodHandles.insertArguments(ELEMENT, 0, index);
	}

	/** {@code ()Object}. */
	static MethodHandle constructor(Constructor<?> constructor) throws IllegalAccessException {
		return LOOKUP.unreflectConstructor(constructor).asType(MethodType.methodType(Object.class));
	}

	static void open(AccessibleObject member, JavaType type, String path) {
		try {
			member.setAccessible(true);
		}
		catch (InaccessibleObjectException ex) {
			throw PlanCompiler.unsupported(type, path, "its module does not open the package to io.github.netrpc");
		}
	}

	private static MethodHandle find(Class<?> owner, String name, MethodType type) {
		try {
			return LOOKUP.findStatic(owner, name, type);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("unused") // by handle
	private static @Nullable Object element(int index, Object array) {
		return ((@Nullable Object[]) array)[index];
	}

	@SuppressWarnings("unused") // by handle
	private static long number(Scalar scalar, int index, Object array) {
		Object value = ((@Nullable Object[]) array)[index];
		if (value == null) {
			throw GobException.value("Null for a primitive");
		}
		return scalar.unbox(value);
	}

}
