package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.wire.MetadataLimits;
import io.github.netrpc.wire.json.JsonPlan.MisfitException;

/**
 * The members that a stock peer ignores. <pre>
 * request  ,"timeLeft":9999000000,"meta":{"tenant":"acme"}
 * reply    ,"code":0,"known":1,"absent":true,"meta":{"tenant":"acme"}
 * </pre> A peer is known by the first member of each: an extended request always has the
 * time left, 0 if there is none to tell, and an extended reply its code. The others are
 * there only if they say something. Of a peer without that first one they are its own
 * (vectors {@code jraw_extra_members}, {@code jreply_extra_members}), but metadata of a
 * request that could be ours are: others may have a token to show.
 */
final class Extensions {

	static final byte[] TIME_LEFT_NAME = "timeleft".getBytes(StandardCharsets.US_ASCII);

	static final byte[] META_NAME = "meta".getBytes(StandardCharsets.US_ASCII);

	static final byte[] CODE_NAME = "code".getBytes(StandardCharsets.US_ASCII);

	static final byte[] KNOWN_NAME = "known".getBytes(StandardCharsets.US_ASCII);

	static final byte[] ABSENT_NAME = "absent".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] TIME_LEFT = ",\"timeLeft\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] META = ",\"meta\":{".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] CODE = ",\"code\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] KNOWN = ",\"known\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ABSENT = ",\"absent\":true".getBytes(StandardCharsets.US_ASCII);

	private Extensions() {
	}

	static void writeTimeLeft(long nanos, JsonBuffer out) {
		out.write(TIME_LEFT);
		out.writeDecimal(nanos);
	}

	static void writeOutcome(RpcCode code, @Nullable Known known, boolean absent, JsonBuffer out) {
		out.write(CODE);
		out.writeDecimal(code.number());
		if (known != null && known.number() != 0) {
			out.write(KNOWN);
			out.writeDecimal(known.number());
		}
		if (absent) {
			out.write(ABSENT);
		}
	}

	static void writeMetadata(Map<String, String> metadata, JsonBuffer out) {
		if (metadata.isEmpty()) {
			return;
		}
		out.write(META);
		boolean first = true;
		for (Map.Entry<String, String> entry : metadata.entrySet()) {
			if (!first) {
				out.write(',');
			}
			first = false;
			JsonText.writeString(out, entry.getKey());
			out.write(':');
			JsonText.writeString(out, entry.getValue());
		}
		out.write('}');
	}

	// Reads the time left, which has been scanned.
	static long timeLeft(byte[] buffer, int from, int to) throws MisfitException {
		long nanos = 0;
		for (int at = from; at < to; at++) {
			int digit = buffer[at] - '0';
			if (digit < 0 || digit > 9 || nanos > (Long.MAX_VALUE - digit) / 10) {
				throw new MisfitException("timeLeft: " + JsonText.quote(buffer, from, to)
						+ " (expected: nanoseconds, an integer from 0 to " + Long.MAX_VALUE + ")");
			}
			nanos = nanos * 10 + digit;
		}
		return nanos;
	}

	// Reads metadata that have been scanned, an object of strings. Of two entries with
	// one key the last wins, as in Go.
	static Map<String, String> metadata(byte[] buffer, int from, int to) throws MisfitException {
		if (buffer[from] != '{') {
			throw new MisfitException("meta: " + JsonText.quote(buffer, from, to) + " (expected: an object)");
		}
		Map<String, String> metadata = new HashMap<>();
		int bytes = 0;
		int entries = 0;
		int at = JsonScanner.skipBlanks(buffer, from + 1, to);
		while (buffer[at] != '}') {
			if (++entries > MetadataLimits.MAX_ENTRIES) {
				throw new MisfitException("meta: more than " + MetadataLimits.MAX_ENTRIES + " entries", null, true);
			}
			int keyEnd = stringEnd(buffer, at);
			byte[] key = text(buffer, at, keyEnd);
			at = JsonScanner.skipBlanks(buffer, keyEnd, to);
			at = JsonScanner.skipBlanks(buffer, at + 1, to);
			if (buffer[at] != '"') {
				throw new MisfitException(
						"meta: a value beginning with " + (char) buffer[at] + " (expected: a string)");
			}
			int valueEnd = stringEnd(buffer, at);
			byte[] value = text(buffer, at, valueEnd);
			bytes += key.length + value.length;
			if (bytes > MetadataLimits.MAX_BYTES) {
				throw tooLarge();
			}
			metadata.put(new String(key, StandardCharsets.UTF_8), new String(value, StandardCharsets.UTF_8));
			at = JsonScanner.skipBlanks(buffer, valueEnd, to);
			if (buffer[at] == ',') {
				at = JsonScanner.skipBlanks(buffer, at + 1, to);
			}
		}
		return metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(metadata);
	}

	private static MisfitException tooLarge() {
		return new MisfitException("meta: more than " + MetadataLimits.MAX_BYTES + " bytes of keys and values", null,
				true);
	}

	// Index behind the closing quote.
	private static int stringEnd(byte[] buffer, int start) {
		int at = start + 1;
		while (buffer[at] != '"') {
			at += (buffer[at] == '\\') ? 2 : 1;
		}
		return at + 1;
	}

	// The longest escape makes 1 byte of 6: what is longer than that is not unescaped.
	private static byte[] text(byte[] buffer, int start, int end) throws MisfitException {
		if (end - start > 6 * MetadataLimits.MAX_BYTES + 2) {
			throw tooLarge();
		}
		return JsonText.unescape(buffer, start + 1, end - 1);
	}

}
