package io.github.netrpc.wire.gob;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.GobException;
import io.github.netrpc.gob.GobRow;
import io.github.netrpc.gob.GobWriter;
import io.github.netrpc.gob.SentTypes;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;

/**
 * A header and a body. Their bytes carry no state of a stream; the definitions that the
 * stream has not had go out before them, in the order of the stream.
 */
final class GobBuffer implements MessageBuffer {

	private final Headers headers;

	private final GobRow request;

	private final GobRow response;

	private final GobWriter messages;

	private final GobWriter definitions;

	private @Nullable SentTypes stream;

	GobBuffer(Headers headers) {
		this.headers = headers;
		this.request = headers.request().newRow();
		this.response = headers.response().newRow();
		this.messages = headers.gob().writer();
		this.definitions = headers.gob().writer();
	}

	void writeRequest(SentTypes to, byte[] method, long seq, @Nullable Object argument, GobPlan plan)
			throws EncodeException {
		begin(to);
		this.request.text(Headers.METHOD, method, 0, method.length);
		this.request.number(Headers.SEQ, seq);
		writeValue(this.request, argument, plan);
	}

	void writeReply(SentTypes to, byte[] method, long seq, @Nullable Object value, GobPlan plan)
			throws EncodeException {
		begin(to);
		header(method, seq);
		writeValue(this.response, value, plan);
	}

	void writeError(SentTypes to, byte[] method, long seq, byte[] error) {
		begin(to);
		header(method, seq);
		this.response.text(Headers.ERROR, error, 0, error.length);
		this.response.write(this.messages);
		// Go skips the body of an error, but it must be there
		this.headers.gob().emptyStruct().write(NOTHING, this.messages);
	}

	private static final Object[] NOTHING = {};

	private void begin(SentTypes to) {
		this.messages.reset();
		this.stream = to;
	}

	private void header(byte[] method, long seq) {
		this.response.clear();
		this.response.text(Headers.METHOD, method, 0, method.length);
		this.response.number(Headers.SEQ, seq);
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
