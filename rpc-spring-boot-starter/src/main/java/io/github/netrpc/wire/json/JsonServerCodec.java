package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireLimits;

/**
 * Reads requests and writes replies. <pre>
 * {"id":0,"result":15,"error":null}\n
 * {"id":1,"result":null,"error":"divide by zero"}\n
 * </pre>
 */
final class JsonServerCodec implements ServerCodec {

	private static final byte[] ID = "{\"id\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] RESULT = ",\"result\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NO_ERROR = ",\"error\":null}\n".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ERROR = ",\"result\":null,\"error\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

	private final RequestScanner scanner;

	JsonServerCodec(WireLimits limits) {
		this.scanner = new RequestScanner(limits);
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
			request(buffer, at, sink);
			this.scanner.reset();
			at = end;
			if (!sink.wantsMore()) {
				return at - from;
			}
		}
	}

	private void request(byte[] buffer, int base, RequestSink sink) {
		RequestScanner found = this.scanner;
		IncomingRequest request = begin(buffer, base, sink);
		request.identify(0, (found.idEnd() > found.idStart())
				? JsonText.compact(buffer, base + found.idStart(), base + found.idEnd()) : null);
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
			request.malformed(ex.reason());
			return;
		}
		request.received(argument);
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
				found.arrays(), found.scalars());
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
	public boolean isExtended() {
		return false;
	}

	@Override
	public void encodeReply(IncomingRequest request, @Nullable Object value, ValuePlan plan,
			Map<String, String> metadata, MessageBuffer out) throws EncodeException {
		JsonBuffer text = (JsonBuffer) out;
		begin(request, text);
		boolean whole = false;
		try {
			text.write(RESULT);
			((JsonPlan) plan).write(value, text);
			text.write(NO_ERROR);
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
	public void encodeNotice(Map<String, String> metadata, MessageBuffer out) throws EncodeException {
		throw new EncodeException("The peer does not know notices");
	}

	@Override
	public void encodeError(IncomingRequest request, RpcCode code, @Nullable Known known, String message,
			Map<String, String> metadata, MessageBuffer out) {
		JsonBuffer text = (JsonBuffer) out;
		begin(request, text);
		text.write(ERROR);
		JsonText.writeString(text, message);
		text.write(END);
	}

	private static void begin(IncomingRequest request, JsonBuffer text) {
		byte[] id = request.id();
		text.clear();
		text.write(ID);
		text.write((id != null) ? id : NULL);
	}

}
