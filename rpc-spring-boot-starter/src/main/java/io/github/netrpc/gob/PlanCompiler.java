package io.github.netrpc.gob;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.PropertyNames.Properties;
import io.github.netrpc.gob.PropertyNames.Property;
import io.github.netrpc.gob.StructMaker.Source;
import io.github.netrpc.type.Complex;
import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Turns Java types into {@link Plan}s. Types under way are known by name, so that they
 * may contain themselves. One per compiled type; what it made is published only if all
 * went well.
 */
final class PlanCompiler {

	private static final int MAX_DEPTH = 100;

	private final Gob gob;

	private final Map<JavaType, Plan> known;

	private final Map<JavaType, Plan> made = new LinkedHashMap<>();

	private int depth;

	PlanCompiler(Gob gob, Map<JavaType, Plan> known) {
		this.gob = gob;
		this.known = known;
	}

	Map<JavaType, Plan> made() {
		return this.made;
	}

	Plan plan(JavaType type, String path) {
		Plan plan = this.known.get(type);
		if (plan == null) {
			plan = this.made.get(type);
		}
		if (plan == null) {
			if (++this.depth > MAX_DEPTH) {
				throw unsupported(type, path, "types are nested without end");
			}
			plan = compile(type, path);
			this.made.putIfAbsent(type, plan);
			this.depth--;
		}
		return plan;
	}

	private Plan compile(JavaType type, String path) {
		Class<?> raw = type.raw();
		if (type.fixedLength() >= 0 && !raw.isArray() && !Collection.class.isAssignableFrom(raw)) {
			throw unsupported(type, path, "@FixedLength belongs on arrays and collections");
		}
		Scalar scalar = Scalar.of(raw, type.unsigned());
		if (scalar != null) {
			return new ScalarPlan(scalar, raw.isPrimitive());
		}
		if (type.unsigned()) {
			throw unsupported(type, path,
					"@Unsigned belongs on byte, short, int, long and their boxes; on elements write List<@Unsigned Integer>");
		}
		SelfEncoding<?> form = this.gob.registry().selfEncoding(raw);
		if (form != null) {
			return opaque(type, form, null);
		}
		Plan plan = builtIn(type);
		if (plan == null) {
			plan = container(type, path);
		}
		return (plan != null) ? plan : struct(type, path);
	}

	private @Nullable Plan builtIn(JavaType type) {
		Class<?> raw = type.raw();
		if (raw == String.class) {
			return TextPlan.string();
		}
		if (raw == BigDecimal.class) {
			return TextPlan.decimal();
		}
		if (raw.isEnum()) {
			return TextPlan.enumeration(raw, this.gob.names());
		}
		if (raw == Complex.class) {
			return new ComplexPlan();
		}
		if (raw == Duration.class) {
			return ConvertedPlan.duration();
		}
		if (raw == Instant.class) {
			return opaque(type, GoValues.INSTANT, GoValues.ZERO_TIME);
		}
		if (raw == OffsetDateTime.class) {
			return opaque(type, GoValues.OFFSET_DATE_TIME, GoValues.ZERO_TIME.atOffset(ZoneOffset.UTC));
		}
		if (raw == BigInteger.class) {
			return opaque(type, GoValues.BIG_INTEGER, BigInteger.ZERO);
		}
		if (raw == UUID.class) {
			return new UuidPlan(this.gob.arrayId(Definition.UINT, UuidPlan.LENGTH));
		}
		if (raw == OptionalInt.class) {
			return OptionalPlan.ofInt();
		}
		if (raw == OptionalLong.class) {
			return OptionalPlan.ofLong();
		}
		if (raw == OptionalDouble.class) {
			return OptionalPlan.ofDouble();
		}
		return (raw == Object.class) ? new InterfacePlan(this.gob, raw) : null;
	}

	private Plan opaque(JavaType type, SelfEncoding<?> form, @Nullable Object zero) {
		return new OpaquePlan(type.toString(), form, this.gob.opaqueId(form.name(), form.gob()), zero);
	}

	private @Nullable Plan container(JavaType type, String path) {
		Class<?> raw = type.raw();
		if (raw == Optional.class) {
			return optional(type, path);
		}
		if (raw.isArray()) {
			return array(type, path);
		}
		if (Collection.class.isAssignableFrom(raw)) {
			return collection(type, path);
		}
		return Map.class.isAssignableFrom(raw) ? map(type, path) : null;
	}

	private Plan optional(JavaType type, String path) {
		if (type.argument(0).raw() == Optional.class) {
			throw unsupported(type, path, "an Optional of an Optional cannot be told from an Optional");
		}
		return OptionalPlan.of(plan(type.argument(0), path));
	}

