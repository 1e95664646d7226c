package io.github.netrpc.json;

import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

import io.github.netrpc.gob.ReceivedText;

/**
 * Types as Go would write them, for people. For start-up and error texts only.
 */
final class GoNames {

	private static final Map<Class<?>, String> NAMES = Map.ofEntries(Map.entry(boolean.class, "bool"),
			Map.entry(Boolean.class, "bool"), Map.entry(float.class, "float32"), Map.entry(Float.class, "float32"),
			Map.entry(double.class, "float64"), Map.entry(Double.class, "float64"), Map.entry(byte.class, "int8"),
			Map.entry(Byte.class, "int8"), Map.entry(short.class, "int16"), Map.entry(Short.class, "int16"),
			Map.entry(int.class, "int32"), Map.entry(Integer.class, "int32"), Map.entry(long.class, "int64"),
			Map.entry(Long.class, "int64"), Map.entry(String.class, "string"), Map.entry(byte[].class, "[]byte"),
			Map.entry(Duration.class, "time.Duration"), Map.entry(Instant.class, "time.Time"),
			Map.entry(OffsetDateTime.class, "time.Time"), Map.entry(BigInteger.class, "*big.Int"),
			Map.entry(Object.class, "interface {}"));

	private GoNames() {
	}

	/**
	 * What a class is in JSON, for the caller to see: never the name of the class.
	 * @param type the class that a reader of Jackson's own was to make, if it said so
	 * @return the kind of value, with its article
	 */
	static String expected(@Nullable Class<?> type) {
		if (type == null) {
			return "a value of another type";
		}
		if (type.isEnum()) {
			return "one of " + ReceivedText.names(names(type));
		}
		if (type == byte[].class) {
			return "base64 in a string";
		}
		if (type.isArray() || Collection.class.isAssignableFrom(type)) {
			return "a list";
		}
		if (type == UUID.class) {
			return "hexadecimal digits, 8-4-4-4-12, in a string";
		}
		if (type == Object.class) {
			return "any value";
		}
		String name = NAMES.get(type);
		if (name != null) {
			return (name.startsWith("int") ? "an " : "a ") + name;
		}
		return (type.getName().startsWith("java.") && !Map.class.isAssignableFrom(type)) ? "another value"
				: "an object";
	}

	// The names of constants as Jackson takes them, unless a mix-in renames them.
	private static List<String> names(Class<?> type) {
		return Stream.of(type.getFields()).filter(Field::isEnumConstant).map((constant) -> {
			JsonProperty renamed = constant.getAnnotation(JsonProperty.class);
			return (renamed != null && !renamed.value().isEmpty()) ? renamed.value() : constant.getName();
		}).toList();
	}

	static String of(JavaType type) {
		if (type instanceof StructType struct) {
			return IntStream.range(0, struct.names().size())
				.mapToObj((i) -> struct.names().get(i) + " " + of(struct.types().get(i)))
				.collect(Collectors.joining("; ", "struct { ", " }"));
		}
		if (type instanceof GoType go) {
			if (go.bare().isContainerType()) {
				return ((go.length() >= 0) ? "[" + go.length() + "]" : "[]") + (go.unsigned() ? "u" : "")
						+ of(go.bare().getContentType());
			}
			return "u" + of(go.bare());
		}
		String name = NAMES.get(type.getRawClass());
		if (name != null) {
			return name;
		}
		if (type.isMapLikeType()) {
			return "map[" + of(type.getKeyType()) + "]" + of(type.getContentType());
		}
		if (type.isContainerType()) {
			return "[]" + of(type.getContentType());
		}
		if (type.isReferenceType()) {
			return "*" + of(type.getContentType());
		}
		Class<?> raw = type.getRawClass();
		return (type.isEnumType() || raw == UUID.class || raw == BigDecimal.class) ? "string" : raw.getSimpleName();
	}

}
