package io.github.netrpc.wire.gob;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.gob.GobException;
import io.github.netrpc.gob.GobRow;
import io.github.netrpc.gob.GobWriter;
import io.github.netrpc.gob.SentTypes;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.MetadataLimits;

/**
 * A header and a body. Their bytes carry no state of a stream; the definitions that the
 * stream has not had go out before them, in the order of the stream.
 * <p>
 * There is a row for each kind of header that is sent often. All fields that a row ever
 * has are set each time, so that none needs to be cleared.
 */
final class GobBuffer implements MessageBuffer {

	private final Headers headers;

	private final GobRow stockRequest;

	private final GobRow stockReply;

	private final GobRow request;

	private final GobRow reply;

	private final GobWriter messages;

	private final GobWriter definitions;

	private @Nullable SentTypes stream;

	GobBuffer(Headers headers) {
		this.headers = headers;
		this.stockRequest = headers.stockRequest().newRow();
		this.stockReply = headers.stockResponse().newRow();
		this.request = headers.request().newRow();
		this.reply = headers.response().newRow();
		this.messages = headers.gob().writer();
		this.definitions = headers.gob().writer();
	}

	void writeRequest(SentTypes to, byte[] method, long seq, long timeLeftNanos, Map<String, String> metadata,
			@Nullable Object argument, GobPlan plan) throws EncodeException {
		begin(to);
		if (timeLeftNanos == 0 && metadata.isEmpty()) {
			name(this.stockRequest, method, seq);
			writeValue(this.stockRequest, argument, plan);
			return;
		}
		name(this.request, method, seq);
		this.request.number(Headers.TIME_LEFT, timeLeftNanos);
		writeValue(this.request, Headers.REQUEST_META, metadata, argument, plan);
	}

	void writeStockReply(SentTypes to, byte[] method, long seq, @Nullable Object value, GobPlan plan)
			throws EncodeException {
		begin(to);
		name(this.stockReply, method, seq);
		writeValue(this.stockReply, value, plan);
	}

	void writeReply(SentTypes to, byte[] method, long seq, @Nullable Object value, GobPlan plan,
			Map<String, String> metadata) throws EncodeException {
		begin(to);
		name(this.reply, method, seq);
		this.reply.number(Headers.ABSENT, plan.isAbsent(value) ? 1 : 0);
		writeValue(this.reply, Headers.RESPONSE_META, metadata, value, plan);
	}

	void writeStockError(SentTypes to, byte[] method, long seq, byte[] error) {
		begin(to);
		GobRow header = this.headers.stockResponse().newRow();
		name(header, method, seq);
		header.text(Headers.ERROR, error, 0, error.length);
		writeNothing(header);
	}

	void writeError(SentTypes to, byte[] method, long seq, byte[] error, RpcCode code, @Nullable Known known,
			Map<String, String> metadata) {
		begin(to);
		GobRow header = this.headers.response().newRow();
		name(header, method, seq);
		header.text(Headers.ERROR, error, 0, error.length);
		header.number(Headers.CODE, code.number());
		header.number(Headers.KNOWN, (known != null) ? known.number() : 0);
		header.texts(Headers.RESPONSE_META, metadata);
		writeNothing(header);
	}

	void writeNotice(SentTypes to, Map<String, String> metadata) throws EncodeException {
		begin(to);
		MetadataLimits.check(metadata);
		GobRow header = this.headers.response().newRow();
		header.number(Headers.SEQ, Headers.NOTICE);
		header.texts(Headers.RESPONSE_META, metadata);
		writeNothing(header);
	}

	private static final Object[] NOTHING = {};

	private void begin(SentTypes to) {
		this.messages.reset();
		this.stream = to;
	}

	private static void name(GobRow header, byte[] method, long seq) {
		header.text(Headers.METHOD, method, 0, method.length);
		header.number(Headers.SEQ, seq);
	}

	/** Go skips the body of an error, but it must be there. */
	private void writeNothing(GobRow header) {
		header.write(this.messages);
		this.headers.gob().emptyStruct().write(NOTHING, this.messages);
	}

	private void writeValue(GobRow header, int metaField, Map<String, String> metadata, @Nullable Object value,
			GobPlan plan) throws EncodeException {
		if (metadata.isEmpty()) {
			writeValue(header, value, plan);
			return;
		}
		MetadataLimits.check(metadata);
		header.texts(metaField, metadata);
		try {
			writeValue(header, value, plan);
		}
		finally {
			header.texts(metaField, Map.of());
		}
	}

	private void writeValue(GobRow header, @Nullable Object value, GobPlan plan) throws EncodeException {
		try {
			header.write(this.messages);
			plan.type().writeOrZero(plan.sent(value), this.messages);
		}
		catch (GobException ex) {
			this.messages.reset();
			throw new EncodeException(String.valueOf(ex.getMessage()), ex);
		}
		catch (StackOverflowError ex) {
			this.messages.reset();
			throw new EncodeException("The value is nested too deep for the stack", ex);
		}
		catch (RuntimeException | Error ex) {
			this.messages.reset();
			throw ex;
		}
	}

	@Override
	public void writeTo(Output out) {
		SentTypes sent = this.stream;
		if (sent == null) {
			throw new IllegalStateException("Nothing has been encoded");
		}
		this.definitions.reset();
		if (sent.appendMissing(this.messages, this.definitions)) {
			out.write(this.definitions.array(), 0, this.definitions.length());
		}
		out.write(this.messages.array(), 0, this.messages.length());
	}

	@Override
	public int size() {
		return this.messages.length();
	}

	@Override
	public void trim() {
		this.messages.reset();
	}

}
