package io.github.netrpc.json;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;
import tools.jackson.databind.util.AccessPattern;

/**
 * Makes absent and null lists, arrays and maps empty: Go cannot tell the two apart, and
 * writes null for either.
 */
final class EmptyContainers extends ValueDeserializerModifier {

	private static final long serialVersionUID = 1L;

	@Override
	public BeanDeserializerBuilder updateBuilder(DeserializationConfig config, BeanDescription.Supplier description,
			BeanDeserializerBuilder builder) {
		ValueInstantiator instantiator = builder.getValueInstantiator();
		if (instantiator.canCreateUsingDefault() && !instantiator.canCreateFromObjectWith()) {
			List<ZeroBeans.Zero> zeros = ZeroBeans.of(builder, description.get());
			zeros.forEach((zero) -> zero.property().fixAccess(config));
			zeros.stream()
				.map(ZeroBeans.Zero::field)
				.filter(Objects::nonNull)
				.forEach((field) -> field.fixAccess(true));
			builder.setValueInstantiator(new ZeroBeans(instantiator, zeros));
		}
		return builder;
	}

	@Override
	public ValueDeserializer<?> modifyCollectionDeserializer(DeserializationConfig config, CollectionType type,
			BeanDescription.Supplier description, ValueDeserializer<?> reader) {
		return new NeverNull(reader);
	}

	@Override
	public ValueDeserializer<?> modifyMapDeserializer(DeserializationConfig config, MapType type,
			BeanDescription.Supplier description, ValueDeserializer<?> reader) {
		return new NeverNull(reader);
	}

	@Override
	public ValueDeserializer<?> modifyArrayDeserializer(DeserializationConfig config, ArrayType type,
			BeanDescription.Supplier description, ValueDeserializer<?> reader) {
		return (reader instanceof FloatArrayReader) ? reader : new NeverNull(reader);
	}

	private static final class NeverNull extends DelegatingDeserializer {

		NeverNull(ValueDeserializer<?> reader) {
			super(reader);
		}

		@Override
		protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
			return new NeverNull(reader);
		}

		@Override
		public @Nullable Object getNullValue(DeserializationContext context) {
			return this._delegatee.getEmptyValue(context);
		}

		@Override
		public @Nullable Object getAbsentValue(DeserializationContext context) {
			return this._delegatee.getEmptyValue(context);
		}

		@Override
		public AccessPattern getNullAccessPattern() {
			return AccessPattern.DYNAMIC;
		}

	}

}
