package io.github.netrpc.wire.gob;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.gob.GobDecoder;
import io.github.netrpc.gob.GobException;
import io.github.netrpc.gob.GobRow;
import io.github.netrpc.gob.SentTypes;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.MetadataLimits;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;

/**
 * The server's side: a Request and an argument, by turns. An argument that does not fit
 * costs the call; a header that does not, or bytes out of step, cost the connection.
 */
final class GobServerCodec implements ServerCodec {

	private static final byte[] NO_METHOD = {};

	/** What is left of an error text that does not fit into a message. */
	private static final int SHORT_ERROR_BYTES = 16;

	private final GobDecoder decoder;

	private final SentTypes sent;

	private final GobRow header;

	/** The request whose argument is awaited. */
	private @Nullable IncomingRequest request;

	/** Whether its argument may be read. */
	private boolean admitted;

	/** What the request under way took before this buffer, in bytes, with definitions. */
	private int carriedBytes;

	/** Where in the buffer the request under way goes on. */
	private int requestFrom;

	/** Why that request is refused as it is, or null. */
	private @Nullable String refusal;

	/** Whether that is a limit. */
	private boolean refusedForLimit;

	private boolean inRequest;

	private volatile boolean extended;

	GobServerCodec(Headers headers) {
		this.decoder = headers.gob().decoder();
		this.sent = headers.gob().sentTypes();
		this.header = headers.request().newRow();
	}

	@Override
	public int decode(byte[] buffer, int from, int to, RequestSink sink) throws WireException {
		int at = from;
		boolean paused = false;
		this.requestFrom = from;
		if (this.request != null && !this.admitted && !admit(sink)) {
			return 0;
		}
		try {
			while (this.decoder.next(buffer, at, to)) {
				IncomingRequest begun = this.request;
				if (begun == null) {
					if (!readHeader()) {
						break;
					}
					this.request = begin(buffer, sink);
					at = this.decoder.position();
					this.admitted = false;
					if (!admit(sink)) {
						paused = true;
						break;
					}
					continue;
				}
				if (!readArgument(begun)) {
					break;
				}
				this.request = null;
				at = this.decoder.position();
				if (!sink.wantsMore()) {
					paused = true;
					break;
				}
			}
		}
		catch (GobException ex) {
			throw new WireException(String.valueOf(ex.getMessage()), ex, ex.isLimit());
		}
		at = this.decoder.position();
		this.carriedBytes += at - this.requestFrom;
		// Definitions alone are no request: a peer may send them as early as it likes
		this.inRequest = this.request != null || (at < to && !paused);
		return at - from;
	}

	/** Asks whether the argument of the request may be read. */
	private boolean admit(RequestSink sink) {
		IncomingRequest asked = Objects.requireNonNull(this.request);
		IncomingRequest answer = sink.admit(asked);
		if (answer != null) {
			this.request = answer;
			this.admitted = true;
		}
		return answer != null;
	}

	private boolean readHeader() throws WireException {
		try {
			return this.decoder.read(this.header);
		}
		catch (GobException ex) {
			throw new WireException("Request header: " + ex.getMessage(), ex, ex.isLimit());
		}
	}

	private IncomingRequest begin(byte[] buffer, RequestSink sink) {
		IncomingRequest begun = sink.begin(buffer, this.header.textFrom(Headers.METHOD),
				this.header.textTo(Headers.METHOD));
		begun.identify(this.header.number(Headers.SEQ), null);
		if (this.header.isKnown(Headers.TIME_LEFT)) {
			extend(begun);
		}
		else if (this.header.misfitIsLimit()) {
			// A token may be among what is too much: the call must not run as somebody
			// else.
			this.refusal = "Request header: " + this.header.misfit();
			this.refusedForLimit = true;
		}
		else if (this.header.isKnown(Headers.REQUEST_META) && this.header.misfit() == null) {
			begun.metadata(this.header.texts(Headers.REQUEST_META));
		}
		this.header.clear();
		return begun;
	}

