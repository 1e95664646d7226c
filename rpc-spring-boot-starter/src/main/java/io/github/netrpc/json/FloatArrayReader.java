package io.github.netrpc.json;

import java.util.Arrays;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.util.AccessPattern;

/**
 * Reads an array of floating-point numbers, none of them in a string or out of range.
 */
final class FloatArrayReader extends ValueDeserializer<Object> {

	private static final int FIRST_LENGTH = 16;

	private final boolean single;

	FloatArrayReader(boolean single) {
		this.single = single;
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() != JsonToken.START_ARRAY) {
			throw GoMismatchException.token(parser, "a list of numbers");
		}
		double[] values = new double[FIRST_LENGTH];
		int count = 0;
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			if (count == values.length) {
				values = Arrays.copyOf(values, 2 * count);
			}
			values[count++] = read(parser);
		}
		return this.single ? narrow(values, count) : Arrays.copyOf(values, count);
	}

	private double read(JsonParser parser) {
		if (parser.currentToken() == JsonToken.VALUE_NULL) {
			return 0;
		}
		Object value = this.single ? GoReaders.readFloat(parser) : GoReaders.readDouble(parser);
		if (value instanceof Number number) {
			return number.doubleValue();
		}
		throw GoMismatchException.token(parser, this.single ? "a float32" : "a float64");
	}

	private static float[] narrow(double[] values, int count) {
		float[] floats = new float[count];
		for (int i = 0; i < count; i++) {
			floats[i] = (float) values[i];
		}
		return floats;
	}

	@Override
	public Object getNullValue(DeserializationContext context) {
		return getEmptyValue(context);
	}

	@Override
	public Object getAbsentValue(DeserializationContext context) {
		return getEmptyValue(context);
	}

	@Override
	public Object getEmptyValue(DeserializationContext context) {
		return this.single ? new float[0] : new double[0];
	}

	@Override
	public AccessPattern getNullAccessPattern() {
		return AccessPattern.DYNAMIC;
	}

}
