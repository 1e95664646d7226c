package io.github.netrpc.gob;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

import io.github.netrpc.type.Complex;

/**
 * Compares values with the notation of the vectors.
 */
public final class Notation {

	private final Gob gob;

	/** Field names of shapes without a class. */
	private final List<String> shape;

	/** Whether values without target are compared. */
	private final boolean wire;

	public Notation(Gob gob, List<String> shape, boolean wire) {
		this.gob = gob;
		this.wire = wire;
		this.shape = shape;
	}

	/** The first difference, or null. */
	public String difference(JsonNode expected, Object actual) {
		return difference("", expected, actual);
	}

	private String difference(String path, JsonNode expected, Object actual) {
		Object value = (actual instanceof Optional<?> optional) ? optional.orElse(null) : actual;
		if (expected.isNull()) {
			boolean none = value == null || isEmpty(value);
			return none ? null : path + ": expected nil, but was " + value;
		}
		if (value == null) {
			return path + ": expected " + expected + ", but was null";
		}
		if (value instanceof DynamicReader.Interface named) {
			if (!expected.path("$iface").asString("").equals(named.name())) {
				return path + ": expected " + expected + ", but was named " + named.name();
			}
			return difference(path + ".value", expected.get("value"), named.value());
		}
		if (expected.has("$iface")) {
			String name = this.gob.named(value.getClass()).name();
			if (!name.equals(expected.get("$iface").asString())) {
				return path + ": expected " + expected + ", but would be named " + name;
			}
			return difference(path + ".value", expected.get("value"), value);
		}
		if (expected.isIntegralNumber()) {
			return integer(path, expected.bigIntegerValue(), value);
		}
		if (expected.isArray()) {
			return list(path, expected, value);
		}
		if (expected.has("$map")) {
			return map(path, expected.get("$map"), value);
		}
		if (expected.isObject()
				&& !(expected.size() > 0 && expected.propertyNames().iterator().next().startsWith("$"))) {
			return struct(path, expected, value);
		}
		Object shown = (value instanceof DynamicReader.Opaque opaque) ? hex(opaque.bytes()) : value;
		return scalar(expected, value) ? null : path + ": expected " + expected + ", but was " + shown;
	}

	private static boolean isEmpty(Object value) {
		return (value instanceof Collection<?> collection && collection.isEmpty())
				|| (value instanceof Map<?, ?> map && map.isEmpty())
				|| (value instanceof DynamicReader.Entries entries && entries.keysAndValues().isEmpty())
				|| (value.getClass().isArray() && Array.getLength(value) == 0);
	}

