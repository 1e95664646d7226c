package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.MetadataLimits;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireLimits;

/**
 * Reads requests and writes replies. <pre>
 * {"id":0,"result":15,"error":null}\n
 * {"id":1,"result":null,"error":"divide by zero"}\n
 * </pre> Members of ours follow the last one, once a request has had any.
 */
final class JsonServerCodec implements ServerCodec {

	private static final byte[] ID = "{\"id\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] RESULT = ",\"result\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NO_ERROR = ",\"error\":null".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ERROR = ",\"result\":null,\"error\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NOTICE = "{\"id\":18446744073709551615,\"result\":{},\"error\":null"
		.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

	private final RequestScanner scanner;

	private volatile boolean extended;

	JsonServerCodec(WireLimits limits, int longestCommonName) {
		this.scanner = new RequestScanner(limits, longestCommonName);
	}

	@Override
	public int decode(byte[] buffer, int from, int to, RequestSink sink) throws WireException {
		int at = from;
		while (true) {
			if (!this.scanner.inValue()) {
				at = JsonScanner.skipBlanks(buffer, at, to);
				if (at == to) {
					return at - from;
				}
			}
			int end = this.scanner.scan(buffer, at, to);
			if (end < 0) {
				return at - from;
			}
			boolean decided = request(buffer, at, end, sink);
			this.scanner.reset();
			if (!decided) {
				return at - from;
			}
			at = end;
			if (!sink.wantsMore()) {
				return at - from;
			}
		}
	}

	/** Takes a request; false if it is not decided yet whether it may be. */
	private boolean request(byte[] buffer, int base, int end, RequestSink sink) {
		RequestScanner found = this.scanner;
		IncomingRequest begun = begin(buffer, base, sink);
		begun.size(end - base);
		begun.identify(0, (found.idEnd() > found.idStart())
				? JsonText.compact(buffer, base + found.idStart(), base + found.idEnd()) : NULL);
		String misfit = null;
		if (found.extended()) {
			misfit = extend(begun, buffer, base);
		}
		else if (found.metaStart() >= 0) {
			misfit = goAlong(begun, buffer, base);
		}
		IncomingRequest request = sink.admit(begun);
		if (request == null) {
			return false;
		}
		if (misfit != null) {
			request.malformed(misfit);
		}
		else {
			readArgument(request, buffer, base);
		}
		return true;
	}

	private void readArgument(IncomingRequest request, byte[] buffer, int base) {
		RequestScanner found = this.scanner;
		JsonPlan plan = (JsonPlan) request.argumentPlan();
		if (plan == null) {
			request.received(null);
			return;
		}
		if (found.params() != '[') {
			request.malformed((found.params() == 0) ? "jsonrpc: request body missing params"
					: "jsonrpc: params: " + kind(found.params()) + " (expected: a list)");
			return;
		}
		Object argument;
		try {
			argument = argument(plan, buffer, base);
		}
		catch (JsonPlan.MisfitException ex) {
			if (ex.isLimit()) {
				request.beyondLimit();
			}
			request.malformed(ex.reason(), ex.getCause());
			return;
		}
		request.received(argument);
	}

	/** Reads our members; returns why they cost the call, if they do. */
	private @Nullable String extend(IncomingRequest request, byte[] buffer, int base) {
		RequestScanner found = this.scanner;
		if (!this.extended) {
			this.extended = true;
		}
		try {
			long timeLeft = (found.timeLeftStart() >= 0)
					? Extensions.timeLeft(buffer, base + found.timeLeftStart(), base + found.timeLeftEnd()) : 0;
			request.extensions(timeLeft, (found.metaStart() >= 0)
					? Extensions.metadata(buffer, base + found.metaStart(), base + found.metaEnd()) : Map.of());
			return null;
		}
		catch (JsonPlan.MisfitException ex) {
			if (ex.isLimit()) {
				request.beyondLimit();
			}
			request.extensions(0, Map.of());
			return ex.reason();
		}
	}

	/**
	 * Reads metadata of a peer that is not known to be ours, or something of its own.
	 * Returns why they cost the call, if they do: among those that are too many may be a
	 * token, without which the call would run as somebody else.
	 */
	private @Nullable String goAlong(IncomingRequest request, byte[] buffer, int base) {
		try {
			request
				.metadata(Extensions.metadata(buffer, base + this.scanner.metaStart(), base + this.scanner.metaEnd()));
			return null;
		}
		catch (JsonPlan.MisfitException ex) {
			if (!ex.isLimit()) {
				return null;
			}
			request.beyondLimit();
			return ex.reason();
		}
	}

	private IncomingRequest begin(byte[] buffer, int base, RequestSink sink) {
		int from = base + this.scanner.methodStart();
		int to = base + this.scanner.methodEnd();
		if (this.scanner.methodEscaped()) {
			byte[] name = JsonText.unescape(buffer, from, to);
			return sink.begin(name, 0, name.length);
		}
		return sink.begin(buffer, from, to);
	}

	private @Nullable Object argument(JsonPlan plan, byte[] buffer, int base) throws JsonPlan.MisfitException {
		RequestScanner found = this.scanner;
		if (found.argumentStart() < 0) {
			return plan.readZero();
		}
		return plan.read(buffer, base + found.argumentStart(), base + found.argumentEnd(), found.objects(),
				found.arrays(), found.scalars(), found.names(), found.rareNames());
	}

	private static String kind(byte first) {
		return switch (first) {
			case '{' -> "an object";
			case '"' -> "a string";
			case 't', 'f' -> "a bool";
			default -> "a number";
		};
	}

	@Override
	public boolean inRequest() {
		return this.scanner.inValue();
	}

	@Override
	public void limitMessages(int bytes) {
		this.scanner.limit(bytes);
	}

	@Override
	public boolean isExtended() {
		return this.extended;
	}

	@Override
	public void encodeReply(IncomingRequest request, @Nullable Object value, ValuePlan plan,
			Map<String, String> metadata, MessageBuffer out) throws EncodeException {
		JsonBuffer text = (JsonBuffer) out;
		JsonPlan typed = (JsonPlan) plan;
		boolean withOurs = this.extended;
		text.clear();
		boolean whole = false;
		try {
			writeId(request, text);
			text.write(RESULT);
			typed.write(value, text);
			text.write(NO_ERROR);
			if (withOurs) {
				MetadataLimits.check(metadata);
				Extensions.writeOutcome(RpcCode.OK, null, typed.isAbsent(value), text);
				Extensions.writeMetadata(metadata, text);
			}
			text.write(END);
			whole = true;
		}
		catch (JsonBuffer.MessageTooLargeException ex) {
			throw new EncodeException(String.valueOf(ex.getMessage()), ex);
		}
		finally {
			if (!whole) {
				text.clear();
			}
		}
	}

	@Override
	public void encodeError(IncomingRequest request, RpcCode code, @Nullable Known known, String message,
			Map<String, String> metadata, MessageBuffer out) {
		JsonBuffer text = (JsonBuffer) out;
		text.clear();
		writeId(request, text);
		text.write(ERROR);
		JsonText.writeString(text, message);
		if (this.extended) {
			Extensions.writeOutcome(code, known, false, text);
			Extensions.writeMetadata(MetadataLimits.sendable(metadata), text);
		}
		text.write(END);
	}

	@Override
	public void encodeNotice(Map<String, String> metadata, MessageBuffer out) throws EncodeException {
		if (!this.extended) {
			throw new IllegalStateException("The peer is not known to be an extended one");
		}
		JsonBuffer text = (JsonBuffer) out;
		text.clear();
		MetadataLimits.check(metadata);
		text.write(NOTICE);
		Extensions.writeOutcome(RpcCode.OK, null, false, text);
		Extensions.writeMetadata(metadata, text);
		text.write(END);
	}

	private static void writeId(IncomingRequest request, JsonBuffer text) {
		byte[] id = request.id();
		text.write(ID);
		text.write((id != null) ? id : NULL);
	}

}
