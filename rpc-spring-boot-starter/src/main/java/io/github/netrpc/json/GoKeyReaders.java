package io.github.netrpc.json;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.deser.KeyDeserializers;

import io.github.netrpc.gob.ReceivedText;

/**
 * The readers for map keys that are integers, of which Jackson's own know no unsigned
 * ones, and take 200 for a byte.
 */
final class GoKeyReaders implements KeyDeserializers {

	private static final Set<Class<?>> INTEGERS = Set.of(Byte.class, Short.class, Integer.class, Long.class);

	@Override
	public @Nullable KeyDeserializer findKeyDeserializer(JavaType type, DeserializationConfig config,
			BeanDescription.Supplier description) {
		boolean unsigned = type instanceof GoType go && go.unsigned();
		return (unsigned || INTEGERS.contains(type.getRawClass())) ? new IntegerKeyReader(type.getRawClass(), unsigned)
				: null;
	}

	private static final class IntegerKeyReader extends KeyDeserializer {

		private final int bits;

		private final boolean unsigned;

		IntegerKeyReader(Class<?> type, boolean unsigned) {
			this.bits = IntegerReader.bits(type);
			this.unsigned = unsigned;
		}

		@Override
		public @Nullable Object deserializeKey(String key, DeserializationContext context) {
			try {
				long value = this.unsigned ? Long.parseUnsignedLong(key) : Long.parseLong(key);
				if (fits(value)) {
					return IntegerReader.box(value, this.bits);
				}
			}
			catch (NumberFormatException ex) {
				// Reported below, like a number out of range.
			}
			throw new GoMismatchException(context.getParser(), "the key " + ReceivedText.quote(key),
					(this.unsigned ? "a uint" : "an int") + this.bits);
		}

		private boolean fits(long value) {
			int rest = Long.SIZE - this.bits;
			return value == (this.unsigned ? value << rest >>> rest : value << rest >> rest);
		}

	}

}
