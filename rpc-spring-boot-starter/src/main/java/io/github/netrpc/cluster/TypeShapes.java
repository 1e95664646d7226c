package io.github.netrpc.cluster;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Type;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.ValueShape;

/**
 * The shapes of values whose type is given as a class or a {@link TypeRef}.
 */
final class TypeShapes {

	private TypeShapes() {
	}

	static ValueShape of(Class<?> type) {
		if (type == Void.class || type == void.class) {
			return ValueShape.EMPTY;
		}
		return new ValueShape.Value(annotated(type));
	}

	static ValueShape of(TypeRef<?> type) {
		return (type.type() == Void.class) ? ValueShape.EMPTY : new ValueShape.Value(type.annotatedType());
	}

	private static AnnotatedType annotated(Class<?> type) {
		Class<?> component = type.getComponentType();
		return (component != null) ? new PlainArray(type, annotated(component)) : new Plain(type);
	}

	/**
	 * A class without annotations.
	 */
	private static class Plain implements AnnotatedType {

		private final Class<?> type;

		Plain(Class<?> type) {
			this.type = type;
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
		public <T extends Annotation> @Nullable T getAnnotation(Class<T> annotationClass) {
			return null;
		}

		@Override
		public Annotation[] getAnnotations() {
			return new Annotation[0];
		}

		@Override
		public Annotation[] getDeclaredAnnotations() {
			return new Annotation[0];
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Plain that && this.type == that.type;
		}

		@Override
		public int hashCode() {
			return Objects.hashCode(this.type);
		}

		@Override
		public String toString() {
			return this.type.getTypeName();
		}

	}

	/**
	 * The class of an array without annotations.
	 */
	private static final class PlainArray extends Plain implements AnnotatedArrayType {

		private final AnnotatedType component;

		PlainArray(Class<?> type, AnnotatedType component) {
			super(type);
			this.component = component;
		}

		@Override
		public AnnotatedType getAnnotatedGenericComponentType() {
			return this.component;
		}

	}

}
