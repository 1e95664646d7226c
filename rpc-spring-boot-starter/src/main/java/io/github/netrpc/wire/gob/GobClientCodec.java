package io.github.netrpc.wire.gob;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;
import io.github.netrpc.gob.GobDecoder;
import io.github.netrpc.gob.GobException;
import io.github.netrpc.gob.GobRow;
import io.github.netrpc.gob.SentTypes;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ReplySink;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;

/**
 * The client's side: a Response and a reply, by turns. A call is taken from those that
 * wait only when its reply is there to the last byte, so that none is lost with the
 * connection.
 */
final class GobClientCodec implements ClientCodec {

	private final GobDecoder decoder;

	private final SentTypes sent;

	private final GobRow header;

	private boolean headerRead;

	private long seq;

	private @Nullable String error;

	GobClientCodec(Headers headers) {
		this.decoder = headers.gob().decoder();
		this.sent = headers.gob().sentTypes();
		this.header = headers.response().newRow();
	}

	@Override
	public void encodeRequest(ServiceMethod method, long number, long timeLeftNanos, Map<String, String> metadata,
			@Nullable Object argument, ValuePlan plan, MessageBuffer out) throws EncodeException {
		((GobBuffer) out).writeRequest(this.sent, method.utf8(), number, argument, (GobPlan) plan);
	}

	@Override
	public int decode(byte[] buffer, int from, int to, ReplySink sink) throws WireException {
		int at = from;
		try {
			while (this.decoder.next(buffer, at, to)) {
				if (!this.headerRead) {
					if (!readHeader()) {
						break;
					}
				}
				else {
					if (!this.decoder.isWhole()) {
						break;
					}
					this.headerRead = false;
					readReply(sink.take(this.seq));
				}
				at = this.decoder.position();
			}
		}
		catch (GobException ex) {
			throw new WireException(String.valueOf(ex.getMessage()), ex);
		}
		return this.decoder.position() - from;
	}

	private boolean readHeader() throws WireException {
		try {
			if (!this.decoder.read(this.header)) {
				return false;
			}
		}
		catch (GobException ex) {
			throw new WireException("Response header: " + ex.getMessage(), ex);
		}
		this.seq = this.header.number(Headers.SEQ);
		// An empty text is no error, says Go
		boolean failed = this.header.textTo(Headers.ERROR) > this.header.textFrom(Headers.ERROR);
		this.error = failed ? this.header.text(Headers.ERROR) : null;
		this.header.clear();
		this.headerRead = true;
		return true;
	}

	private void readReply(@Nullable PendingReply call) {
		String failure = this.error;
		GobPlan plan = (call != null && failure == null) ? (GobPlan) call.replyPlan() : null;
		if (call == null || plan == null || plan.isSkipped()) {
			GobException lost = skip();
			if (call != null) {
				end(call, failure);
			}
			if (lost != null) {
				throw lost;
			}
			return;
		}
		try {
			if (!this.decoder.read(plan.type())) {
				throw new IllegalStateException("A value that was whole is not");
			}
		}
		catch (GobException ex) {
			call.malformed(String.valueOf(ex.getMessage()));
			if (!ex.inStep()) {
				throw ex;
			}
			return;
		}
		call.succeeded(this.decoder.value());
	}

	private static void end(PendingReply call, @Nullable String failure) {
		if (failure != null) {
			call.failed(failure, null, null);
		}
		else {
			call.succeeded(null);
		}
	}

	/** Reads the body over; returns the failure if that broke the stream. */
	private @Nullable GobException skip() {
		try {
			this.decoder.skip();
			return null;
		}
		catch (GobException ex) {
			return ex.inStep() ? null : ex;
		}
	}

}
