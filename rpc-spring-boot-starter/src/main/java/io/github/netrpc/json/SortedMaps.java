package io.github.netrpc.json;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.type.MapType;

/**
 * Writes maps in the order of their keys as text, as Go does, so that equal maps are
 * equal texts.
 */
final class SortedMaps extends ValueSerializerModifier {

	private static final long serialVersionUID = 1L;

	@Override
	public ValueSerializer<?> modifyMapSerializer(SerializationConfig config, MapType type,
			BeanDescription.Supplier description, ValueSerializer<?> writer) {
		return new SortedMapWriter(writer);
	}

	private static final class SortedMapWriter extends ValueSerializer<Object> {

		private static final Comparator<Map.Entry<?, ?>> BY_KEY = Comparator.comparing((entry) -> text(entry.getKey()));

		private final ValueSerializer<Object> writer;

		@SuppressWarnings("unchecked")
		SortedMapWriter(ValueSerializer<?> writer) {
			this.writer = (ValueSerializer<Object>) writer;
		}

		@Override
		public void resolve(SerializationContext context) {
			this.writer.resolve(context);
		}

		@Override
		public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
			return new SortedMapWriter(context.handleSecondaryContextualization(this.writer, property));
		}

		@Override
		public boolean isEmpty(SerializationContext context, Object value) {
			return ((Map<?, ?>) value).isEmpty();
		}

		@Override
		public void serialize(Object value, JsonGenerator out, SerializationContext context) {
			this.writer.serialize(sorted((Map<?, ?>) value), out, context);
		}

		@Override
		public void serializeWithType(Object value, JsonGenerator out, SerializationContext context,
				TypeSerializer typeWriter) {
			this.writer.serializeWithType(sorted((Map<?, ?>) value), out, context, typeWriter);
		}

		private static Map<?, ?> sorted(Map<?, ?> map) {
			if (map.size() < 2) {
				return map;
			}
			List<Map.Entry<?, ?>> entries = new java.util.ArrayList<>(map.entrySet());
			entries.sort(BY_KEY);
			Map<@Nullable Object, @Nullable Object> sorted = new LinkedHashMap<>(2 * entries.size());
			entries.forEach((entry) -> sorted.put(entry.getKey(), entry.getValue()));
			return sorted;
		}

		private static String text(@Nullable Object key) {
			return (key instanceof Enum<?> constant) ? constant.name() : String.valueOf(key);
		}

	}

}
