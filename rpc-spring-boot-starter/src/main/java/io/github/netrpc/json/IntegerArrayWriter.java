package io.github.netrpc.json;

import java.lang.reflect.Array;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes an array of unsigned integers as a list of numbers.
 */
final class IntegerArrayWriter extends ValueSerializer<Object> {

	private final int length;

	IntegerArrayWriter(int length) {
		this.length = length;
	}

	@Override
	public void serialize(Object value, JsonGenerator out, SerializationContext context) {
		FixedLengthWriter.check(out, Array.getLength(value), this.length);
		out.writeStartArray();
		if (value instanceof byte[] bytes) {
			for (byte each : bytes) {
				out.writeNumber(Byte.toUnsignedInt(each));
			}
		}
		else if (value instanceof short[] shorts) {
			for (short each : shorts) {
				out.writeNumber(Short.toUnsignedInt(each));
			}
		}
		else if (value instanceof int[] ints) {
			for (int each : ints) {
				out.writeNumber(Integer.toUnsignedLong(each));
			}
		}
		else {
			for (long each : (long[]) value) {
				out.writeNumber(Long.toUnsignedString(each));
			}
		}
		out.writeEndArray();
	}

}
