package io.github.netrpc.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * The texts of zero values. For start-up only.
 */
final class ZeroValues {

	private static final Set<Class<?>> STRINGS = Set.of(String.class, byte[].class);

	private final TypeWalk walk;

	ZeroValues(JsonMapper mapper) {
		this.walk = new TypeWalk(mapper);
	}

	// The zero value of a type that stands alone: boxes and objects have one, too.
	String of(JavaType type) {
		if (type instanceof StructType struct) {
			return IntStream.range(0, struct.names().size())
				.mapToObj((i) -> member(struct.names().get(i), struct.types().get(i)))
				.collect(Collectors.joining(",", "{", "}"));
		}
		if (type.isReferenceType()) {
			return of(type.getContentType());
		}
		if (type.getRawClass() == UUID.class) {
			return "\"" + new UUID(0, 0) + "\"";
		}
		if (type.getRawClass() == BigDecimal.class) {
			return "\"0\"";
		}
		if (type.getRawClass() == OffsetDateTime.class || type.getRawClass() == Instant.class) {
			return "\"" + GoTimes.toString(GoTimes.ZERO) + "\"";
		}
		if (Number.class.isAssignableFrom(type.getRawClass()) || type.getRawClass() == Duration.class
				|| type.getRawClass() == BigInteger.class) {
			return "0";
		}
		if (type.getRawClass() == Boolean.class) {
			return "false";
		}
		if (type.isEnumType()) {
			return "\"\"";
		}
		if (TypeWalk.isStruct(type)) {
			return this.walk.properties(type)
				.stream()
				.map((property) -> member(property.name(), property.type()))
				.collect(Collectors.joining(",", "{", "}"));
		}
		return inside(type);
	}

	private String member(String name, JavaType type) {
		return "\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(name)) + "\":" + inside(type);
	}

	// The zero value of a type inside another: what may be absent is null.
	private String inside(JavaType type) {
		Class<?> raw = type.getRawClass();
		if (type instanceof GoType go && go.length() >= 0) {
			String element = inside(go.bare().getContentType());
			return IntStream.range(0, go.length()).mapToObj((i) -> element).collect(Collectors.joining(",", "[", "]"));
		}
		if (STRINGS.contains(raw)) {
			return "\"\"";
		}
		if (raw == boolean.class) {
			return "false";
		}
		if (type.isPrimitive() || raw == Duration.class) {
			return "0";
		}
		if (type.isMapLikeType()) {
			return "{}";
		}
		return (type.isContainerType() || raw.isArray()) ? "[]" : "null";
	}

}