	private Plan array(JavaType type, String path) {
		Class<?> raw = type.raw();
		JavaType component = type.argument(0);
		int length = type.fixedLength();
		if (raw == byte[].class) {
			return (length < 0) ? new BytesPlan(null)
					: new PrimitiveArrayPlan(Scalar.UINT8, this.gob.arrayId(Definition.UINT, length), length);
		}
		if (component.raw().isPrimitive()) {
			Plan element = plan(component, path + "[]");
			Scalar scalar = ((ScalarPlan) element).scalar;
			return new PrimitiveArrayPlan(scalar, sequenceId(element, length), length);
		}
		return sequence(type, component, path,
				(elements) -> Arrays.copyOf(elements.toArray(), elements.size(), raw.asSubclass(Object[].class)));
	}

	private int sequenceId(Plan element, int length) {
		return (length < 0) ? this.gob.sliceId(element.wireId()) : this.gob.arrayId(element.wireId(), length);
	}

	private Plan collection(JavaType type, String path) {
		JavaType collection = type.as(Collection.class);
		JavaType element = (collection != null) ? collection.argument(0) : JavaType.of(Object.class);
		return sequence(type, element, path, ContainerMakers.collection(type, path));
	}

	private Plan sequence(JavaType type, JavaType elementType, String path, Containers container) {
		int length = type.fixedLength();
		if (elementType.equals(new JavaType(Byte.class, List.of(), true, -1)) && length < 0) {
			return new BytesPlan(container);
		}
		if (isNamed(type.raw())) {
			// May contain itself: the id must be there first
			int id = this.gob.newId();
			SequencePlan plan = new SequencePlan(type.toString(), type.raw().getSimpleName(), container, id, length);
			this.made.put(type, plan);
			Plan element = plan(elementType, path + "[]");
			this.gob.define((length < 0) ? Definition.slice(id, type.raw().getSimpleName(), element.wireId())
					: Definition.array(id, element.wireId(), length));
			plan.element(element);
			return plan;
		}
		Plan element = plan(elementType, path + "[]");
		SequencePlan plan = new SequencePlan(type.toString(), null, container, sequenceId(element, length), length);
		plan.element(element);
		return plan;
	}

	private Plan map(JavaType type, String path) {
		JavaType map = type.as(Map.class);
		JavaType keyType = (map != null) ? map.argument(0) : JavaType.of(Object.class);
		JavaType valueType = (map != null) ? map.argument(1) : JavaType.of(Object.class);
		String incomparable = new MapKeys(this.gob).incomparable(keyType, path + "{}");
		if (incomparable != null) {
			throw unsupported(keyType, incomparable,
					"Go has no such map keys, and Java arrays are not equal by content; use @FixedLength(n) List, or a record without lists, maps and arrays");
		}
		Supplier<Map<Object, @Nullable Object>> maker = ContainerMakers.map(type, path);
		if (isNamed(type.raw())) {
			int id = this.gob.newId();
			MapPlan plan = new MapPlan(type.toString(), type.raw().getSimpleName(), maker, id);
			this.made.put(type, plan);
			Plan key = plan(keyType, path + "{}");
			Plan value = plan(valueType, path + "{}");
			this.gob.define(Definition.map(id, type.raw().getSimpleName(), key.wireId(), value.wireId()));
			plan.entries(key, value);
			return plan;
		}
		Plan key = plan(keyType, path + "{}");
		Plan value = plan(valueType, path + "{}");
		MapPlan plan = new MapPlan(type.toString(), null, maker, this.gob.mapId(key.wireId(), value.wireId()));
		plan.entries(key, value);
		return plan;
	}

	/** Whether a collection or map is a class of the application. */
	private static boolean isNamed(Class<?> raw) {
		return !raw.isArray() && !isOfJava(raw);
	}

	static boolean isOfJava(Class<?> raw) {
		String name = raw.getName();
		return name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("jdk.")
				|| name.startsWith("sun.");
	}

	private Plan struct(JavaType type, String path) {
		Class<?> raw = type.raw();
		if (raw == char.class || raw == Character.class) {
			throw unsupported(type, path, "Go has no char; use String, or int for a code point");
		}
		if (isOfJava(raw) || raw.isPrimitive() || raw.isAnnotation()) {
			throw unsupported(type, path, "gob has no counterpart for it; " + instead(raw));
		}
		if (raw.isInterface() || Modifier.isAbstract(raw.getModifiers())) {
			if (this.gob.registry().hasSubtypeOf(raw)) {
				return new InterfacePlan(this.gob, raw);
			}
			throw unsupported(type, path,
					"it is abstract; use a record or class, or register its implementations (GobTypes.builder().register(name, type))");
		}
		StructPlan plan = new StructPlan(raw.getSimpleName(), false, this.gob.newId());
		this.made.put(type, plan);
		complete(plan, type, path);
		return plan;
	}

	private static String instead(Class<?> raw) {
		if (raw == Iterable.class || raw.getName().startsWith("java.util.stream.")
				|| raw.getName().startsWith("java.util.Iterator")) {
			return "use List";
		}
		if (raw.getName().startsWith("java.time.") || java.util.Date.class.isAssignableFrom(raw)
				|| java.util.Calendar.class.isAssignableFrom(raw)) {
			return "use Instant or OffsetDateTime (time.Time), Duration, or String";
		}
		return "use a record, String, or register a SelfEncoding (GobTypes.builder().selfEncoding(type, form))";
	}

