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
 */
final class GobBuffer implements MessageBuffer {

	private final Headers headers;

	private final GobRow stockRequest;

	private final GobRow stockResponse;

	private final GobRow request;

	private final GobRow response;

	private final GobWriter messages;

	private final GobWriter definitions;

	private @Nullable SentTypes stream;

	GobBuffer(Headers headers) {
		this.headers = headers;
		this.stockRequest = headers.stockRequest().newRow();
		this.stockResponse = headers.stockResponse().newRow();
		this.request = headers.request().newRow();
		this.response = headers.response().newRow();
		this.messages = headers.gob().writer();
		this.definitions = headers.gob().writer();
	}

	void writeRequest(SentTypes to, byte[] method, long seq, long timeLeftNanos, Map<String, String> metadata,
			@Nullable Object argument, GobPlan plan) throws EncodeException {
		begin(to);
		GobRow header = this.stockRequest;
		if (timeLeftNanos != 0 || !metadata.isEmpty()) {
			MetadataLimits.check(metadata);
			header = this.request;
			header.number(Headers.TIME_LEFT, timeLeftNanos);
			header.texts(Headers.REQUEST_META, metadata);
		}
		name(header, method, seq);
		writeValue(header, argument, plan);
	}

	void writeStockReply(SentTypes to, byte[] method, long seq, @Nullable Object value, GobPlan plan)
			throws EncodeException {
		begin(to);
		name(this.stockResponse, method, seq);
		writeValue(this.stockResponse, value, plan);
	}

	void writeReply(SentTypes to, byte[] method, long seq, @Nullable Object value, GobPlan plan,
			Map<String, String> metadata) throws EncodeException {
		begin(to);
		MetadataLimits.check(metadata);
		GobRow header = this.response;
		name(header, method, seq);
		header.number(Headers.ABSENT, plan.isAbsent(value) ? 1 : 0);
		header.texts(Headers.RESPONSE_META, metadata);
		writeValue(header, value, plan);
	}

	void writeStockError(SentTypes to, byte[] method, long seq, byte[] error) {
		begin(to);
		GobRow header = this.stockResponse;
		name(header, method, seq);
		header.text(Headers.ERROR, error, 0, error.length);
		writeNothing(header);
	}

	void writeError(SentTypes to, byte[] method, long seq, byte[] error, RpcCode code, @Nullable Known known,
			Map<String, String> metadata) {
		begin(to);
		GobRow header = this.response;
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
		GobRow header = this.response;
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
		try {
			header.write(this.messages);
			this.headers.gob().emptyStruct().write(NOTHING, this.messages);
		}
		finally {
			header.clear();
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
		finally {
			header.clear();
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
