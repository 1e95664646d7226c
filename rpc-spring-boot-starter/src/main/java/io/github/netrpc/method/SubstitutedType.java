package io.github.netrpc.method;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * An annotated type that results from putting types in the place of type variables, which
 * the JDK has no way to make. Immutable.
 */
abstract class SubstitutedType implements AnnotatedType {

	private final Type type;

	private final List<Annotation> annotations;

	SubstitutedType(Type type, Annotation[] annotations) {
		this.type = type;
		this.annotations = List.of(annotations);
	}

	// Adds the annotations at the place where a type variable was used to those on the
	// type that it stands for.
	static AnnotatedType annotate(AnnotatedType type, Annotation[] more) {
		if (more.length == 0) {
			return type;
		}
		Annotation[] all = Stream.concat(Arrays.stream(type.getAnnotations()), Arrays.stream(more))
			.distinct()
			.toArray(Annotation[]::new);
		if (type instanceof AnnotatedParameterizedType parameterized) {
			return new Parameterized(type.getType(), all, List.of(parameterized.getAnnotatedActualTypeArguments()));
		}
		if (type instanceof AnnotatedArrayType array) {
			return new ArrayOf(type.getType(), all, array.getAnnotatedGenericComponentType());
		}
		return new Plain(type.getType(), all);
	}

	static AnnotatedType parameterized(AnnotatedParameterizedType origin, List<AnnotatedType> arguments) {
		ParameterizedType type = (ParameterizedType) origin.getType();
		return new Parameterized(new ParameterizedOf(type.getRawType(), type.getOwnerType(), types(arguments)),
				origin.getAnnotations(), arguments);
	}

	static AnnotatedType array(AnnotatedArrayType origin, AnnotatedType component) {
		Type type = (component.getType() instanceof Class<?> raw) ? Array.newInstance(raw, 0).getClass()
				: new GenericArrayOf(component.getType());
		return new ArrayOf(type, origin.getAnnotations(), component);
	}

	static AnnotatedType wildcard(AnnotatedWildcardType origin, List<AnnotatedType> upper, List<AnnotatedType> lower) {
		return new Wildcard(new WildcardOf(types(upper), types(lower)), origin.getAnnotations(), upper, lower);
	}

	private static List<Type> types(List<AnnotatedType> annotated) {
		return annotated.stream().map(AnnotatedType::getType).toList();
	}

	private static AnnotatedType[] toArray(List<AnnotatedType> types) {
		return types.toArray(AnnotatedType[]::new);
	}

	@Override
	public Type getType() {
		return this.type;
	}

	@Override
	public @Nullable AnnotatedType getAnnotatedOwnerType() {
		return null;
	}

	@Override
	public <A extends Annotation> @Nullable A getAnnotation(Class<A> annotationType) {
		return this.annotations.stream()
			.filter(annotationType::isInstance)
			.map(annotationType::cast)
			.findFirst()
			.orElse(null);
	}

	@Override
	public Annotation[] getAnnotations() {
		return this.annotations.toArray(Annotation[]::new);
	}

	@Override
	public Annotation[] getDeclaredAnnotations() {
		return getAnnotations();
	}

	@Override
	public String toString() {
		return Stream.concat(this.annotations.stream().map(Annotation::toString), Stream.of(this.type.getTypeName()))
			.collect(Collectors.joining(" "));
	}

	private static final class Plain extends SubstitutedType {

		Plain(Type type, Annotation[] annotations) {
			super(type, annotations);
		}

	}

	private static final class Parameterized extends SubstitutedType implements AnnotatedParameterizedType {

		private final List<AnnotatedType> arguments;

		Parameterized(Type type, Annotation[] annotations, List<AnnotatedType> arguments) {
			super(type, annotations);
			this.arguments = arguments;
		}

		@Override
		public AnnotatedType[] getAnnotatedActualTypeArguments() {
			return toArray(this.arguments);
		}

	}

	private static final class ArrayOf extends SubstitutedType implements AnnotatedArrayType {

		private final AnnotatedType component;

		ArrayOf(Type type, Annotation[] annotations, AnnotatedType component) {
			super(type, annotations);
			this.component = component;
		}

		@Override
		public AnnotatedType getAnnotatedGenericComponentType() {
			return this.component;
		}

	}

	private static final class Wildcard extends SubstitutedType implements AnnotatedWildcardType {

		private final List<AnnotatedType> upper;

		private final List<AnnotatedType> lower;

		Wildcard(Type type, Annotation[] annotations, List<AnnotatedType> upper, List<AnnotatedType> lower) {
			super(type, annotations);
			this.upper = upper;
			this.lower = lower;
		}

		@Override
		public AnnotatedType[] getAnnotatedUpperBounds() {
			return toArray(this.upper);
		}

		@Override
		public AnnotatedType[] getAnnotatedLowerBounds() {
			return toArray(this.lower);
		}

	}

	private record ParameterizedOf(Type raw, @Nullable Type owner, List<Type> arguments) implements ParameterizedType {

		@Override
		public Type[] getActualTypeArguments() {
			return this.arguments.toArray(Type[]::new);
		}

		@Override
		public Type getRawType() {
			return this.raw;
		}

		@Override
		public @Nullable Type getOwnerType() {
			return this.owner;
		}

		@Override
		public String toString() {
			return this.raw.getTypeName()
					+ this.arguments.stream().map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
		}

	}

	private record GenericArrayOf(Type component) implements GenericArrayType {

		@Override
		public Type getGenericComponentType() {
			return this.component;
		}

		@Override
		public String toString() {
			return this.component.getTypeName() + "[]";
		}

	}

	private record WildcardOf(List<Type> upper, List<Type> lower) implements WildcardType {

		@Override
		public Type[] getUpperBounds() {
			return this.upper.toArray(Type[]::new);
		}

		@Override
		public Type[] getLowerBounds() {
			return this.lower.toArray(Type[]::new);
		}

		@Override
		public String toString() {
			return this.lower.isEmpty() ? "? extends " + this.upper.get(0).getTypeName()
					: "? super " + this.lower.get(0).getTypeName();
		}

	}

}
