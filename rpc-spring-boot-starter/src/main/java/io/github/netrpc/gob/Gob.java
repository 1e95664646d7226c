package io.github.netrpc.gob;

import java.lang.reflect.AnnotatedType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.InterfacePlan.NamedPlan;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Compiles Java types for gob and keeps what streams share: process-wide type ids, their
 * definitions, and readers for what peers define. Thread-safe; make one and keep it.
 * <pre class="code">
 * Gob gob = Gob.builder().types(types).build();
 * GobType&lt;Args&gt; args = gob.type(Args.class);
 *
 * GobWriter message = gob.writer();                  // any thread
 * args.write(new Args(7, 8), message);
 * sentTypes.appendMissing(message, out);             // in the order of the stream
 * out.append(message);
 *
 * if (decoder.next(bytes, from, to) &amp;&amp; decoder.read(args)) {
 *     Args received = (Args) decoder.value();
 * }
 * </pre>
 *
 * @since 0.1.0
 */
public final class Gob {

	/** As Go 1.19; any number from 64 on will do. */
	private static final int FIRST_ID = 65;

	private final PropertyNames names;

	private final GobTypes registry;

	private final GobLimits limits;

	private final Map<JavaType, Plan> plans = new ConcurrentHashMap<>();

	private final Map<Integer, Definition> definitions = new ConcurrentHashMap<>();

	private final Map<Integer, int[]> closures = new ConcurrentHashMap<>();

	private final Map<Integer, byte[]> messages = new ConcurrentHashMap<>();

	/** Slices, arrays and maps by what they are made of. */
	private final Map<String, Integer> unnamed = new HashMap<>();

	private final Map<String, NamedPlan> byName = new HashMap<>();

	private final Map<Class<?>, NamedPlan> byClass = new HashMap<>();

	/** What {@link #byClass} says of subclasses. */
	private final Map<Class<?>, NamedPlan> bySubclass = new ConcurrentHashMap<>();

	private final GobType<Object[]> emptyStruct;

	private volatile TypeTable noTypes = TypeTable.empty();

	private int ids;

	private int plansMade;

	private Gob(Builder builder) {
		this.names = builder.names;
		this.registry = builder.types;
		this.limits = builder.limits;
		this.emptyStruct = struct("", List.of());
		addBasics();
		this.registry.names().forEach((name, type) -> {
			NamedPlan named = new NamedPlan(name, plan(type, name));
			this.byName.put(name, named);
			this.byClass.put(type.raw(), named);
			Scalar scalar = Scalar.of(type.raw(), false);
			if (scalar != null) {
				this.byClass.put(scalar.box, named);
			}
		});
	}

	/**
	 * With the standard names, Go's basic types and the default limits.
	 * @return a new context
	 */
	public static Gob standard() {
		return builder().build();
	}

	/**
	 * Starts with the standard names, Go's basic types and the default limits.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	private void addBasics() {
		for (GobTypes.Basic basic : GobTypes.basics()) {
			NamedPlan named = new NamedPlan(basic.name(), plan(JavaType.of(basic.type()), basic.name()));
			this.byName.put(basic.name(), named);
			if (basic.sent()) {
				this.byClass.put(basic.type(), named);
			}
		}
		addReadOnly("[]int8", plan(new JavaType(List.class, List.of(JavaType.of(Byte.class)), false, -1), "[]int8"));
		addUnsigned(8, "uint8");
		addUnsigned(16, "uint16");
		addUnsigned(32, "uint32");
		addUnsigned(64, "uint64", "uint", "uintptr");
	}

	private void addUnsigned(int bits, String... goNames) {
		Plan element = ConvertedPlan.unsigned(bits);
		register(element);
		SequencePlan slice = new SequencePlan("List of uint" + bits, null, Containers.LIST, sliceId(Definition.UINT),
				-1);
		slice.element(element);
		register(slice);
		for (String name : goNames) {
			addReadOnly(name, element);
			if (bits > 8) {
				addReadOnly("[]" + name, slice);
			}
		}
	}

	private void addReadOnly(String name, Plan plan) {
		this.byName.put(name, new NamedPlan(name, plan));
	}

	/**
	 * Compiles a class.
	 * @param type the class
	 * @param <T> the Java type
	 * @return the compiled type
	 * @throws UnsupportedTypeException if gob cannot express it
	 */
	public <T> GobType<T> type(Class<T> type) {
		return new GobType<>(plan(JavaType.of(type), null));
	}

