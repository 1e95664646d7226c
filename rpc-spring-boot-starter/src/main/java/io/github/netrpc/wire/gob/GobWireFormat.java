package io.github.netrpc.wire.gob;

import java.lang.reflect.AnnotatedType;
import java.util.List;
import java.util.ServiceLoader;

import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobLimits;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.wire.AbsentValues;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

/**
 * Go's {@code net/rpc} over gob. Immutable and thread-safe. <pre class="code">
 * WireFormat format = new GobWireFormat(WireLimits.DEFAULT, GobTypes.standard(), PropertyNames.standard());
 * </pre>
 *
 * @since 0.1.0
 */
public final class GobWireFormat implements WireFormat {

	private static final String NAME = "gob";

	private final Gob gob;

	private final Headers headers;

	private final int maxMessageBytes;

	private final ValuePlan empty;

	/**
	 * Creates the format.
	 * @param limits bounds on what is read
	 * @param types the names of types in interface values
	 * @param names the names of properties
	 */
	public GobWireFormat(WireLimits limits, GobTypes types, PropertyNames names) {
		this.gob = Gob.builder().limits(gobLimits(limits)).types(types).names(names).build();
		this.headers = new Headers(this.gob);
		this.maxMessageBytes = limits.maxMessageBytes();
		this.empty = new GobPlan(this.gob.emptyStruct(), true, null);
	}

	private static GobLimits gobLimits(WireLimits limits) {
		return new GobLimits(limits.maxMessageBytes(), limits.maxDecodedBytes(), limits.maxDepth(),
				limits.maxStringBytes(), limits.maxDefinitions(), limits.maxDefinitionBytes(),
				GobLimits.DEFAULT.maxNameBytes());
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public boolean headerComesFirst() {
		return true;
	}

	@Override
	public Detection detect(byte[] buffer, int from, int to) {
		return GobOpening.detect(buffer, from, to, this.maxMessageBytes);
	}

	@Override
	public ValuePlan plan(ValueShape shape) {
		if (shape instanceof ValueShape.Value value) {
			AnnotatedType type = value.type();
			return new GobPlan(this.gob.type(type), false, AbsentValues.of(shape));
		}
		if (shape instanceof ValueShape.Struct struct) {
			List<Gob.StructField> fields = struct.fields()
				.stream()
				.map((field) -> new Gob.StructField(capitalized(field.name()), field.type()))
				.toList();
			return new GobPlan(this.gob.struct(struct.name(), fields), false, null);
		}
		return this.empty;
	}

	private static String capitalized(String name) {
		int first = name.codePointAt(0);
		return Character.toString(Character.toUpperCase(first)) + name.substring(Character.charCount(first));
	}

	@Override
	public ServerCodec serverCodec() {
		return new GobServerCodec(this.headers);
	}

	@Override
	public ClientCodec clientCodec() {
		return new GobClientCodec(this.headers);
	}

	@Override
	public MessageBuffer newBuffer() {
		return new GobBuffer(this.headers);
	}

	/**
	 * Makes the format with Go's basic types and the first {@link PropertyNames} that
	 * {@link ServiceLoader} finds, else the standard ones.
	 *
	 * @since 0.1.0
	 */
	public static final class Provider implements WireFormat.Provider {

		@Override
		public String name() {
			return NAME;
		}

		@Override
		public WireFormat create(WireLimits limits) {
			PropertyNames names = ServiceLoader.load(PropertyNames.class, PropertyNames.class.getClassLoader())
				.findFirst()
				.orElseGet(PropertyNames::standard);
			return new GobWireFormat(limits, GobTypes.standard(), names);
		}

	}

}
