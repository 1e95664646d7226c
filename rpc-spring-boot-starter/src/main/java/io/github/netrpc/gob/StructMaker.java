package io.github.netrpc.gob;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Makes an object out of the frame in which its properties wait: one method handle that
 * takes every constructor argument from its slot, without boxes, and one per setter.
 */
abstract class StructMaker {

	/** More arguments are boxed and spread; method handles end at 255 slots. */
	private static final int MOST_UNBOXED = 50;

	private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

	private static final MethodHandle LONG_AT = find("longAt",
			MethodType.methodType(long.class, GobInput.class, int.class));

	private static final MethodHandle REF_AT = find("refAt",
			MethodType.methodType(Object.class, GobInput.class, int.class));

	private static final MethodHandle IS_TRUE = find("isTrue", MethodType.methodType(boolean.class, long.class));

	private static final MethodHandle TO_DOUBLE = find("toDouble", MethodType.methodType(double.class, long.class));

	abstract Object make(GobInput in);

	/** For shapes without a class: the properties in order, primitives boxed. */
	static StructMaker array(List<Source> sources) {
		Source[] all = sources.toArray(new Source[0]);
		return new StructMaker() {

			@Override
			Object make(GobInput in) {
				return boxed(all, in);
			}

		};
	}

	/**
	 * For classes.
	 * @param creator a constructor or static method, as it is declared
	 * @param arguments where each argument comes from; null for zero
	 * @param setters what is set afterwards, {@code (Object, GobInput)void}
	 */
	static StructMaker of(MethodHandle creator, @Nullable Source[] arguments, List<MethodHandle> setters) {
		MethodHandle[] after = setters.toArray(new MethodHandle[0]);
		if (arguments.length > MOST_UNBOXED) {
			Source[] all = new Source[arguments.length];
			for (int i = 0; i < all.length; i++) {
				Source source = arguments[i];
				all[i] = (source != null) ? source : new Source(Scalar.of(creator.type().parameterType(i), false), -1);
			}
			MethodHandle spread = creator.asType(creator.type().changeReturnType(Object.class))
				.asSpreader(Object[].class, arguments.length)
				.asType(MethodType.methodType(Object.class, Object[].class));
			return new StructMaker() {

				@Override
				Object make(GobInput in) {
					try {
						Object made = (Object) spread.invokeExact(boxed(all, in));
						return set(made, in, after);
					}
					catch (Throwable ex) {
						throw GobException.refused(GobException.REFUSED, ex);
					}
				}

			};
		}
		MethodHandle handle = creator.asType(creator.type().changeReturnType(Object.class));
		handle = MethodHandles.dropArguments(handle, arguments.length, GobInput.class);
		for (int i = arguments.length - 1; i >= 0; i--) {
			handle = MethodHandles.foldArguments(handle, i, from(arguments[i], handle.type().parameterType(i)));
		}
		MethodHandle exact = handle;
		return new StructMaker() {

			@Override
			Object make(GobInput in) {
				try {
					Object made = (Object) exact.invokeExact(in);
					return set(made, in, after);
				}
				catch (Throwable ex) {
					throw GobException.refused(GobException.REFUSED, ex);
				}
			}

		};
	}

	/** {@code (Object, GobInput)void} out of {@code (bean, property)}. */
	static MethodHandle setter(MethodHandle setter, Source source) {
		Class<?> property = setter.type().parameterType(1);
		MethodHandle exact = setter.asType(MethodType.methodType(void.class, Object.class, property));
		return MethodHandles.filterArguments(exact, 1, from(source, property));
	}

	/** {@code (GobInput)type}, from the slot. */
	private static MethodHandle from(@Nullable Source source, Class<?> type) {
		if (source == null) {
			return MethodHandles.dropArguments(MethodHandles.zero(type), 0, GobInput.class);
		}
		Scalar scalar = source.scalar();
		if (scalar == null) {
			return MethodHandles.insertArguments(REF_AT, 1, source.slot())
				.asType(MethodType.methodType(type, GobInput.class));
		}
		MethodHandle number = MethodHandles.insertArguments(LONG_AT, 1, source.slot());
		if (scalar == Scalar.BOOL) {
			return MethodHandles.filterReturnValue(number, IS_TRUE);
		}
		if (scalar.isFloat()) {
			number = MethodHandles.filterReturnValue(number, TO_DOUBLE);
		}
		return MethodHandles.explicitCastArguments(number, MethodType.methodType(type, GobInput.class));
	}

	private static Object set(Object made, GobInput in, MethodHandle[] setters) throws Throwable {
		for (MethodHandle setter : setters) {
			setter.invokeExact(made, in);
		}
		return made;
	}

	private static @Nullable Object[] boxed(Source[] sources, GobInput in) {
		@Nullable Object[] values = new Object[sources.length];
		for (int i = 0; i < values.length; i++) {
			Source source = sources[i];
			Scalar scalar = source.scalar();
			if (scalar != null) {
				values[i] = scalar.box((source.slot() >= 0) ? in.longAt(source.slot()) : 0);
			}
			else if (source.slot() >= 0) {
				values[i] = in.refAt(source.slot());
			}
		}
		return values;
	}

	private static MethodHandle find(String name, MethodType type) {
		try {
			return LOOKUP.findStatic(StructMaker.class, name, type);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("unused") // by handle
	private static long longAt(GobInput in, int slot) {
		return in.longAt(slot);
	}

	@SuppressWarnings("unused") // by handle
	private static @Nullable Object refAt(GobInput in, int slot) {
		return in.refAt(slot);
	}

	@SuppressWarnings("unused") // by handle
	private static boolean isTrue(long value) {
		return value != 0;
	}

	@SuppressWarnings("unused") // by handle
	private static double toDouble(long bits) {
		return Double.longBitsToDouble(bits);
	}

	/**
	 * A slot of the frame.
	 *
	 * @param scalar what it is, if it is among the longs; else null
	 * @param slot its number; -1 for zero
	 */
	record Source(@Nullable Scalar scalar, int slot) {

	}

}
