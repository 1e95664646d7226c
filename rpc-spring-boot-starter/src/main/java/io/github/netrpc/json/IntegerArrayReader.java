package io.github.netrpc.json;

import java.util.Arrays;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.util.AccessPattern;

/**
 * Reads an array of unsigned integers from a list of numbers.
 */
final class IntegerArrayReader extends ValueDeserializer<Object> {

	private static final int FIRST_LENGTH = 16;

	private final int bits;

	private final int length;

	IntegerArrayReader(Class<?> element, int length) {
		this.bits = IntegerReader.bits(element);
		this.length = length;
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() != JsonToken.START_ARRAY) {
			throw GoMismatchException.token(parser, "a list of integers");
		}
		long[] values = new long[FIRST_LENGTH];
		int count = 0;
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			if (count == values.length) {
				values = Arrays.copyOf(values, 2 * count);
			}
			values[count++] = (parser.currentToken() == JsonToken.VALUE_NULL) ? 0
					: IntegerReader.read(parser, this.bits, true);
		}
		FixedLengthReader.check(parser, count, this.length);
		return narrow(values, count);
	}

	private Object narrow(long[] values, int count) {
		return switch (this.bits) {
			case 8 -> bytes(values, count);
			case 16 -> shorts(values, count);
			case 32 -> ints(values, count);
			default -> Arrays.copyOf(values, count);
		};
	}

	private static byte[] bytes(long[] values, int count) {
		byte[] bytes = new byte[count];
		for (int i = 0; i < count; i++) {
			bytes[i] = (byte) values[i];
		}
		return bytes;
	}

	private static short[] shorts(long[] values, int count) {
		short[] shorts = new short[count];
		for (int i = 0; i < count; i++) {
			shorts[i] = (short) values[i];
		}
		return shorts;
	}

	private static int[] ints(long[] values, int count) {
		int[] ints = new int[count];
		for (int i = 0; i < count; i++) {
			ints[i] = (int) values[i];
		}
		return ints;
	}

	@Override
	public Object getNullValue(DeserializationContext context) {
		int count = Math.max(0, this.length);
		return narrow(new long[count], count);
	}

	@Override
	public Object getAbsentValue(DeserializationContext context) {
		return getNullValue(context);
	}

	@Override
	public Object getEmptyValue(DeserializationContext context) {
		return getNullValue(context);
	}

	@Override
	public AccessPattern getNullAccessPattern() {
		return AccessPattern.DYNAMIC;
	}

}
