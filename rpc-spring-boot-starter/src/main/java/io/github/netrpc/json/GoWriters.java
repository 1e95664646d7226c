package io.github.netrpc.json;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.type.ArrayType;

import io.github.netrpc.type.Complex;

/**
 * The writers for the types that Go writes otherwise than Jackson.
 */
final class GoWriters implements Serializers {

	private final Map<Class<?>, ValueSerializer<?>> scalars = new HashMap<>();

	GoWriters() {
		ValueSerializer<?> doubles = scalar((value, out) -> writeDouble((Double) value, out));
		this.scalars.put(double.class, doubles);
		this.scalars.put(Double.class, doubles);
		ValueSerializer<?> floats = scalar((value, out) -> writeFloat((Float) value, out));
		this.scalars.put(float.class, floats);
		this.scalars.put(Float.class, floats);
		this.scalars.put(BigDecimal.class, scalar((value, out) -> out.writeString(value.toString())));
		this.scalars.put(Duration.class, scalar((value, out) -> out.writeNumber(((Duration) value).toNanos())));
		this.scalars.put(OffsetDateTime.class,
				scalar((value, out) -> out.writeString(GoTimes.toString((OffsetDateTime) value))));
		this.scalars.put(Instant.class, scalar((value, out) -> out.writeString(GoTimes.toString((Instant) value))));
		this.scalars.put(Object.class, new AnyWriter());
	}

	@Override
	public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, JsonFormat.@Nullable Value format) {
		if (type instanceof StructType struct) {
			return new StructWriter(struct);
		}
		if (type instanceof GoType go) {
			if (go.unsigned()) {
				return go.bare().isArrayType() ? new IntegerArrayWriter(go.length()) : new UnsignedWriter();
			}
			return new FixedLengthWriter(go.bare(), go.length());
		}
		if (type.getRawClass() == Complex.class) {
			throw new io.github.netrpc.type.UnsupportedTypeException(
					"Complex in JSON (expected: a type that JSON can express; complex numbers need gob)");
		}
		return this.scalars.get(type.getRawClass());
	}

	@Override
	public @Nullable ValueSerializer<?> findArraySerializer(SerializationConfig config, ArrayType type,
			BeanDescription.Supplier description, JsonFormat.@Nullable Value format,
			@Nullable TypeSerializer typeWriter, @Nullable ValueSerializer<Object> elementWriter) {
		Class<?> element = type.getContentType().getRawClass();
		if (element == double.class) {
			return scalar((value, out) -> {
				out.writeStartArray();
				for (double each : (double[]) value) {
					writeDouble(each, out);
				}
				out.writeEndArray();
			});
		}
		if (element == float.class) {
			return scalar((value, out) -> {
				out.writeStartArray();
				for (float each : (float[]) value) {
					writeFloat(each, out);
				}
				out.writeEndArray();
			});
		}
		return null;
	}

	private static void writeDouble(double value, JsonGenerator out) {
		if (Double.isNaN(value) || Double.isInfinite(value)) {
			throw unwritable(value, out);
		}
		if (value == (int) value && (value != 0 || 1 / value > 0)) {
			out.writeNumber((int) value);
			return;
		}
		out.writeNumber(GoFloats.toString(value));
	}

	private static void writeFloat(float value, JsonGenerator out) {
		if (Float.isNaN(value) || Float.isInfinite(value)) {
			throw unwritable(value, out);
		}
		out.writeNumber(GoFloats.toString(value));
	}

	private static InvalidDefinitionException unwritable(double value, JsonGenerator out) {
		return InvalidDefinitionException.from(out, value + " (expected: a finite number, as JSON has no other)",
				(JavaType) null);
	}

	private static ValueSerializer<Object> scalar(BiConsumer<Object, JsonGenerator> function) {
		return new ValueSerializer<>() {

			@Override
			public void serialize(Object value, JsonGenerator out, SerializationContext context) {
				function.accept(value, out);
			}

			@Override
			public void serializeWithType(Object value, JsonGenerator out, SerializationContext context,
					TypeSerializer typeWriter) {
				function.accept(value, out);
			}

		};
	}

	/** Writes whatever the value is, as Go does for an interface. */
	private static final class AnyWriter extends ValueSerializer<Object> {

		@Override
		public void serialize(Object value, JsonGenerator out, SerializationContext context) {
			if (value.getClass() == Object.class) {
				out.writeStartObject();
				out.writeEndObject();
				return;
			}
			context.findTypedValueSerializer(value.getClass(), true).serialize(value, out, context);
		}

	}

	/** Writes all bits of an integer as a magnitude. */
	static final class UnsignedWriter extends ValueSerializer<Object> {

		@Override
		public void serialize(Object value, JsonGenerator out, SerializationContext context) {
			if (value instanceof Long bits && bits < 0) {
				out.writeNumber(Long.toUnsignedString(bits));
				return;
			}
			out.writeNumber(magnitude(value));
		}

		static long magnitude(Object value) {
			if (value instanceof Long bits) {
				return bits;
			}
			if (value instanceof Integer bits) {
				return Integer.toUnsignedLong(bits);
			}
			return (value instanceof Short bits) ? Short.toUnsignedInt(bits) : Byte.toUnsignedInt((Byte) value);
		}

	}

}
