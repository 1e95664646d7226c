package io.github.netrpc.gob;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.type.UnsupportedTypeException;

/**
 * A Java type with its arguments known and our annotations taken out: what a type is
 * compiled and cached by. Arrays have their component as the only argument.
 *
 * @param raw the class
 * @param arguments the type arguments; empty for raw types
 * @param unsigned whether {@code @Unsigned} stands on it
 * @param fixedLength the {@code @FixedLength}, or -1
 */
record JavaType(Class<?> raw, List<JavaType> arguments, boolean unsigned, int fixedLength) {

	private static final int MAX_NESTING = 64;

	static JavaType of(Class<?> type) {
		List<JavaType> arguments = type.isArray() ? List.of(of(type.getComponentType())) : List.of();
		return new JavaType(type, arguments, false, -1);
	}

	static JavaType of(AnnotatedType type) {
		return of(type, Map.of(), 0);
	}

	static JavaType of(AnnotatedType type, Map<TypeVariable<?>, JavaType> bindings) {
		return of(type, bindings, 0);
	}

	private static JavaType of(AnnotatedType type, Map<TypeVariable<?>, JavaType> bindings, int nesting) {
		if (nesting > MAX_NESTING) {
			throw new UnsupportedTypeException(
					type.getType().getTypeName() + ": its type arguments are nested without end");
		}
		boolean unsigned = type.isAnnotationPresent(Unsigned.class);
		int fixedLength = fixedLength(type);
		if (type instanceof AnnotatedArrayType array) {
			JavaType component = of(array.getAnnotatedGenericComponentType(), bindings, nesting + 1);
			if (fixedLength < 0) {
				// @FixedLength(3) byte[] annotates the innermost byte, says the language
				fixedLength = component.innermostFixedLength();
				component = component.withoutInnermostFixedLength();
			}
			return new JavaType(component.raw.arrayType(), List.of(component), unsigned, fixedLength);
		}
		if (type instanceof AnnotatedParameterizedType parameterized) {
			List<JavaType> arguments = new ArrayList<>();
			for (AnnotatedType argument : parameterized.getAnnotatedActualTypeArguments()) {
				arguments.add(of(argument, bindings, nesting + 1));
			}
			Class<?> raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
			return new JavaType(raw, List.copyOf(arguments), unsigned, fixedLength);
		}
		JavaType plain;
		if (type instanceof AnnotatedTypeVariable variable) {
			JavaType bound = bindings.get((TypeVariable<?>) variable.getType());
			plain = (bound != null) ? bound : of(Object.class);
		}
		else if (type instanceof AnnotatedWildcardType wildcard) {
			AnnotatedType[] lower = wildcard.getAnnotatedLowerBounds();
			plain = of((lower.length > 0) ? lower[0] : wildcard.getAnnotatedUpperBounds()[0], bindings, nesting + 1);
		}
		else {
			plain = of(type.getType(), bindings, nesting + 1);
		}
		return plain.with(unsigned, fixedLength);
	}

	/** For types without annotations, such as the supertypes of a class. */
	static JavaType of(Type type, Map<TypeVariable<?>, JavaType> bindings, int nesting) {
		if (type instanceof Class<?> c) {
			return of(c);
		}
		if (type instanceof ParameterizedType parameterized) {
			List<JavaType> arguments = new ArrayList<>();
			for (Type argument : parameterized.getActualTypeArguments()) {
				arguments.add(of(argument, bindings, nesting + 1));
			}
			return new JavaType((Class<?>) parameterized.getRawType(), List.copyOf(arguments), false, -1);
		}
		if (type instanceof GenericArrayType array) {
			JavaType component = of(array.getGenericComponentType(), bindings, nesting + 1);
			return new JavaType(component.raw.arrayType(), List.of(component), false, -1);
		}
		if (type instanceof TypeVariable<?> variable) {
			JavaType bound = bindings.get(variable);
			return (bound != null) ? bound : of(Object.class);
		}
		return of(((WildcardType) type).getUpperBounds()[0], bindings, nesting + 1);
	}

	private static int fixedLength(AnnotatedType type) {
		for (Annotation annotation : type.getAnnotations()) {
			if (annotation instanceof FixedLength length) {
				return length.value();
			}
		}
		return -1;
	}

	private int innermostFixedLength() {
		return this.raw.isArray() ? this.arguments.get(0).innermostFixedLength()
				: isContainer() ? -1 : this.fixedLength;
	}

	private JavaType withoutInnermostFixedLength() {
		if (this.raw.isArray()) {
			return new JavaType(this.raw, List.of(this.arguments.get(0).withoutInnermostFixedLength()), this.unsigned,
					this.fixedLength);
		}
		return isContainer() ? this : new JavaType(this.raw, this.arguments, this.unsigned, -1);
	}

	private boolean isContainer() {
		return java.util.Collection.class.isAssignableFrom(this.raw);
	}

	private JavaType with(boolean unsigned, int fixedLength) {
		if (!unsigned && fixedLength < 0) {
			return this;
		}
		return new JavaType(this.raw, this.arguments, this.unsigned || unsigned,
				(fixedLength < 0) ? this.fixedLength : fixedLength);
	}

	JavaType argument(int index) {
		return (index < this.arguments.size()) ? this.arguments.get(index) : of(Object.class);
	}

	/** This type's type variables. */
	Map<TypeVariable<?>, JavaType> bindings() {
		TypeVariable<?>[] variables = this.raw.getTypeParameters();
		Map<TypeVariable<?>, JavaType> bindings = new HashMap<>();
		for (int i = 0; i < variables.length && i < this.arguments.size(); i++) {
			bindings.put(variables[i], this.arguments.get(i));
		}
		return bindings;
	}

	/** Type variables of this type and of all its supertypes. */
	Map<TypeVariable<?>, JavaType> allBindings() {
		Map<TypeVariable<?>, JavaType> all = new HashMap<>(bindings());
		for (JavaType parent : parents()) {
			parent.allBindings().forEach(all::putIfAbsent);
		}
		return all;
	}

	/** This type seen as one of its supertypes, or null. */
	@Nullable JavaType as(Class<?> supertype) {
		if (this.raw == supertype) {
			return this;
		}
		for (JavaType parent : parents()) {
			JavaType found = supertype.isAssignableFrom(parent.raw) ? parent.as(supertype) : null;
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	private List<JavaType> parents() {
		Map<TypeVariable<?>, JavaType> bindings = bindings();
		List<AnnotatedType> declared = new ArrayList<>(Arrays.asList(this.raw.getAnnotatedInterfaces()));
		AnnotatedType superclass = this.raw.getAnnotatedSuperclass();
		if (superclass != null) {
			declared.add(0, superclass);
		}
		List<JavaType> parents = new ArrayList<>();
		for (AnnotatedType type : declared) {
			parents.add(of(type, bindings, 0));
		}
		return parents;
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		if (this.unsigned) {
			text.append("@Unsigned ");
		}
		if (this.fixedLength >= 0) {
			text.append("@FixedLength(").append(this.fixedLength).append(") ");
		}
		if (this.raw.isArray()) {
			return text.append(this.arguments.get(0)).append("[]").toString();
		}
		text.append(this.raw.getSimpleName());
		if (!this.arguments.isEmpty()) {
			text.append('<');
			for (int i = 0; i < this.arguments.size(); i++) {
				text.append((i > 0) ? ", " : "").append(this.arguments.get(i));
			}
			text.append('>');
		}
		return text.toString();
	}

}
