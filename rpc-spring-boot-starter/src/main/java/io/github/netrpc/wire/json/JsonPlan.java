package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.json.RpcJsonTypes;
import io.github.netrpc.json.TypeWeight;
import io.github.netrpc.wire.AbsentValues;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.ValuePlan;

/**
 * Reads and writes the values of one type. Immutable and thread-safe.
 */
final class JsonPlan implements ValuePlan {

	private static final byte[] EMPTY_OBJECT = { '{', '}' };

	private final @Nullable ObjectReader reader;

	private final @Nullable RareNames rareNames;

	private final ObjectWriter writer;

	private final String goType;

	private final byte[] zero;

	private final Class<?> type;

	private final TypeWeight weight;

	private final long maxDecodedBytes;

	private final @Nullable Object absent;

	private final @Nullable String whyNotReadable;

	private JsonPlan(@Nullable ObjectReader reader, @Nullable RareNames rareNames, ObjectWriter writer, String goType,
			byte[] zero, Class<?> type, TypeWeight weight, long maxDecodedBytes, @Nullable Object absent,
			@Nullable String whyNotReadable) {
		this.reader = reader;
		this.rareNames = rareNames;
		this.writer = writer;
		this.goType = goType;
		this.zero = zero;
		this.type = type;
		this.weight = weight;
		this.maxDecodedBytes = maxDecodedBytes;
		this.absent = absent;
		this.whyNotReadable = whyNotReadable;
	}

	// The plan of nothing: skips whatever comes, and writes an empty object.
	static JsonPlan empty(JsonMapper mapper) {
		return new JsonPlan(null, null, mapper.writer(), "struct {}", EMPTY_OBJECT, Void.class, new TypeWeight(0, 0),
				Long.MAX_VALUE, null, null);
	}

	static JsonPlan of(JsonMapper mapper, @Nullable RareNames rareNames, RpcJsonTypes types, JavaType type,
			long maxDecodedBytes, @Nullable Object absent) {
		byte[] zero = types.zero(type).getBytes(StandardCharsets.UTF_8);
		return new JsonPlan(mapper.readerFor(type), rareNames, mapper.writerFor(type), types.goName(type), zero,
				type.getRawClass(), types.weight(type), maxDecodedBytes, absent, types.whyNotReadable(type));
	}

	@Override
	public String goType() {
		return this.goType;
	}

	@Override
	public @Nullable String whyNotReadable() {
		return this.whyNotReadable;
	}

	// Whether a value that the method gave is to be marked as absent.
	boolean isAbsent(@Nullable Object value) {
		return this.reader != null && AbsentValues.isAbsent(value);
	}

	// What a caller gets for a reply that is absent.
	@Nullable Object absent() {
		return this.absent;
	}

	// Reads a value that has been scanned.
	@Nullable Object read(byte[] buffer, int from, int to, int objects, int arrays, int scalars, int names, boolean rareNames)
			throws MisfitException {
		if (this.reader == null) {
			return null;
		}
		long most = this.weight.bytes(objects, arrays, scalars, names, to - from)
				+ (rareNames ? RareNames.textBytes(to - from) : 0);
		if (most > this.maxDecodedBytes) {
			throw new MisfitException("json: " + (to - from) + " bytes of text that may take " + most
					+ " bytes of memory (limit: " + this.maxDecodedBytes + " bytes, max-decoded-size)", null, true);
		}
		return (buffer[from] == 'n') ? read(this.reader, this.zero, 0, this.zero.length, false)
				: read(this.reader, buffer, from, to - from, rareNames);
	}

	// The zero value, a new one each time.
	@Nullable Object readZero() throws MisfitException {
		return (this.reader != null) ? read(this.reader, this.zero, 0, this.zero.length, false) : null;
	}

	private @Nullable Object read(ObjectReader reader, byte[] buffer, int offset, int length, boolean rareNames)
			throws MisfitException {
		try {
			return (rareNames && this.rareNames != null) ? this.rareNames.read(reader, buffer, offset, length)
					: reader.readValue(buffer, offset, length);
		}
		catch (JacksonException ex) {
			throw new MisfitException(RpcJsonTypes.reason(ex), RpcJsonTypes.refusal(ex),
					ex instanceof StreamConstraintsException);
		}
		catch (Throwable ex) {
			throw refused(ex);
		}
	}

	// The type's own code failed. What it said is not for the peer; only what ails the
	// process passes.
	private static MisfitException refused(Throwable failure) {
		if (failure instanceof VirtualMachineError error && !(failure instanceof StackOverflowError)) {
			throw error;
		}
		return new MisfitException("json: value refused by its type", failure);
	}

	// Appends a value.
	void write(@Nullable Object value, JsonBuffer out) throws EncodeException {
		if (value == null || this.reader == null) {
			if (this.type == Object.class) {
				throw new EncodeException("null for " + this.goType + " (expected: a value, as null cannot be sent)");
			}
			out.write(this.zero);
			return;
		}
		if (this.type == int.class || this.type == long.class) {
			writeInteger((Number) value, out);
			return;
		}
		if (this.type == String.class) {
			JsonText.writeString(out, (String) value);
			return;
		}
		writeAny(value, out);
	}

	private void writeInteger(Number value, JsonBuffer out) throws EncodeException {
		if (this.goType.charAt(0) == 'u') {
			out.writeUnsigned((this.type == int.class) ? value.intValue() & 0xffffffffL : value.longValue());
			return;
		}
		out.writeDecimal(value.longValue());
	}

	private void writeAny(Object value, JsonBuffer out) throws EncodeException {
		JsonGenerator generator = out.generator();
		if (generator == null) {
			generator = this.writer.withRootValueSeparator("").createGenerator(out);
			out.generator(generator);
		}
		int before = out.size();
		try {
			this.writer.writeValue(generator, value);
			generator.flush();
		}
		catch (JsonBuffer.MessageTooLargeException ex) {
			out.generator(null);
			throw ex;
		}
		catch (JacksonException ex) {
			out.generator(null);
			throw new EncodeException(this.goType + ": " + ex.getOriginalMessage(), ex);
		}
		catch (Throwable ex) {
			out.generator(null);
			if (ex instanceof VirtualMachineError error && !(ex instanceof StackOverflowError)) {
				throw error;
			}
			throw new EncodeException(this.goType + " cannot be written as JSON: " + ex.getClass().getSimpleName(), ex);
		}
		if (out.size() == before + 4 && out.endsWithNull()) {
			// An Optional without a value, for example: null is no result in this
			// protocol.
			out.truncate(before);
			out.write(this.zero);
		}
	}

	/**
	 * A value that does not fit; the message is for the peer, the cause, if there is one,
	 * is not. Without stack trace.
	 */
	static final class MisfitException extends Exception {

		private static final long serialVersionUID = 1L;

		private final boolean limit;

		MisfitException(String message) {
			this(message, null);
		}

		MisfitException(String message, @Nullable Throwable cause) {
			this(message, cause, false);
		}

		MisfitException(String message, @Nullable Throwable cause, boolean limit) {
			super(message, cause, false, false);
			this.limit = limit;
		}

		/** Whether it is a limit that does not allow the value. */
		boolean isLimit() {
			return this.limit;
		}

		String reason() {
			return String.valueOf(getMessage());
		}

	}

}
