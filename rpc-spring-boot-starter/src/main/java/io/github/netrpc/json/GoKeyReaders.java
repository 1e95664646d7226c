package io.github.netrpc.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.deser.KeyDeserializers;

/**
 * The readers for map keys that are unsigned integers.
 */
final class GoKeyReaders implements KeyDeserializers {

	@Override
	public @Nullable KeyDeserializer findKeyDeserializer(JavaType type, DeserializationConfig config,
			BeanDescription.Supplier description) {
		return (type instanceof GoType go && go.unsigned()) ? new UnsignedKeyReader(go.getRawClass()) : null;
	}

	private static final class UnsignedKeyReader extends KeyDeserializer {

		private final Class<?> type;

		UnsignedKeyReader(Class<?> type) {
			this.type = type;
		}

		@Override
		public @Nullable Object deserializeKey(String key, DeserializationContext context) {
			int bits = IntegerReader.bits(this.type);
			try {
				long value = Long.parseUnsignedLong(key);
				if (bits == 64) {
					return value;
				}
				if (value >>> bits == 0) {
					return (bits == 32) ? (Object) (int) value : (bits == 16) ? (Object) (short) value : (byte) value;
				}
			}
			catch (NumberFormatException ex) {
				// Reported below, like a number out of range.
			}
			return context.handleWeirdKey(this.type, key, "expected: a uint%d", bits);
		}

	}

}
