package io.github.netrpc.gob;

import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.DynamicReader.Entries;
import io.github.netrpc.gob.DynamicReader.Interface;
import io.github.netrpc.gob.DynamicReader.Struct;

/**
 * Finds interface values in fields that none of the types in {@link RandomTypes} has. Go
 * jumps over those by their byte count; we read them over and never look at the count,
 * since an honest one is wrong where types are defined inside (Go issue 34879).
 */
final class SkippedInterfaces {

	private static final Set<String> NAMES = names();

	private SkippedInterfaces() {
	}

	private static Set<String> names() {
		Set<String> names = new HashSet<>();
		for (Class<?> type : RandomTypes.class.getDeclaredClasses()) {
			for (RecordComponent component : type.isRecord() ? type.getRecordComponents() : new RecordComponent[0]) {
				names.add(component.getName().toLowerCase(Locale.ROOT));
			}
		}
		return names;
	}

	/**
	 * Looks through a stream, as far as it can be read.
	 * @param decoder a new decoder
	 * @param stream the bytes
	 * @return whether there is one
	 */
	static boolean areIn(GobDecoder decoder, byte[] stream) {
		int at = 0;
		try {
			while (decoder.next(stream, at, stream.length) && decoder.readDynamic()) {
				if (isSkipped(decoder.value(), false)) {
					return true;
				}
				at = decoder.position();
			}
		}
		catch (GobException ex) {
			// Nobody reads further
		}
		return false;
	}

	private static boolean isSkipped(@Nullable Object value, boolean skipped) {
		if (value instanceof Interface inner) {
			return skipped || isSkipped(inner.value(), false);
		}
		if (value instanceof Struct struct) {
			return struct.fields().entrySet().stream().anyMatch((field) -> isSkipped(field, skipped));
		}
		List<?> parts = (value instanceof Entries entries) ? entries.keysAndValues()
				: (value instanceof List<?> list) ? list : List.of();
		return parts.stream().anyMatch((part) -> isSkipped(part, skipped));
	}

	private static boolean isSkipped(Map.Entry<String, @Nullable Object> field, boolean skipped) {
		return isSkipped(field.getValue(), skipped || !NAMES.contains(field.getKey().toLowerCase(Locale.ROOT)));
	}

}
