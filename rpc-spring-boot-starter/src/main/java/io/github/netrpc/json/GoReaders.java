package io.github.netrpc.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.ReferenceType;
import tools.jackson.databind.util.AccessPattern;

/**
 * The readers for the types that Go reads otherwise than Jackson.
 */
final class GoReaders implements Deserializers {

	/** As decimal128's: what is computed with larger ones may take all memory. */
	private static final int MAX_EXPONENT = 6_144;

	private final Map<Class<?>, ValueDeserializer<?>> scalars = new HashMap<>();

	GoReaders() {
		integers();
		this.scalars.put(float.class, scalar(GoReaders::readFloat, "a float32", 0f));
		this.scalars.put(Float.class, scalar(GoReaders::readFloat, "a float32", null));
		this.scalars.put(double.class, scalar(GoReaders::readDouble, "a float64", 0d));
		this.scalars.put(Double.class, scalar(GoReaders::readDouble, "a float64", null));
		// For the numbers in a value of declared type Object.
		this.scalars.put(Number.class, scalar(GoReaders::readNumber, "a float64", null));
		this.scalars.put(boolean.class, scalar(GoReaders::readBoolean, "a bool", false));
		this.scalars.put(Boolean.class, scalar(GoReaders::readBoolean, "a bool", null));
		this.scalars.put(String.class, new NullableReader(String.class, GoReaders::readString, "a string", ""));
		this.scalars.put(BigInteger.class, scalar(GoReaders::readBigInteger, "an integer", null));
		this.scalars.put(BigDecimal.class, new DecimalReader());
		this.scalars.put(Duration.class,
				new NullableReader(Duration.class, GoReaders::readDuration, "nanoseconds", Duration.ZERO));
		this.scalars.put(OffsetDateTime.class, scalar(GoReaders::readTime, "a time in RFC 3339", null));
		this.scalars.put(Instant.class, scalar(GoReaders::readInstant, "a time in RFC 3339", null));
	}

	private void integers() {
		this.scalars.put(byte.class, new IntegerReader(byte.class, false));
		this.scalars.put(Byte.class, new IntegerReader(Byte.class, false));
		this.scalars.put(short.class, new IntegerReader(short.class, false));
		this.scalars.put(Short.class, new IntegerReader(Short.class, false));
		this.scalars.put(int.class, new IntegerReader(int.class, false));
		this.scalars.put(Integer.class, new IntegerReader(Integer.class, false));
		this.scalars.put(long.class, new IntegerReader(long.class, false));
		this.scalars.put(Long.class, new IntegerReader(Long.class, false));
	}

	@Override
	public @Nullable ValueDeserializer<?> findBeanDeserializer(JavaType type, DeserializationConfig config,
			BeanDescription.Supplier description) {
		if (type instanceof StructType struct) {
			return new StructReader(struct);
		}
		if (type instanceof GoType go) {
			if (go.unsigned()) {
				return go.bare().isArrayType()
						? new IntegerArrayReader(go.getRawClass().getComponentType(), go.length())
						: new IntegerReader(go.getRawClass(), true);
			}
			return new FixedLengthReader(go.bare(), go.length());
		}
		return this.scalars.get(type.getRawClass());
	}

	@Override
	public @Nullable ValueDeserializer<?> findArrayDeserializer(ArrayType type, DeserializationConfig config,
			BeanDescription.Supplier description, @Nullable TypeDeserializer typeReader,
			@Nullable ValueDeserializer<?> elementReader) {
		Class<?> element = type.getContentType().getRawClass();
		if (element == double.class || element == float.class) {
			return new FloatArrayReader(element == float.class);
		}
		return null;
	}

	@Override
	public @Nullable ValueDeserializer<?> findReferenceDeserializer(ReferenceType type, DeserializationConfig config,
			BeanDescription.Supplier description, @Nullable TypeDeserializer typeReader,
			@Nullable ValueDeserializer<?> contentReader) {
		return type.hasRawClass(Optional.class) ? new OptionalReader(type, null, typeReader, contentReader) : null;
	}

