package io.github.netrpc.json;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Carries {@code @Unsigned} and {@code @FixedLength} from Java's annotated types, at any
 * depth, into Jackson's types, which have no place for them.
 */
final class GoTypes {

	private static final Set<Class<?>> INTEGERS = Set.of(byte.class, short.class, int.class, long.class, Byte.class,
			Short.class, Integer.class, Long.class);

	private GoTypes() {
	}

	// Applies annotations to a type.
	static JavaType of(JavaType type, @Nullable AnnotatedType annotated, boolean unsigned, int length) {
		if (type.isArrayType()) {
			return array(type, annotated, unsigned, length);
		}
		boolean isUnsigned = unsigned || isUnsigned(annotated);
		int fixed = (length >= 0) ? length : length(annotated);
		if (isUnsigned) {
			if (!INTEGERS.contains(type.getRawClass())) {
				throw new UnsupportedTypeException(
						"@Unsigned on " + type.toCanonical() + " (expected: byte, short, int, long or their boxes)");
			}
			return new GoType(type, true, GoType.ANY_LENGTH);
		}
		JavaType withArguments = arguments(type, annotated);
		if (fixed < 0) {
			return withArguments;
		}
		if (!type.isCollectionLikeType()) {
			throw new UnsupportedTypeException(
					"@FixedLength on " + type.toCanonical() + " (expected: a list or array)");
		}
		return new GoType(withArguments, false, fixed);
	}

	private static JavaType array(JavaType type, @Nullable AnnotatedType annotated, boolean unsigned, int length) {
		AnnotatedType element = (annotated instanceof AnnotatedArrayType array)
				? array.getAnnotatedGenericComponentType() : null;
		boolean isUnsigned = unsigned || isUnsigned(annotated);
		int fixed = (length >= 0) ? length : length(annotated);
		JavaType content = type.getContentType();
		if (!content.isArrayType() && !content.isCollectionLikeType()) {
			// Java puts an annotation of "@FixedLength(3) int[] a" on the elements, too.
			fixed = (fixed >= 0) ? fixed : length(element);
			isUnsigned |= isUnsigned(element);
			if (isUnsigned && !INTEGERS.contains(content.getRawClass())) {
				throw new UnsupportedTypeException("@Unsigned on " + type.toCanonical() + " (expected: integers)");
			}
			if (content.getRawClass() == byte.class) {
				// []byte is a string in base64, [n]byte a list of numbers.
				return (fixed >= 0) ? new GoType(type, true, fixed) : type;
			}
			if (isUnsigned && content.isPrimitive()) {
				return new GoType(type, true, fixed);
			}
			JavaType elements = isUnsigned ? type.withContentType(new GoType(content, true, GoType.ANY_LENGTH)) : type;
			return (fixed >= 0) ? new GoType(elements, false, fixed) : elements;
		}
		JavaType inner = of(content, element, isUnsigned, -1);
		JavaType whole = !inner.equals(content) ? type.withContentType(inner) : type;
		return (fixed >= 0) ? new GoType(whole, false, fixed) : whole;
	}

	private static JavaType arguments(JavaType type, @Nullable AnnotatedType annotated) {
		if (!(annotated instanceof AnnotatedParameterizedType parameterized) || !type.hasContentType()) {
			return type;
		}
		AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
		if (arguments.length != type.containedTypeCount()) {
			return type;
		}
		JavaType result = type;
		JavaType content = type.getContentType();
		JavaType inner = of(content, bound(arguments[arguments.length - 1]), false, -1);
		if (!inner.equals(content)) {
			result = result.withContentType(inner);
		}
		if (result instanceof tools.jackson.databind.type.MapLikeType map && arguments.length == 2) {
			JavaType key = of(map.getKeyType(), bound(arguments[0]), false, -1);
			if (!key.equals(map.getKeyType())) {
				result = map.withKeyType(key);
			}
		}
		return result;
	}

	private static AnnotatedType bound(AnnotatedType argument) {
		return (argument instanceof AnnotatedWildcardType wildcard) ? wildcard.getAnnotatedUpperBounds()[0] : argument;
	}

	private static boolean isUnsigned(@Nullable AnnotatedType type) {
		return annotation(type, Unsigned.class) != null;
	}

	private static int length(@Nullable AnnotatedType type) {
		FixedLength length = annotation(type, FixedLength.class);
		return (length != null) ? length.value() : GoType.ANY_LENGTH;
	}

	private static <A extends Annotation> @Nullable A annotation(@Nullable AnnotatedType type, Class<A> kind) {
		return (type != null) ? type.getAnnotation(kind) : null;
	}

}