	/**
	 * Compiles a generic or annotated type.
	 * @param type the type
	 * @param <T> the Java type
	 * @return the compiled type
	 * @throws UnsupportedTypeException if gob cannot express it
	 */
	@SuppressWarnings("unchecked")
	public <T> GobType<T> type(TypeRef<T> type) {
		return (GobType<T>) type(type.annotatedType());
	}

	/**
	 * Compiles a type as it was declared, with its annotations.
	 * @param type the type
	 * @return the compiled type
	 * @throws UnsupportedTypeException if gob cannot express it
	 */
	public GobType<?> type(AnnotatedType type) {
		return new GobType<>(plan(JavaType.of(type), null));
	}

	/**
	 * Compiles a struct that has no Java class, such as the parameters of a method.
	 * Values are arrays with one element per field; primitives in boxes, null for what is
	 * absent.
	 * @param name the name of the struct on the wire
	 * @param fields the fields
	 * @return the compiled type
	 * @throws UnsupportedTypeException if gob cannot express it
	 */
	public GobType<Object[]> struct(String name, List<StructField> fields) {
		return new GobType<>(compile((compiler) -> compiler.shape(name, fields)));
	}

	/**
	 * Compiles a flat struct that is read and written without making objects.
	 * @param name the name of the struct on the wire
	 * @param fields its fields
	 * @return the compiled type
	 */
	public GobRowType row(String name, List<GobRowType.Field> fields) {
		Plan plan = compile((compiler) -> compiler.row(name, fields));
		return new GobRowType((GobRowType.RowPlan) plan);
	}

	/**
	 * The struct without fields, which stands for "nothing". Reads from any struct; its
	 * value is an empty array.
	 * @return the compiled type
	 */
	public GobType<Object[]> emptyStruct() {
		return this.emptyStruct;
	}

	/**
	 * Makes a writer for messages of this context's types.
	 * @return a new writer
	 */
	public GobWriter writer() {
		return new GobWriter(this.limits.maxMessageBytes(), this.limits.maxDepth());
	}

	/**
	 * Makes the memory of what a stream has been sent.
	 * @return a new object for a new stream
	 */
	public SentTypes sentTypes() {
		return new SentTypes(this);
	}

	/**
	 * Makes a decoder for a stream.
	 * @return a new decoder for a new stream
	 */
	public GobDecoder decoder() {
		return new GobDecoder(this);
	}

	/**
	 * The limits of this context's streams.
	 * @return the limits
	 */
	public GobLimits limits() {
		return this.limits;
	}

	PropertyNames names() {
		return this.names;
	}

	GobTypes registry() {
		return this.registry;
	}

	/** The table of a stream without definitions. */
	TypeTable noTypes() {
		TypeTable root = this.noTypes;
		if (root.isFull()) {
			// Streams that live keep theirs; new ones share anew
			root = TypeTable.empty();
			this.noTypes = root;
		}
		return root;
	}

	@Nullable NamedPlan named(String name) {
		return this.byName.get(name);
	}

	@Nullable NamedPlan named(Class<?> type) {
		NamedPlan named = this.byClass.get(type);
		if (named == null) {
			named = this.bySubclass.get(type);
			if (named == null) {
				named = search(type);
				if (named != null) {
					this.bySubclass.put(type, named);
				}
			}
		}
		return named;
	}

