package io.github.netrpc.json;

import java.lang.reflect.Array;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.introspect.AnnotatedField;
import tools.jackson.databind.introspect.BeanPropertyDefinition;

/**
 * Creates beans whose strings, durations and containers are zero rather than null, since
 * members that are absent are not set afterwards. What the class itself has set is kept.
 */
final class ZeroBeans extends ValueInstantiator.Delegating {

	private static final long serialVersionUID = 1L;

	private final transient List<Zero> zeros;

	ZeroBeans(ValueInstantiator delegate, List<Zero> zeros) {
		super(delegate);
		this.zeros = zeros;
	}

	/**
	 * What is to be set in a new bean.
	 * @param builder the properties
	 * @param description the class
	 * @return the zero values
	 */
	static List<Zero> of(BeanDeserializerBuilder builder, BeanDescription description) {
		List<Zero> zeros = new ArrayList<>();
		for (BeanPropertyDefinition definition : description.findProperties()) {
			SettableBeanProperty property = builder.findProperty(definition.getFullName());
			Function<DeserializationContext, Object> zero = (property != null) ? zero(property.getType()) : null;
			if (property != null && zero != null) {
				zeros.add(new Zero(property, definition.getField(), zero));
			}
		}
		return zeros;
	}

	private static @Nullable Function<DeserializationContext, Object> zero(JavaType type) {
		if (type instanceof GoType go && go.length() >= 0) {
			return (context) -> context.findRootValueDeserializer(type).getAbsentValue(context);
		}
		Supplier<Object> empty = empty(type);
		return (empty != null) ? (context) -> empty.get() : null;
	}

	private static @Nullable Supplier<Object> empty(JavaType type) {
		Class<?> raw = type.getRawClass();
		if (raw == String.class) {
			return () -> "";
		}
		if (raw == Duration.class) {
			return () -> Duration.ZERO;
		}
		if (raw.isArray()) {
			return () -> Array.newInstance(raw.getComponentType(), 0);
		}
		if (type.isCollectionLikeType() && raw.isAssignableFrom(ArrayList.class)) {
			return ArrayList::new;
		}
		if (type.isCollectionLikeType() && raw.isAssignableFrom(LinkedHashSet.class)) {
			return LinkedHashSet::new;
		}
		return (type.isMapLikeType() && raw.isAssignableFrom(LinkedHashMap.class)) ? LinkedHashMap::new : null;
	}

	@Override
	public ValueInstantiator createContextual(DeserializationContext context, BeanDescription.Supplier description) {
		ValueInstantiator contextual = delegate().createContextual(context, description);
		return (contextual != null) ? new ZeroBeans(contextual, this.zeros) : this;
	}

	@Override
	public Object createUsingDefault(DeserializationContext context) {
		Object bean = super.createUsingDefault(context);
		for (Zero zero : this.zeros) {
			if (zero.field() == null || zero.field().getValue(bean) == null) {
				zero.property().set(context, bean, zero.value().apply(context));
			}
		}
		return bean;
	}

	/**
	 * An empty value for a property.
	 *
	 * @param property sets it
	 * @param field tells whether it is set already
	 * @param value makes it
	 */
	record Zero(SettableBeanProperty property, @Nullable AnnotatedField field,
			Function<DeserializationContext, Object> value) {

	}

}
