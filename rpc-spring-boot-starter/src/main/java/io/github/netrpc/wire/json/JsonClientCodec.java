package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.MetadataLimits;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ReplySink;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireLimits;

/**
 * Writes requests and reads replies. <pre>
 * {"method":"Arith.Add","params":[{"A":7,"B":8}],"id":0}\n
 * </pre> Members of ours, if there are any, follow the id.
 */
final class JsonClientCodec implements ClientCodec {

	private static final byte[] METHOD = "{\"method\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] PARAMS = ",\"params\":[".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ID = "],\"id\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

	/** The number of a reply that belongs to no call, 2^64-1. */
	private static final long NOTICE = -1;

	private final ReplyScanner scanner;

	/** Whether the peer has been announced as an extended one. */
	private boolean announced;

	JsonClientCodec(WireLimits limits, int longestCommonName) {
		this.scanner = new ReplyScanner(limits, longestCommonName);
	}

	@Override
	public void encodeRequest(ServiceMethod method, long seq, long timeLeftNanos, Map<String, String> metadata,
			@Nullable Object argument, ValuePlan plan, MessageBuffer out) throws EncodeException {
		JsonBuffer text = (JsonBuffer) out;
		text.clear();
		boolean whole = false;
		try {
			MetadataLimits.check(metadata);
			text.write(METHOD);
			JsonText.writeString(text, method.name());
			text.write(PARAMS);
			((JsonPlan) plan).write(argument, text);
			text.write(ID);
			text.writeUnsigned(seq);
			if (timeLeftNanos != 0 || !metadata.isEmpty()) {
				Extensions.writeTimeLeft(timeLeftNanos, text);
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
		Map<String, String> metadata = Map.of();
		String misfit = null;
		if (found.extended()) {
			if (!this.announced) {
				this.announced = true;
				sink.extended();
			}
			try {
				metadata = metadata(buffer, base);
			}
			catch (JsonPlan.MisfitException ex) {
				misfit = ex.reason();
			}
			if (found.id() == NOTICE) {
				sink.notice(metadata);
				return;
			}
		}
		PendingReply call = sink.take(found.id());
		if (call == null) {
			return;
		}
		if (!metadata.isEmpty()) {
			call.metadata(metadata);
		}
		if (found.error() != 0) {
			fail(call, error(buffer, base));
		}
		else if (misfit != null) {
			call.malformed(misfit);
		}
		else {
			succeed(call, buffer, base);
		}
	}

	private Map<String, String> metadata(byte[] buffer, int base) throws JsonPlan.MisfitException {
		int start = this.scanner.metaStart();
		return (start >= 0) ? Extensions.metadata(buffer, base + start, base + this.scanner.metaEnd()) : Map.of();
	}

	private void fail(PendingReply call, String error) {
		if (!this.scanner.extended()) {
			call.failed(error, null, null);
			return;
		}
		RpcCode said = RpcCode.ofNumber(this.scanner.code());
		call.failed(error, (said != RpcCode.OK) ? said : RpcCode.UNKNOWN, Known.ofNumber(this.scanner.known()));
	}

	private void succeed(PendingReply call, byte[] buffer, int base) {
		ReplyScanner found = this.scanner;
		JsonPlan plan = (JsonPlan) call.replyPlan();
		if (found.absent() && found.extended()) {
			call.succeeded(plan.absent());
			return;
		}
		Object value;
		try {
			value = plan.read(buffer, base + found.resultStart(), base + found.resultEnd(), found.objects(),
					found.arrays(), found.scalars(), found.names(), found.rareNames());
		}
		catch (JsonPlan.MisfitException ex) {
			call.malformed(ex.reason(), ex.getCause());
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
