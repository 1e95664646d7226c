package io.github.netrpc.json;

import java.math.BigInteger;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.util.AccessPattern;

/**
 * Reads an integer of one width, signed or unsigned, written in plain digits.
 */
final class IntegerReader extends ValueDeserializer<Object> {

	private final int bits;

	private final boolean unsigned;

	private final @Nullable Object zero;

	IntegerReader(Class<?> type, boolean unsigned) {
		this.bits = bits(type);
		this.unsigned = unsigned;
		this.zero = type.isPrimitive() ? box(0, this.bits) : null;
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		return box(read(parser, this.bits, this.unsigned), this.bits);
	}

	static Object box(long value, int bits) {
		return switch (bits) {
			case 8 -> (byte) value;
			case 16 -> (short) value;
			case 32 -> (int) value;
			default -> value;
		};
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

	static int bits(Class<?> type) {
		if (type == byte.class || type == Byte.class) {
			return 8;
		}
		if (type == short.class || type == Short.class) {
			return 16;
		}
		return (type == int.class || type == Integer.class) ? 32 : 64;
	}

	// Reads the current token.
	static long read(JsonParser parser, int bits, boolean unsigned) {
		if (unsigned && bits == 64) {
			return readUnsignedLong(parser);
		}
		long least = unsigned ? 0 : -1L << (bits - 1);
		long most = unsigned ? -1L >>> (64 - bits) : -1L >>> (65 - bits);
		Long value = read(parser, least, most);
		if (value == null) {
			throw mismatch(parser, bits, unsigned);
		}
		return value;
	}

	// Reads the current token, or returns null if it is no integer in the range.
	static @Nullable Long read(JsonParser parser, long least, long most) {
		if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
				|| parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
			return null;
		}
		long value = parser.getLongValue();
		return (value >= least && value <= most) ? value : null;
	}

	private static long readUnsignedLong(JsonParser parser) {
		if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
			if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
				long value = parser.getLongValue();
				if (value >= 0) {
					return value;
				}
			}
			else {
				BigInteger value = parser.getBigIntegerValue();
				if (value.signum() > 0 && value.bitLength() <= 64) {
					return value.longValue();
				}
			}
		}
		throw mismatch(parser, 64, true);
	}

	private static GoMismatchException mismatch(JsonParser parser, int bits, boolean unsigned) {
		return GoMismatchException.token(parser, (unsigned ? "a uint" : "an int") + bits);
	}

}
