package io.github.netrpc.json;

import java.lang.reflect.AnnotatedType;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.gob.ReceivedText;
import io.github.netrpc.type.UnsupportedTypeException;

/**
 * The types of an RPC interface for the mapper that {@link RpcJsonMapper} makes.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcJsonTypes {

	private final JsonMapper mapper;

	/**
	 * Creates the types of a mapper.
	 * @param mapper a mapper of {@link RpcJsonMapper}
	 */
	public RpcJsonTypes(JsonMapper mapper) {
		this.mapper = mapper;
	}

	/**
	 * The type of a value, with {@code @Unsigned} and {@code @FixedLength} at any depth.
	 * @param type the annotated type
	 * @return the type for readers and writers of the mapper
	 * @throws UnsupportedTypeException if JSON cannot express the type, or if a peer
	 * could choose a class to create
	 */
	public JavaType of(AnnotatedType type) {
		JavaType bare = this.mapper.constructType(type.getType());
		JavaType result = GoTypes.of(bare, type, false, GoType.ANY_LENGTH);
		new SafeTypes(this.mapper).check(result);
		return result;
	}

	/**
	 * The type of several values as the members of one object: in Java an
	 * {@code Object[]} with one element for each member.
	 * @param names the names of the members
	 * @param types their types, made by {@link #of}
	 * @return the type
	 */
	public JavaType struct(List<String> names, List<JavaType> types) {
		return new StructType(names, types);
	}

	/**
	 * The text of the zero value of a type: {@code 0}, {@code ""}, an empty list or map,
	 * an object whose members are zero. Never {@code null}, except for types without a
	 * zero value, such as {@code Object}.
	 * @param type a type made by this class
	 * @return the text
	 */
	public String zero(JavaType type) {
		return new ZeroValues(this.mapper).of(type);
	}

	/**
	 * Why values of a type can be written only, not read: which class cannot be made, and
	 * what would help.
	 * @param type a type made by this class
	 * @return the reason, or null if values can be read
	 */
	public @Nullable String whyNotReadable(JavaType type) {
		return new ReadableTypes(this.mapper).whyNot(type);
	}

	/**
	 * The type as Go would write it.
	 * @param type a type made by this class
	 * @return the Go type, such as {@code []int64}
	 */
	public String goName(JavaType type) {
		return GoNames.of(type);
	}

	/**
	 * What memory a value of a type may take at most.
	 * @param type a type made by this class
	 * @return its weight
	 */
	public TypeWeight weight(JavaType type) {
		return TypeWeight.of(this.mapper, type);
	}

	private static String came(MismatchedInputException mismatch) {
		JsonToken token = mismatch.getCurrentToken();
		if (mismatch instanceof InvalidFormatException invalid && invalid.getValue() instanceof String text) {
			if (token == JsonToken.PROPERTY_NAME) {
				return "the key " + ReceivedText.quote(text);
			}
			// Of base64 Jackson tells the piece that it came to.
			if (token == JsonToken.VALUE_STRING && mismatch.getTargetType() != byte[].class) {
				return "string " + ReceivedText.quote(text);
			}
		}
		return GoMismatchException.name(token);
	}

	// Of a number in an array of primitives, Jackson names the array.
	private static @Nullable Class<?> target(MismatchedInputException mismatch) {
		List<JacksonException.Reference> path = mismatch.getPath();
		Object container = path.isEmpty() ? null : path.get(path.size() - 1).from();
		Class<?> component = (container != null) ? container.getClass().getComponentType() : null;
		return (component != null && component.isPrimitive()) ? component : mismatch.getTargetType();
	}

	/**
	 * Why a text could not be read, for the caller to see: what came, what was expected,
	 * where; without names of classes.
	 * @param failure what a reader threw
	 * @return the reason
	 */
	public static String reason(JacksonException failure) {
		StringBuilder reason = new StringBuilder("json: ");
		String path = ReceivedPath.of(failure.getPath());
		if (!path.isEmpty()) {
			reason.append(path).append(": ");
		}
		if (failure instanceof GoMismatchException mismatch) {
			return reason.append(mismatch.reason()).toString();
		}
		if (failure instanceof StreamConstraintsException) {
			return reason.append(ExceededLimit.describe(failure.getOriginalMessage())).toString();
		}
		if (refusal(failure) != null) {
			return reason.append("value refused by its type").toString();
		}
		if (failure instanceof MismatchedInputException mismatch) {
			return reason.append(came(mismatch))
				.append(" (expected: ")
				.append(GoNames.expected(target(mismatch)))
				.append(')')
				.toString();
		}
		return reason.append("cannot be read").toString();
	}

	/**
	 * What code of the application threw when it was given what had been read.
	 * @param failure what a reader threw
	 * @return what it threw, or null if it was not the application's code that failed
	 */
	public static @Nullable Throwable refusal(JacksonException failure) {
		if (failure instanceof MismatchedInputException || failure instanceof StreamReadException) {
			return null;
		}
		Throwable cause = failure.getCause();
		while (cause instanceof JacksonException inner && inner.getCause() != null) {
			cause = inner.getCause();
		}
		return (cause instanceof JacksonException) ? null : cause;
	}

}