	private void complete(StructPlan plan, JavaType type, String path) {
		Properties properties = this.gob.names().of(type.raw());
		Map<TypeVariable<?>, JavaType> bindings = type.allBindings();
		Executable creator = properties.creator();
		String whyNot = (creator != null) ? null
				: "it has no constructor to be made by; make it a record, or add one without parameters";
		int parameters = (creator != null) ? creator.getParameterCount() : 0;
		@Nullable Source[] arguments = new Source[parameters];
		List<MethodHandle> setters = new ArrayList<>();
		List<Property> all = properties.properties();
		StructPlan.Field[] fields = new StructPlan.Field[all.size()];
		Map<String, String> wireNames = new HashMap<>();
		int longs = 0;
		int refs = 0;
		for (int i = 0; i < fields.length; i++) {
			Property property = all.get(i);
			String fieldPath = path + "." + property.name();
			String name = property.explicit() ? property.name() : capitalized(property.name());
			if (name.isEmpty() || wireNames.put(name, fieldPath) != null) {
				throw unsupported(type, fieldPath,
						"two properties are named \"" + name + "\" in gob; give them different names");
			}
			JavaType propertyType = JavaType.of(property.type(), bindings);
			Plan content = plan(propertyType, fieldPath);
			Scalar scalar = (content instanceof ScalarPlan number && number.primitive) ? number.scalar : null;
			boolean taken = whyNot == null && (property.creatorIndex() >= 0 || property.setter() != null);
			int slot = taken ? (scalar != null) ? longs++ : refs++ : -1;
			if (taken) {
				Source source = new Source(scalar, slot);
				if (property.creatorIndex() >= 0) {
					arguments[property.creatorIndex()] = source;
				}
				else if (property.setter() != null) {
					setters.add(StructMaker.setter(MemberHandles.setter(property.setter(), type, fieldPath), source));
				}
			}
			Member getter = property.getter();
			fields[i] = new StructPlan.Field(name, i, content, scalar,
					(getter != null) ? MemberHandles.getter(getter, scalar, type, fieldPath) : null, slot,
					isNullIfAbsent(content, property.type()));
		}
		StructMaker maker = (creator != null)
				? StructMaker.of(MemberHandles.creator(creator, type, path), arguments, setters) : null;
		plan.complete(fields, longs, refs, maker, whyNot);
		define(plan);
	}

	// Only for maps does gob tell nil, which is not sent, from empty, which is. A
	// Duration
	// goes by the same rule, so that none arrives as none where zero would mean
	// something.
	private static boolean isNullIfAbsent(Plan content, AnnotatedType declared) {
		return (content instanceof MapPlan || content instanceof ConvertedPlan)
				&& declared.isAnnotationPresent(Nullable.class);
	}

	/** A struct without a class: an array with an element per field. */
	Plan shape(String name, List<Gob.StructField> shape) {
		StructPlan plan = new StructPlan(name, true, this.gob.newId());
		StructPlan.Field[] fields = new StructPlan.Field[shape.size()];
		List<Source> sources = new ArrayList<>();
		int longs = 0;
		int refs = 0;
		for (int i = 0; i < fields.length; i++) {
			Gob.StructField field = shape.get(i);
			Plan content = plan(JavaType.of(field.type()), name + "." + field.name());
			Scalar scalar = (content instanceof ScalarPlan number && number.primitive) ? number.scalar : null;
			int slot = (scalar != null) ? longs++ : refs++;
			sources.add(new Source(scalar, slot));
			fields[i] = new StructPlan.Field(field.name(), i, content, scalar, MemberHandles.element(scalar, i), slot,
					isNullIfAbsent(content, field.type()));
		}
		plan.complete(fields, longs, refs, StructMaker.array(sources), null);
		define(plan);
		return plan;
	}

	Plan row(String name, List<GobRowType.Field> fields) {
		int id = this.gob.newId();
		this.gob.define(Definition.struct(id, name, fields.stream().map(GobRowType.Field::name).toArray(String[]::new),
				fields.stream().mapToInt((field) -> field.plan().wireId()).toArray()));
		return new GobRowType.RowPlan(name, id, fields);
	}

	private void define(StructPlan plan) {
		StructPlan.Field[] fields = plan.fields();
		String[] names = new String[fields.length];
		int[] ids = new int[fields.length];
		for (int i = 0; i < fields.length; i++) {
			names[i] = fields[i].name;
			ids[i] = fields[i].plan.wireId();
		}
		this.gob.define(Definition.struct(plan.wireId(), plan.name(), names, ids));
	}

	private static String capitalized(String name) {
		if (name.isEmpty()) {
			return name;
		}
		int first = name.codePointAt(0);
		return Character.toString(Character.toUpperCase(first)) + name.substring(Character.charCount(first));
	}

	static UnsupportedTypeException unsupported(JavaType type, String path, String reason) {
		return new UnsupportedTypeException(type + " at " + path + ": " + reason);
	}

}
