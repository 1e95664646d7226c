package io.github.netrpc.wire.json;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.json.RpcJsonMapper;
import io.github.netrpc.json.RpcJsonTypes;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.AbsentValues;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

/**
 * JSON-RPC 1.0 as Go's {@code net/rpc/jsonrpc} speaks it: one JSON value after another.
 * Immutable and thread-safe. <pre class="code">
 * WireLimits limits = WireLimits.DEFAULT;
 * WireFormat format = new JsonWireFormat(limits,
 *         RpcJsonMapper.create(JsonWireFormat.mapperLimits(limits), List.of()));
 * </pre>
 *
 * @since 0.1.0
 */
public final class JsonWireFormat implements WireFormat {

	/** After so many bytes the protocol of a connection is certain. */
	private static final int DETECTION_BYTES = 8;

	private final WireLimits limits;

	private final JsonMapper mapper;

	private final RareNames rareNames;

	private final RpcJsonTypes types;

	/**
	 * Creates the format.
	 * @param limits bounds on what is read
	 * @param mapper a mapper of {@link RpcJsonMapper}
	 */
	public JsonWireFormat(WireLimits limits, JsonMapper mapper) {
		this.limits = limits;
		this.mapper = mapper;
		this.rareNames = RareNames.of(mapper, limits);
		this.types = new RpcJsonTypes(mapper);
	}

	/**
	 * The bounds of a mapper for this format.
	 * @param limits bounds on what is read
	 * @return the same bounds, for {@link RpcJsonMapper#create}
	 */
	public static RpcJsonMapper.Limits mapperLimits(WireLimits limits) {
		return new RpcJsonMapper.Limits(limits.maxDepth(), limits.maxStringBytes(), limits.maxNumberDigits(),
				limits.maxMessageBytes());
	}

	@Override
	public String name() {
		return "json";
	}

	/**
	 * {@inheritDoc} A request begins with an opening brace, blanks before it. The byte
	 * after it decides, since a brace is a valid length in gob: a blank, a name or the
	 * end.
	 */
	@Override
	public Detection detect(byte[] buffer, int from, int to) {
		int end = Math.min(to, from + DETECTION_BYTES);
		int at = JsonScanner.skipBlanks(buffer, from, end);
		boolean last = end - from == DETECTION_BYTES;
		if (at == end) {
			return last ? Detection.NO : Detection.MORE;
		}
		if (buffer[at] != '{') {
			return Detection.NO;
		}
		if (at + 1 == end) {
			return last ? Detection.YES : Detection.MORE;
		}
		byte next = buffer[at + 1];
		return (next == '"' || next == '}' || JsonScanner.isBlank(next)) ? Detection.YES : Detection.NO;
	}

	@Override
	public ValuePlan plan(ValueShape shape) {
		if (shape instanceof ValueShape.Value value) {
			return plan(this.types.of(value.type()), AbsentValues.of(shape));
		}
		if (shape instanceof ValueShape.Struct struct) {
			List<String> names = struct.fields().stream().map(ValueShape.Field::name).toList();
			return plan(this.types.struct(names,
					struct.fields().stream().map((field) -> this.types.of(field.type())).toList()), null);
		}
		return JsonPlan.empty(this.mapper);
	}

	private JsonPlan plan(JavaType type, @Nullable Object absent) {
		try {
			return JsonPlan.of(this.mapper, this.rareNames, this.types, type, this.limits.maxDecodedBytes(), absent);
		}
		catch (tools.jackson.core.JacksonException ex) {
			throw new UnsupportedTypeException(type.toCanonical() + " in JSON: " + ex.getOriginalMessage());
		}
	}

	@Override
	public ServerCodec serverCodec() {
		return new JsonServerCodec(this.limits, this.rareNames.longestCommonName());
	}

	@Override
	public ClientCodec clientCodec() {
		return new JsonClientCodec(this.limits, this.rareNames.longestCommonName());
	}

	@Override
	public MessageBuffer newBuffer() {
		return new JsonBuffer(this.limits.maxMessageBytes());
	}

	/**
	 * Makes the format with the standard mapper.
	 *
	 * @since 0.1.0
	 */
	public static final class Provider implements WireFormat.Provider {

		@Override
		public String name() {
			return "json";
		}

		@Override
		public WireFormat create(WireLimits limits) {
			return new JsonWireFormat(limits, RpcJsonMapper.create(mapperLimits(limits), List.of()));
		}

	}

}
