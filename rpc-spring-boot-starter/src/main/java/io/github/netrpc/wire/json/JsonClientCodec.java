package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ReplySink;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireLimits;

/**
 * Writes requests and reads replies. <pre>
 * {"method":"Arith.Add","params":[{"A":7,"B":8}],"id":0}\n
 * </pre>
 */
final class JsonClientCodec implements ClientCodec {

	private static final byte[] METHOD = "{\"method\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] PARAMS = ",\"params\":[".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ID = "],\"id\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

	private final ReplyScanner scanner;

	JsonClientCodec(WireLimits limits) {
		this.scanner = new ReplyScanner(limits);
	}

	@Override
	public void encodeRequest(ServiceMethod method, long seq, long timeLeftNanos, Map<String, String> metadata,
			@Nullable Object argument, ValuePlan plan, MessageBuffer out) throws EncodeException {
		JsonBuffer text = (JsonBuffer) out;
		text.clear();
		boolean whole = false;
		try {
			text.write(METHOD);
			JsonText.writeString(text, method.name());
			text.write(PARAMS);
			((JsonPlan) plan).write(argument, text);
			text.write(ID);
			text.writeUnsigned(seq);
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
	public int decode(byte[] buffer, int from, int to, ReplySink sink) throws WireException {
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
			reply(buffer, at, sink);
			this.scanner.reset();
			at = end;
		}
	}

	private void reply(byte[] buffer, int base, ReplySink sink) throws WireException {
		ReplyScanner found = this.scanner;
		if (found.error() != 0 && found.error() != '"') {
			throw JsonScanner.unexpected(buffer, base, base + found.errorStart() - 1, base + found.errorEnd() + 1,
					"a string or null for the error");
		}
		if (found.error() == 0 && found.resultStart() < 0) {
			throw new WireException("reply " + Long.toUnsignedString(found.id())
					+ " has neither result nor error (expected: one of them not null)");
		}
		PendingReply call = sink.take(found.id());
		if (call == null) {
			return;
		}
		if (found.error() != 0) {
			call.failed(error(buffer, base), null, null);
			return;
		}
		Object value;
		try {
			value = ((JsonPlan) call.replyPlan()).read(buffer, base + found.resultStart(), base + found.resultEnd(),
					found.objects(), found.arrays(), found.scalars());
		}
		catch (JsonPlan.MisfitException ex) {
			call.malformed(ex.reason());
			return;
		}
		call.succeeded(value);
	}

	private String error(byte[] buffer, int base) {
		int from = base + this.scanner.errorStart();
		int to = base + this.scanner.errorEnd();
		if (from == to) {
			return "unspecified error";
		}
		return this.scanner.errorEscaped() ? new String(JsonText.unescape(buffer, from, to), StandardCharsets.UTF_8)
				: new String(buffer, from, to - from, StandardCharsets.UTF_8);
	}

}