	private void extend(IncomingRequest begun) {
		if (!this.extended) {
			this.extended = true;
		}
		long timeLeft = this.header.number(Headers.TIME_LEFT);
		String misfit = this.header.misfit();
		if (misfit == null && timeLeft < 0) {
			misfit = timeLeft + " ns left (expected: 0 or more), at TimeLeft";
		}
		this.refusal = (misfit != null) ? "Request header: " + misfit : null;
		this.refusedForLimit = this.header.misfitIsLimit();
		begun.extensions(Math.max(0, timeLeft), this.header.texts(Headers.REQUEST_META));
	}

	private boolean readArgument(IncomingRequest begun) {
		String refused = this.refusal;
		GobPlan plan = (refused != null) ? null : (GobPlan) begun.argumentPlan();
		boolean skipped = plan == null || plan.isSkipped();
		Object argument;
		try {
			if (!((plan != null && !skipped) ? this.decoder.read(plan.type()) : this.decoder.skip())) {
				return false;
			}
			argument = this.decoder.value();
		}
		catch (GobException ex) {
			if (!ex.inStep()) {
				throw ex;
			}
			if (!skipped) {
				endRequest();
				if (ex.isLimit()) {
					begun.beyondLimit();
				}
				begun.malformed(String.valueOf(ex.getMessage()), ex.getCause());
				return true;
			}
			// Not even fit to be skipped, but its end is known
			argument = null;
		}
		int size = endRequest();
		if (refused != null) {
			this.refusal = null;
			if (this.refusedForLimit) {
				begun.beyondLimit();
			}
			begun.malformed(refused);
		}
		else {
			begun.size(size);
			begun.received(argument);
		}
		return true;
	}

	/** The same however the request was cut: what came since the one before it. */
	private int endRequest() {
		int size = this.carriedBytes + this.decoder.position() - this.requestFrom;
		this.carriedBytes = 0;
		this.requestFrom = this.decoder.position();
		return size;
	}

	@Override
	public boolean inRequest() {
		return this.inRequest;
	}

	@Override
	public int definitionBytes() {
		return this.decoder.definitionBytes();
	}

	@Override
	public void limitMessages(int bytes) {
		this.decoder.limitMessages(bytes);
	}

	@Override
	public boolean isExtended() {
		return this.extended;
	}

	@Override
	public void encodeReply(IncomingRequest answered, @Nullable Object value, ValuePlan plan,
			Map<String, String> metadata, MessageBuffer out) throws EncodeException {
		GobBuffer buffer = (GobBuffer) out;
		if (this.extended) {
			buffer.writeReply(this.sent, answered.methodName(), answered.seq(), value, (GobPlan) plan, metadata);
		}
		else {
			buffer.writeStockReply(this.sent, answered.methodName(), answered.seq(), value, (GobPlan) plan);
		}
	}

	@Override
	public void encodeError(IncomingRequest answered, RpcCode code, @Nullable Known known, String message,
			Map<String, String> metadata, MessageBuffer out) {
		byte[] text = message.getBytes(StandardCharsets.UTF_8);
		try {
			encodeError(answered, answered.methodName(), code, known, text, MetadataLimits.sendable(metadata), out);
		}
		catch (GobException ex) {
			// Too long together. Clients go by Seq, and nobody needs the name back
			byte[] part = Arrays.copyOf(text, Math.min(text.length, SHORT_ERROR_BYTES));
			encodeError(answered, NO_METHOD, code, known, part, Map.of(), out);
		}
	}

	private void encodeError(IncomingRequest answered, byte[] method, RpcCode code, @Nullable Known known, byte[] text,
			Map<String, String> metadata, MessageBuffer out) {
		GobBuffer buffer = (GobBuffer) out;
		if (this.extended) {
			buffer.writeError(this.sent, method, answered.seq(), text, code, known, metadata);
		}
		else {
			buffer.writeStockError(this.sent, method, answered.seq(), text);
		}
	}

	@Override
	public void encodeNotice(Map<String, String> metadata, MessageBuffer out) throws EncodeException {
		if (!this.extended) {
			throw new IllegalStateException("The peer is not known to be an extended one");
		}
		((GobBuffer) out).writeNotice(this.sent, metadata);
	}

}
