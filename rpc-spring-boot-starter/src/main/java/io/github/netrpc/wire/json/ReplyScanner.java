package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;

import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireLimits;

/**
 * Finds the members of a reply: <pre>
 * {"id":0,"result":15,"error":null}
 * </pre> and ours, see {@link Extensions}. The id is an integer of 64 bits without sign;
 * null or missing counts as 0. An error is a string; null or missing is none. All else
 * makes Go's client give the connection up (vectors {@code jreply_*}), and so does this
 * one.
 */
final class ReplyScanner extends JsonScanner {

	private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] RESULT = "result".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);

	private long id;

	/** First byte of the error, 0 without error. */
	private byte error;

	private int errorStart;

	private int errorEnd;

	private boolean errorEscaped;

	private int resultStart;

	private int resultEnd;

	private int objects;

	private int arrays;

	private int scalars;

	private int names;

	private boolean rareNames;

	/** The number of the code, -1 without one: a stock peer's reply. */
	private int code;

	private int known;

	private boolean absent;

	private int metaStart;

	private int metaEnd;

	ReplyScanner(WireLimits limits, int longestCommonName) {
		super(limits, longestCommonName);
	}

	@Override
	void reset() {
		super.reset();
		this.id = 0;
		this.error = 0;
		this.resultStart = -1;
		this.code = -1;
		this.known = 0;
		this.absent = false;
		this.metaStart = -1;
	}

	@Override
	void member(byte[] buffer, int base, int value, int end) throws WireException {
		byte first = buffer[value];
		if (isNamed(buffer, base, ID)) {
			if (first != 'n') {
				this.id = number(buffer, base, value, end);
			}
		}
		else if (isNamed(buffer, base, RESULT)) {
			this.resultStart = (first == 'n') ? -1 : value - base;
			this.resultEnd = end - base;
			this.objects = objectCount();
			this.arrays = arrayCount();
			this.scalars = scalarCount();
			this.names = nameCount();
			this.rareNames = rareName();
		}
		else if (isNamed(buffer, base, ERROR)) {
			this.error = (first == 'n') ? 0 : first;
			this.errorStart = value + 1 - base;
			this.errorEnd = end - 1 - base;
			this.errorEscaped = valueEscaped();
		}
		else {
			extension(buffer, base, value, end);
		}
	}

	private void extension(byte[] buffer, int base, int value, int end) {
		if (isNamed(buffer, base, Extensions.CODE_NAME)) {
			this.code = (buffer[value] == 'n') ? -1 : small(buffer, value, end);
		}
		else if (isNamed(buffer, base, Extensions.KNOWN_NAME)) {
			this.known = small(buffer, value, end);
		}
		else if (isNamed(buffer, base, Extensions.ABSENT_NAME)) {
			this.absent = buffer[value] == 't';
		}
		else if (isNamed(buffer, base, Extensions.META_NAME)) {
			this.metaStart = (buffer[value] == 'n') ? -1 : value - base;
			this.metaEnd = end - base;
		}
	}

	/** A number of at most two digits; of anything else one that means nothing. */
	private static int small(byte[] buffer, int value, int end) {
		int number = 0;
		for (int at = value; at < end; at++) {
			int digit = buffer[at] - '0';
			if (digit < 0 || digit > 9 || end - value > 2) {
				return Integer.MAX_VALUE;
			}
			number = 10 * number + digit;
		}
		return number;
	}

	private static long number(byte[] buffer, int base, int value, int end) throws WireException {
		long number = 0;
		for (int at = value; at < end; at++) {
			int digit = buffer[at] - '0';
			boolean fits = Long.compareUnsigned(number, Long.divideUnsigned(-1L - digit, 10)) <= 0;
			if (digit < 0 || digit > 9 || !fits) {
				throw unexpected(buffer, base, value, end, "an id from 0 to 18446744073709551615");
			}
			number = number * 10 + digit;
		}
		return number;
	}

	long id() {
		return this.id;
	}

	byte error() {
		return this.error;
	}

	int errorStart() {
		return this.errorStart;
	}

	int errorEnd() {
		return this.errorEnd;
	}

	boolean errorEscaped() {
		return this.errorEscaped;
	}

	int resultStart() {
		return this.resultStart;
	}

	int resultEnd() {
		return this.resultEnd;
	}

	int objects() {
		return this.objects;
	}

	int arrays() {
		return this.arrays;
	}

	int scalars() {
		return this.scalars;
	}

	int names() {
		return this.names;
	}

	boolean rareNames() {
		return this.rareNames;
	}

	// Whether the reply is an extended peer's.
	boolean extended() {
		return this.code >= 0;
	}

	int code() {
		return this.code;
	}

	int known() {
		return this.known;
	}

	boolean absent() {
		return this.absent;
	}

	// The metadata, or -1.
	int metaStart() {
		return this.metaStart;
	}

	int metaEnd() {
		return this.metaEnd;
	}

}
