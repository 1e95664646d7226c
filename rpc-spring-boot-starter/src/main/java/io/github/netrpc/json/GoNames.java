package io.github.netrpc.json;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import tools.jackson.databind.JavaType;

/**
 * Types as Go would write them, for people. For start-up only.
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
		return TypeWalk.isStruct(type) ? type.getRawClass().getSimpleName() : "string";
	}

}