	@Override
	public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
		return this.scalars.containsKey(type);
	}

	static @Nullable Object readFloat(JsonParser parser) {
		if (!parser.currentToken().isNumeric()) {
			return null;
		}
		float value = isNegativeZero(parser) ? -0f : parser.getFloatValue();
		return Float.isInfinite(value) ? null : value;
	}

	static @Nullable Object readDouble(JsonParser parser) {
		if (!parser.currentToken().isNumeric()) {
			return null;
		}
		double value = isNegativeZero(parser) ? -0d : parser.getDoubleValue();
		return Double.isInfinite(value) ? null : value;
	}

	private static @Nullable Object readNumber(JsonParser parser) {
		return (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && !isNegativeZero(parser))
				? parser.getNumberValue() : readDouble(parser);
	}

	// Go writes -0 without a point, which Jackson takes for the integer 0.
	private static boolean isNegativeZero(JsonParser parser) {
		return parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getStringLength() == 2
				&& parser.getString().equals("-0");
	}

	private static @Nullable Object readBoolean(JsonParser parser) {
		JsonToken token = parser.currentToken();
		return (token == JsonToken.VALUE_TRUE) ? Boolean.TRUE : (token == JsonToken.VALUE_FALSE) ? Boolean.FALSE : null;
	}

	private static @Nullable Object readString(JsonParser parser) {
		return (parser.currentToken() == JsonToken.VALUE_STRING) ? parser.getString() : null;
	}

	private static @Nullable Object readBigInteger(JsonParser parser) {
		return (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) ? parser.getBigIntegerValue() : null;
	}

	private static @Nullable Object readBigDecimal(JsonParser parser) {
		if (parser.currentToken().isNumeric()) {
			return bounded(parser.getDecimalValue());
		}
		if (parser.currentToken() != JsonToken.VALUE_STRING) {
			return null;
		}
		String text = parser.getString();
		parser.streamReadConstraints().validateFPLength(text.length());
		try {
			return bounded(new BigDecimal(text));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable BigDecimal bounded(BigDecimal number) {
		long exponent = (long) number.precision() - number.scale() - 1;
		return (Math.abs(exponent) <= MAX_EXPONENT) ? number : null;
	}

	private static @Nullable Object readDuration(JsonParser parser) {
		Long nanos = IntegerReader.read(parser, Long.MIN_VALUE, Long.MAX_VALUE);
		return (nanos != null) ? Duration.ofNanos(nanos) : null;
	}

	private static @Nullable Object readTime(JsonParser parser) {
		if (parser.currentToken() != JsonToken.VALUE_STRING) {
			return null;
		}
		try {
			return GoTimes.parse(parser.getString());
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static @Nullable Object readInstant(JsonParser parser) {
		OffsetDateTime time = (OffsetDateTime) readTime(parser);
		return (time != null) ? time.toInstant() : null;
	}

	private static ValueDeserializer<?> scalar(ScalarFunction function, String expected, @Nullable Object zero) {
		return new ScalarReader(function, expected, zero);
	}

	/** Reads the current token, or returns null if it does not fit. */
	@FunctionalInterface
	interface ScalarFunction {

		@Nullable Object read(JsonParser parser);

	}

	/** Reads one token. Absent and null are the zero value, for types that have one. */
	private static class ScalarReader extends ValueDeserializer<Object> {

		private final ScalarFunction function;

		private final String expected;

		private final @Nullable Object zero;

		ScalarReader(ScalarFunction function, String expected, @Nullable Object zero) {
			this.function = function;
			this.expected = expected;
			this.zero = zero;
		}

		@Override
		public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
			Object value = this.function.read(parser);
			if (value == null) {
				throw GoMismatchException.token(parser, this.expected);
			}
			return value;
		}

		@Override
		public @Nullable Object getNullValue(DeserializationContext context) {
			return this.zero;
		}

		@Override
		public @Nullable Object getAbsentValue(DeserializationContext context) {
			return this.zero;
		}

		@Override
		public AccessPattern getNullAccessPattern() {
			return AccessPattern.CONSTANT;
		}

	}

	/**
	 * Reads an object that has a zero value. A null stays null if the member is declared
	 * {@code @Nullable}.
	 */
	private static final class NullableReader extends ScalarReader {

		private final Class<?> type;

		private final ScalarReader keepingNull;

		NullableReader(Class<?> type, ScalarFunction function, String expected, Object zero) {
			super(function, expected, zero);
			this.type = type;
			this.keepingNull = new ScalarReader(function, expected, zero) {

				@Override
				public @Nullable Object getNullValue(DeserializationContext context) {
					return null;
				}

			};
		}

		@Override
		public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
			// The property of an element is that of the list around it.
			return (property != null && property.getType().hasRawClass(this.type)
					&& EmptyContainers.isNullable(property)) ? this.keepingNull : this;
		}

	}

	/** Reads a number in a string; Go's zero, the empty string, is null. */
	private static final class DecimalReader extends ScalarReader {

		DecimalReader() {
			super(GoReaders::readBigDecimal, "a number in a string, its exponent from -6144 to 6144", null);
		}

		@Override
		public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
			if (parser.currentToken() == JsonToken.VALUE_STRING && parser.getStringLength() == 0) {
				return null;
			}
			return super.deserialize(parser, context);
		}

	}

}
