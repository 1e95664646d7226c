package io.github.netrpc.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The types of Java itself that have a counterpart in Go, which are those that gob takes.
 * A list of what is allowed: Jackson reads many more, among them {@code Class}, by which
 * a peer would choose the class to load.
 */
final class KnownTypes {

	private static final Set<Class<?>> TYPES = Set.of(boolean.class, Boolean.class, byte.class, Byte.class, short.class,
			Short.class, int.class, Integer.class, long.class, Long.class, float.class, Float.class, double.class,
			Double.class, String.class, BigInteger.class, BigDecimal.class, Duration.class, Instant.class,
			OffsetDateTime.class, UUID.class, Object.class, Optional.class, OptionalInt.class, OptionalLong.class,
			OptionalDouble.class);

	private KnownTypes() {
	}

	// Whether a type is known, or the application's own.
	static boolean isKnown(Class<?> type) {
		return TYPES.contains(type) || type.isEnum() || type.isArray() || isContainer(type) || !isOfJava(type);
	}

	private static boolean isContainer(Class<?> type) {
		return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
	}

	// Jackson's own types are no better: it reads its JavaType from the names of classes.
	private static boolean isOfJava(Class<?> type) {
		ClassLoader loader = type.getClassLoader();
		String name = type.getName();
		return loader == null || loader == ClassLoader.getPlatformClassLoader() || name.startsWith("javax.")
				|| name.startsWith("jdk.") || name.startsWith("tools.jackson.");
	}

	// Why a type is not known, and what would do.
	static String whyNot(Class<?> type) {
		if (type == char.class || type == Character.class) {
			return "Go has no char; use String, or int for a code point";
		}
		if (type == Class.class) {
			return "a peer could name the class to load; use String";
		}
		return "JSON has no counterpart for it; " + instead(type);
	}

	private static String instead(Class<?> type) {
		if (Iterable.class == type || Iterator.class.isAssignableFrom(type)
				|| type.getName().startsWith("java.util.stream.")) {
			return "use List";
		}
		if (type.getName().startsWith("java.time.") || Date.class.isAssignableFrom(type)
				|| Calendar.class.isAssignableFrom(type)) {
			return "use Instant or OffsetDateTime (time.Time), Duration, or String";
		}
		if (Number.class.isAssignableFrom(type)) {
			return "use int, long, double, BigInteger or BigDecimal";
		}
		return "use a record or String, or give the mapper a reader and a writer of your own "
				+ "(RpcJsonMapperCustomizer)";
	}

}
