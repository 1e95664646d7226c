package io.github.netrpc.gob;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Says which properties a Java class has and what they are called, so that gob can take
 * its names from the same annotations as another format. Asked once per class, when a
 * type is compiled, never per value. Implementations are thread-safe. <pre class="code">
 * PropertyNames names = PropertyNames.standard();
 * names.of(Args.class).properties();   // a: int, b: int
 * </pre>
 *
 * @since 0.1.0
 */
public interface PropertyNames {

	/**
	 * The properties of a class, in the order in which they are to be declared on the
	 * wire. A class without any is an empty struct.
	 * @param type a record, bean or other class that is to be a struct; never a class
	 * that gob maps itself, such as {@code String}, an enum or a collection
	 * @return the properties, without the ignored ones
	 * @throws UnsupportedTypeException if the annotations contradict each other
	 */
	Properties of(Class<?> type);

	/**
	 * The text by which an enum constant goes over the wire.
	 * @param constant the constant
	 * @return its name there
	 */
	default String nameOf(Enum<?> constant) {
		return constant.name();
	}

	/**
	 * Names without annotations: the components of records; else the getters, setters and
	 * public fields of beans, superclass first.
	 * @return the standard names
	 */
	static PropertyNames standard() {
		return new StandardPropertyNames();
	}

	/**
	 * The first of several declarations of one property (getter, field, parameter) that
	 * bears {@code @Unsigned} or {@code @FixedLength} anywhere, else the first that is
	 * {@code @Nullable}, else the first: which of them was annotated is then up to the
	 * author of the class.
	 * @param declarations the types as declared, at least one
	 * @return the type to use
	 */
	static AnnotatedType mostAnnotated(List<? extends AnnotatedType> declarations) {
		for (AnnotatedType declaration : declarations) {
			if (isAnnotated(declaration)) {
				return declaration;
			}
		}
		for (AnnotatedType declaration : declarations) {
			if (declaration.isAnnotationPresent(Nullable.class)) {
				return declaration;
			}
		}
		return declarations.get(0);
	}

	private static boolean isAnnotated(AnnotatedType type) {
		if (type.isAnnotationPresent(Unsigned.class) || type.isAnnotationPresent(FixedLength.class)) {
			return true;
		}
		if (type instanceof AnnotatedArrayType array) {
			return isAnnotated(array.getAnnotatedGenericComponentType());
		}
		if (type instanceof AnnotatedParameterizedType parameterized) {
			for (AnnotatedType argument : parameterized.getAnnotatedActualTypeArguments()) {
				if (isAnnotated(argument)) {
					return true;
				}
			}
		}
		if (type instanceof AnnotatedWildcardType wildcard) {
			for (AnnotatedType bound : wildcard.getAnnotatedUpperBounds()) {
				if (isAnnotated(bound)) {
					return true;
				}
			}
		}
		return false;
	}

	/**
	 * A class as a struct. Immutable.
	 *
	 * @param properties the properties in wire order
	 * @param creator the constructor or static factory method that makes an instance, or
	 * null if none can be made (such a type can be written only). Each of its parameters
	 * is one property's {@link Property#creatorIndex()}; parameters without a property
	 * get the zero value of their type
	 * @since 0.1.0
	 */
	record Properties(List<Property> properties, @Nullable Executable creator) {

		public Properties {
			properties = List.copyOf(properties);
		}

	}

	/**
	 * One property of a class. Immutable.
	 *
	 * @param name the name; gob sends it with its first letter in upper case, as Go wants
	 * it, unless it is {@code explicit}
	 * @param explicit whether the name was written down by the author for the wire, and
	 * is to be sent as it is
	 * @param type the declared type; may mention the type variables of the class that
	 * declares the member
	 * @param getter the {@link Method} without parameters, or {@link Field}, to read it
	 * by; null if it is never sent
	 * @param creatorIndex the index of the creator's parameter that takes it; -1 if none
	 * does
	 * @param setter the {@link Method} with one parameter, or {@link Field}, to set it by
	 * after the instance was made; null if the creator takes it, or if it is read-only
	 * (it is then skipped when received)
	 * @since 0.1.0
	 */
	record Property(String name, boolean explicit, AnnotatedType type, @Nullable Member getter, int creatorIndex,
			@Nullable Member setter) {

	}

}
