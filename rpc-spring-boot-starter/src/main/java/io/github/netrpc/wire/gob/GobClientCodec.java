package io.github.netrpc.wire.gob;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
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
 * connection; or when the stream is known to break within the reply, as in Go: the call
 * is told what was wrong with it, and then the connection ends.
 */
final class GobClientCodec implements ClientCodec {

	private final GobDecoder decoder;

	private final SentTypes sent;

	private final GobRow header;

	private boolean headerRead;

	private long seq;

	private @Nullable String error;

	/** Whether the peer has been announced as an extended one. */
	private boolean announced;

	/** Whether the reply under way has our fields, and what they say. */
	private boolean extended;

	private long code;

	private long known;

	private boolean absent;

	private Map<String, String> metadata = Map.of();

	private @Nullable String misfit;

	GobClientCodec(Headers headers) {
		this.decoder = headers.gob().decoder();
		this.sent = headers.gob().sentTypes();
		this.header = headers.response().newRow();
	}

	@Override
	public void encodeRequest(ServiceMethod method, long number, long timeLeftNanos, Map<String, String> metadata,
			@Nullable Object argument, ValuePlan plan, MessageBuffer out) throws EncodeException {
		((GobBuffer) out).writeRequest(this.sent, method.utf8(), number, timeLeftNanos, metadata, argument,
				(GobPlan) plan);
	}

	@Override
	public int decode(byte[] buffer, int from, int to, ReplySink sink) throws WireException {
		int at = from;
		try {
			while (this.decoder.next(buffer, at, to)) {
				if (!this.headerRead) {
					if (!readHeader(sink)) {
						break;
					}
				}
				else {
					if (!this.decoder.isWhole()) {
						break;
					}
					this.headerRead = false;
					readBody(sink);
				}
				at = this.decoder.position();
			}
		}
		catch (GobException ex) {
			throw new WireException(String.valueOf(ex.getMessage()), ex);
		}
		return this.decoder.position() - from;
	}

	private boolean readHeader(ReplySink sink) throws WireException {
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
		this.extended = this.header.isKnown(Headers.CODE);
		if (this.extended) {
			readExtensions(sink);
		}
		this.header.clear();
		this.headerRead = true;
		return true;
	}

	private void readExtensions(ReplySink sink) {
		this.code = this.header.number(Headers.CODE);
		this.known = this.header.number(Headers.KNOWN);
		this.absent = this.header.number(Headers.ABSENT) != 0;
		this.metadata = this.header.texts(Headers.RESPONSE_META);
		this.misfit = this.header.misfit();
		if (!this.announced) {
			this.announced = true;
			sink.extended();
		}
	}

	private void readBody(ReplySink sink) {
		if (!this.extended) {
			readReply(sink.take(this.seq), false);
			return;
		}
		Map<String, String> received = this.metadata;
		this.metadata = Map.of();
		if (this.seq == Headers.NOTICE) {
			readReply(null, false);
			sink.notice(received);
			return;
		}
		PendingReply call = sink.take(this.seq);
		if (call != null && !received.isEmpty()) {
			call.metadata(received);
		}
		readReply(call, this.absent);
	}

	private void readReply(@Nullable PendingReply call, boolean isAbsent) {
		GobPlan plan = (call != null && this.error == null) ? (GobPlan) call.replyPlan() : null;
		String unfit = this.extended ? this.misfit : null;
		if (call == null || plan == null || plan.isSkipped() || isAbsent || unfit != null) {
			GobException lost = skip();
			if (call != null) {
				end(call, plan, unfit);
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
			call.malformed(String.valueOf(ex.getMessage()), ex.getCause());
			if (!ex.inStep()) {
				throw ex;
			}
			return;
		}
		call.succeeded(this.decoder.value());
	}

	/** Ends a call whose reply has no body to be read. */
	private void end(PendingReply call, @Nullable GobPlan plan, @Nullable String unfit) {
		String failure = this.error;
		if (failure != null) {
			fail(call, failure);
		}
		else if (unfit != null) {
			call.malformed("Response header: " + unfit);
		}
		else {
			call.succeeded((plan != null) ? plan.absent() : null);
		}
	}

	private void fail(PendingReply call, String failure) {
		if (!this.extended) {
			call.failed(failure, null, null);
			return;
		}
		RpcCode said = RpcCode.ofNumber(this.code);
		call.failed(failure, (said != RpcCode.OK) ? said : RpcCode.UNKNOWN, Known.ofNumber(this.known));
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