	private static String integer(String path, BigInteger expected, Object value) {
		BigInteger number = null;
		if (value instanceof DynamicReader.Unsigned unsigned) {
			number = GobInput.unsigned(unsigned.bits());
		}
		else if (value instanceof Duration duration) {
			number = BigInteger.valueOf(duration.toNanos());
		}
		else if (value instanceof BigInteger big) {
			number = big;
		}
		else if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
			number = BigInteger.valueOf(((Number) value).longValue());
		}
		// What is declared @Unsigned has the bits of its width.
		boolean same = expected.equals(number)
				|| (number != null && number.signum() < 0 && !(value instanceof BigInteger)
						&& expected.equals(number.add(BigInteger.ONE.shiftLeft(width(value)))));
		return same ? null : path + ": expected " + expected + ", but was " + value;
	}

	private static int width(Object value) {
		return (value instanceof Byte) ? Byte.SIZE
				: (value instanceof Short) ? Short.SIZE : (value instanceof Integer) ? Integer.SIZE : Long.SIZE;
	}

	private boolean scalar(JsonNode expected, Object value) {
		if (expected.isBoolean()) {
			return value.equals(expected.asBoolean());
		}
		if (expected.has("$bytestring")) {
			byte[] bytes = HexFormat.of().parseHex(expected.get("$bytestring").asString());
			return this.wire && value.equals(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
		}
		if (expected.isString()) {
			return value.equals(expected.asString());
		}
		if (expected.isFloatingPointNumber() || expected.has("$float")) {
			return value instanceof Number number && number(expected, number.doubleValue());
		}
		if (expected.has("$complex")) {
			return value instanceof Complex complex && number(expected.get("$complex").get(0), complex.re())
					&& number(expected.get("$complex").get(1), complex.im());
		}
		if (expected.has("$bytes")) {
			return value instanceof byte[] bytes && hex(bytes).equals(expected.get("$bytes").asString());
		}
		if (expected.has("$opaque")) {
			byte[] bytes = (value instanceof GoTypes.Opaque opaque) ? opaque.bytes()
					: (value instanceof DynamicReader.Opaque opaque) ? opaque.bytes()
							: (value instanceof OffsetDateTime time) ? GoValues.OFFSET_DATE_TIME.encode().apply(time)
									: null;
			return bytes != null && hex(bytes).equals(expected.get("$opaque").asString());
		}
		if (expected.has("$bigint")) {
			return value instanceof BigInteger big && big.toString().equals(expected.get("$bigint").asString());
		}
		if (expected.has("$time")) {
			// The notation has no seconds in offsets, and local time
			OffsetDateTime wanted = OffsetDateTime.parse(expected.get("$time").asString());
			return value instanceof OffsetDateTime time && time.toLocalDateTime().equals(wanted.toLocalDateTime())
					&& time.getOffset().getTotalSeconds() / 60 == wanted.getOffset().getTotalSeconds() / 60;
		}
		return false;
	}

	private static boolean number(JsonNode expected, double value) {
		if (expected.has("$float")) {
			return switch (expected.get("$float").asString()) {
				case "NaN" -> Double.isNaN(value);
				case "+Inf" -> value == Double.POSITIVE_INFINITY;
				case "-Inf" -> value == Double.NEGATIVE_INFINITY;
				default -> Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(-0.0);
			};
		}
		return Double.doubleToRawLongBits(expected.asDouble()) == Double.doubleToRawLongBits(value);
	}

	private String list(String path, JsonNode expected, Object value) {
		List<Object> elements = new ArrayList<>();
		if (value instanceof Collection<?> collection) {
			elements.addAll(collection);
		}
		else if (value.getClass().isArray()) {
			for (int i = 0; i < Array.getLength(value); i++) {
				elements.add(Array.get(value, i));
			}
		}
		else {
			return path + ": expected " + expected + ", but was " + value;
		}
		if (elements.size() != expected.size()) {
			return path + ": expected " + expected + ", but was " + elements;
		}
		for (int i = 0; i < elements.size(); i++) {
			String difference = difference(path + "[" + i + "]", expected.get(i), elements.get(i));
			if (difference != null) {
				return difference;
			}
		}
		return null;
	}

	private String map(String path, JsonNode entries, Object value) {
		List<Object> keysAndValues = new ArrayList<>();
		if (value instanceof Map<?, ?> map) {
			map.forEach((k, v) -> {
				keysAndValues.add(k);
				keysAndValues.add(v);
			});
		}
		else if (value instanceof DynamicReader.Entries dynamic) {
			keysAndValues.addAll(dynamic.keysAndValues());
		}
		if (keysAndValues.size() != 2 * entries.size()) {
			return path + ": expected " + entries + ", but was " + value;
		}
		for (int i = 0; i < keysAndValues.size(); i++) {
			String difference = difference(path + "{}", entries.get(i / 2).get(i % 2), keysAndValues.get(i));
			if (difference != null) {
				return difference;
			}
		}
		return null;
	}

	private String struct(String path, JsonNode expected, Object value) {
		if (value instanceof DynamicReader.Struct struct) {
			if (!List.copyOf(struct.fields().keySet()).equals(List.copyOf(expected.propertyNames()))) {
				return path + ": expected " + expected + ", but was " + struct.fields();
			}
			return fields(path, expected, struct.fields()::get);
		}
		if (value instanceof Object[] fields) {
			return fields(path, expected, (name) -> fields[this.shape.indexOf(name)]);
		}
		if (!value.getClass().isRecord()) {
			return path + ": expected " + expected + ", but was " + value;
		}
		return fields(path, expected, (name) -> component(value, name));
	}

	private String fields(String path, JsonNode expected, java.util.function.Function<String, Object> values) {
		for (String name : expected.propertyNames()) {
			String difference = difference(path + "." + name, expected.get(name), values.apply(name));
			if (difference != null) {
				return difference;
			}
		}
		return null;
	}

	private static Object component(Object value, String name) {
		for (RecordComponent component : value.getClass().getRecordComponents()) {
			if (component.getName().equalsIgnoreCase(name)) {
				try {
					component.getAccessor().setAccessible(true);
					return component.getAccessor().invoke(value);
				}
				catch (ReflectiveOperationException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}
		throw new IllegalStateException("No component " + name + " in " + value);
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

}
