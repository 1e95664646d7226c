package io.github.netrpc.json;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
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
 * Makes absent and null lists, arrays and maps empty: Go hardly tells nil from empty, and
 * a caller in Java should not have to. A member that is declared {@code @Nullable} keeps
 * a null, so that an echo gives back what Go sent.
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
		return new NeverNull(reader, false);
	}

	@Override
	public ValueDeserializer<?> modifyMapDeserializer(DeserializationConfig config, MapType type,
			BeanDescription.Supplier description, ValueDeserializer<?> reader) {
		return new NeverNull(reader, false);
	}

	@Override
	public ValueDeserializer<?> modifyArrayDeserializer(DeserializationConfig config, ArrayType type,
			BeanDescription.Supplier description, ValueDeserializer<?> reader) {
		return (reader instanceof FloatArrayReader) ? reader : new NeverNull(reader, false);
	}

	static boolean isNullable(@Nullable BeanProperty property) {
		return property != null && property.getMember() != null
				&& GoAnnotations.declarations(property.getMember())
					.stream()
					.anyMatch((declaration) -> declaration.isAnnotationPresent(Nullable.class));
	}

	private static final class NeverNull extends DelegatingDeserializer {

		private final boolean keepsNull;

		NeverNull(ValueDeserializer<?> reader, boolean keepsNull) {
			super(reader);
			this.keepsNull = keepsNull;
		}

		@Override
		public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
			ValueDeserializer<?> reader = context.handleSecondaryContextualization(this._delegatee, property,
					context.constructType(this._delegatee.handledType()));
			return new NeverNull(reader, isNullable(property));
		}

		@Override
		protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
			return new NeverNull(reader, this.keepsNull);
		}

		@Override
		public @Nullable Object getNullValue(DeserializationContext context) {
			return this.keepsNull ? null : this._delegatee.getEmptyValue(context);
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