	private @Nullable NamedPlan search(Class<?> type) {
		for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
			NamedPlan named = this.byClass.get(c);
			if (named != null) {
				return named;
			}
		}
		for (Map.Entry<Class<?>, NamedPlan> entry : this.byClass.entrySet()) {
			if (entry.getKey().isInterface() && entry.getKey().isAssignableFrom(type)) {
				return entry.getValue();
			}
		}
		return null;
	}

	private Plan plan(JavaType type, @Nullable String path) {
		Plan known = this.plans.get(type);
		return (known != null) ? known
				: compile((compiler) -> compiler.plan(type, (path != null) ? path : type.toString()));
	}

	private synchronized Plan compile(java.util.function.Function<PlanCompiler, Plan> work) {
		PlanCompiler compiler = new PlanCompiler(this, this.plans);
		Plan plan = work.apply(compiler);
		compiler.made().forEach((type, made) -> {
			register(made);
			this.plans.put(type, made);
		});
		if (plan.number() == 0) {
			register(plan);
		}
		return plan;
	}

	private void register(Plan plan) {
		plan.number(++this.plansMade);
	}

	int newId() {
		return FIRST_ID + this.ids++;
	}

	int define(Definition definition) {
		this.definitions.put(definition.id, definition);
		return definition.id;
	}

	int sliceId(int element) {
		return this.unnamed.computeIfAbsent("[]" + element, (key) -> define(Definition.slice(newId(), "", element)));
	}

	int arrayId(int element, int length) {
		return this.unnamed.computeIfAbsent("[" + length + "]" + element,
				(key) -> define(Definition.array(newId(), element, length)));
	}

	int mapId(int keyId, int element) {
		return this.unnamed.computeIfAbsent("map[" + keyId + "]" + element,
				(key) -> define(Definition.map(newId(), "", keyId, element)));
	}

	int opaqueId(String name, boolean gob) {
		return this.unnamed.computeIfAbsent((gob ? "gob " : "binary ") + name, (key) -> define(
				Definition.of(newId(), gob ? Definition.Kind.GOB_ENCODER : Definition.Kind.BINARY_MARSHALER, name)));
	}

	/** A type of ours and all that it needs, itself first. */
	int[] closure(int root) {
		return this.closures.computeIfAbsent(root, (id) -> {
			Set<Integer> ids = new LinkedHashSet<>();
			List<Integer> open = new ArrayList<>(List.of(id));
			while (!open.isEmpty()) {
				int next = open.remove(open.size() - 1);
				Definition definition = this.definitions.get(next);
				if (definition != null && ids.add(next)) {
					int[] references = definition.references();
					for (int i = references.length - 1; i >= 0; i--) {
						open.add(references[i]);
					}
				}
			}
			return ids.stream().mapToInt(Integer::intValue).toArray();
		});
	}

	byte[] definitionMessage(int id) {
		return this.messages.computeIfAbsent(id, (key) -> {
			Definition definition = this.definitions.get(key);
			if (definition == null) {
				throw new IllegalStateException("No definition of type " + key);
			}
			return definition.message();
		});
	}

	/**
	 * A field of a struct without a class.
	 *
	 * @param name the name on the wire
	 * @param type the Java type
	 * @since 0.1.0
	 */
	public record StructField(String name, AnnotatedType type) {

	}

	/**
	 * Collects what a context is made of. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private PropertyNames names = PropertyNames.standard();

		private GobTypes types = GobTypes.standard();

		private GobLimits limits = GobLimits.DEFAULT;

		private Builder() {
		}

		/**
		 * Sets where the names of properties come from.
		 * @param propertyNames the names
		 * @return this builder
		 */
		public Builder names(PropertyNames propertyNames) {
			this.names = propertyNames;
			return this;
		}

		/**
		 * Sets the names of types in interface values.
		 * @param gobTypes the names
		 * @return this builder
		 */
		public Builder types(GobTypes gobTypes) {
			this.types = gobTypes;
			return this;
		}

		/**
		 * Sets the limits of all streams.
		 * @param gobLimits the limits
		 * @return this builder
		 */
		public Builder limits(GobLimits gobLimits) {
			this.limits = gobLimits;
			return this;
		}

		/**
		 * Makes the context, and compiles all registered types.
		 * @return the context
		 * @throws UnsupportedTypeException if gob cannot express a registered type
		 */
		public Gob build() {
			return new Gob(this);
		}

	}

}
