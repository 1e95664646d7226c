package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;

import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireLimits;

/**
 * Finds the end of a top-level value and where the members of its object are, in one pass
 * that goes on where the last piece ended. Refuses whatever is not JSON at the first byte
 * that cannot be. Nothing is copied or allocated. Used by one thread at a time.
 *
 * <p>
 * The top-level value is an object or {@code null}. Its members are announced by
 * {@link #member}; all positions are relative to the value's first byte, since the bytes
 * may move between two pieces. The grammar is RFC 8259's. Invalid UTF-8 inside strings is
 * left to the reader of the string.
 */
abstract class JsonScanner {

	/** Objects and lists that a message is wrapped in: the envelope and the params. */
	private static final int ENVELOPE_DEPTH = 2;

	/** What the next byte may be. The states up to STRING are between tokens. */
	private static final int TOP = 0;

	private static final int VALUE = 1;

	private static final int VALUE_OR_END = 2;

	private static final int NAME = 3;

	private static final int NAME_OR_END = 4;

	private static final int COLON = 5;

	private static final int COMMA_OR_END = 6;

	private static final int STRING = 7;

	private static final int ESCAPE = 8;

	private static final int HEX = 9;

	private static final int LITERAL = 10;

	private static final int MINUS = 11;

	private static final int ZERO = 12;

	private static final int DIGITS = 13;

	private static final int POINT = 14;

	private static final int FRACTION = 15;

	private static final int EXPONENT = 16;

	private static final int EXPONENT_SIGN = 17;

	private static final int EXPONENT_DIGITS = 18;

	/** Four digits and what announces them. */
	private static final int UNIT_BYTES = 6;

	private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

	private final int mostBytes;

	/** At most that. */
	private int maxBytes;

	/** One bit for each open bracket: whether it is an object's. */
	private final long[] objects;

	private final int maxDepth;

	private final int longestCommonName;

	private int state;

	/** How many bytes of the value have been scanned. */
	private int scanned;

	private int depth;

	/** Whether the string under way is a member's name. */
	private boolean inName;

	private boolean escaped;

	private byte[] literal = NULL;

	/** How much of a literal, or of an escape's digits, has been seen. */
	private int progress;

	private int tokenStart;

	/** The current member of the top-level object. */
	private int nameStart;

	private int nameEnd;

	private boolean nameEscaped;

	private int valueStart;

	private boolean valueEscaped;

	/** Halves of surrogate pairs in the name under way, without their other ones. */
	private int halves;

	/** Last byte of the last first half. */
	private int firstHalf;

	/** Structure of the value under way at depth 1, for the reader's budget. */
	private int objectCount;

	private int arrayCount;

	private int scalarCount;

	private int nameCount;

	private boolean rareName;

	/** First element of the value under way at depth 1, if that is a list. */
	private int elementStart;

	private int elementEnd;

	/**
	 * Creates a scanner.
	 * @param limits bounds on what is read
	 * @param longestCommonName see {@link RareNames#longestCommonName}
	 */
	JsonScanner(WireLimits limits, int longestCommonName) {
		this.longestCommonName = longestCommonName;
		this.mostBytes = limits.maxMessageBytes();
		this.maxBytes = this.mostBytes;
		this.maxDepth = limits.maxDepth() + ENVELOPE_DEPTH;
		this.objects = new long[(this.maxDepth + 63) >> 6];
		reset();
	}

	/**
	 * A member of the top-level object has been read, name and value.
	 * @param buffer holds the bytes
	 * @param value where the value begins in the buffer
	 * @param end index behind the value
	 * @param base where the top-level value begins in the buffer
	 * @throws WireException if the value cannot be what this member wants
	 */
	abstract void member(byte[] buffer, int base, int value, int end) throws WireException;

	// Whether a value has begun and not ended.
	final boolean inValue() {
		return this.scanned > 0;
	}

	/** Bounds values, at most as the limits do. */
	final void limit(int bytes) {
		this.maxBytes = Math.min(bytes, this.mostBytes);
	}

	/** Starts with a new value. */
	void reset() {
		this.state = TOP;
		this.scanned = 0;
		this.depth = 0;
		this.firstHalf = -1;
	}

	// Skips blanks between values.
	static int skipBlanks(byte[] buffer, int from, int to) {
		int at = from;
		while (at < to && isBlank(buffer[at])) {
			at++;
		}
		return at;
	}

	static boolean isBlank(byte b) {
		return b == ' ' || b == '\n' || b == '\r' || b == '\t';
	}

	/**
	 * Goes on with a value.
	 * @param buffer holds the bytes
	 * @param base index of the value's first byte, which is not blank
	 * @param to index behind the last byte that has arrived
	 * @return index behind the value, or -1 if it has not ended
	 * @throws WireException if the value is not JSON, neither object nor null, or beyond
	 * a limit
	 */
	final int scan(byte[] buffer, int base, int to) throws WireException {
		int limit = (int) Math.min(to, (long) base + this.maxBytes);
		int at = base + this.scanned;
		int state = this.state;
		while (at < limit) {
			byte b = buffer[at];
			switch (state) {
				case STRING -> {
					while (b != '"' && b != '\\' && (b >= 0x20 || b < 0)) {
						if (++at == limit) {
							this.state = state;
							return pause(base, at, to);
						}
						b = buffer[at];
					}
					state = inString(b, buffer, base, at, to);
				}
				case ESCAPE -> {
					state = escape(b, buffer, base, at, to);
				}
				case HEX -> {
					if (Character.digit(b, 16) < 0) {
						throw unexpected(buffer, base, at, to, "four hexadecimal digits");
					}
					if (++this.progress == 4) {
						if (this.inName) {
							unitOfName(buffer, base, at);
						}
						state = STRING;
					}
				}
				case LITERAL -> {
					if (b != this.literal[this.progress]) {
						throw unexpected(buffer, base, at, to, "true, false or null");
					}
					if (++this.progress == this.literal.length) {
						if (this.depth == 0) {
							return at + 1;
						}
						state = valueEnd(buffer, base, at + 1);
					}
				}
				case MINUS, ZERO, DIGITS, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS -> {
					int next = inNumber(state, b);
					if (next == VALUE) {
						throw unexpected(buffer, base, at, to, "a number");
					}
					if (next == COMMA_OR_END) {
						state = valueEnd(buffer, base, at);
						// The byte belongs to what follows the number.
						continue;
					}
					state = next;
				}
				default -> {
					if (!isBlank(b)) {
						state = token(state, b, buffer, base, at, to);
						if (this.depth == 0 && state == COMMA_OR_END) {
							return at + 1;
						}
					}
				}
			}
			at++;
		}
		this.state = state;
		return pause(base, at, to);
	}

	private int pause(int base, int at, int to) throws WireException {
		this.scanned = at - base;
		if (at < to || this.scanned >= this.maxBytes) {
			throw new WireException("JSON value: more than " + this.scanned + " bytes (limit: " + this.maxBytes
					+ " bytes, max-message-size)", null, true);
		}
		return -1;
	}

	// The byte behind a string's plain characters.
	private int inString(byte b, byte[] buffer, int base, int at, int to) throws WireException {
		if (b == '"') {
			return stringEnd(buffer, base, at + 1);
		}
		if (b == '\\') {
			this.escaped = true;
			return ESCAPE;
		}
		throw unexpected(buffer, base, at, to, "no control characters in a string");
	}

	private int escape(byte b, byte[] buffer, int base, int at, int to) throws WireException {
		return switch (b) {
			case 'u' -> {
				this.progress = 0;
				yield HEX;
			}
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> STRING;
			default -> throw unexpected(buffer, base, at, to, "an escape");
		};
	}

	// Whether it is half a pair is known when the next one has come, or the name's end.
	private void unitOfName(byte[] buffer, int base, int at) {
		char unit = (char) JsonText.hex(buffer, at - 3);
		if (Character.isHighSurrogate(unit)) {
			this.halves++;
			this.firstHalf = at - base;
		}
		else if (Character.isLowSurrogate(unit)) {
			this.halves += (this.firstHalf == at - base - UNIT_BYTES) ? -1 : 1;
		}
	}

	// The token that begins with a byte; returns the next state.
	private int token(int state, byte b, byte[] buffer, int base, int at, int to) throws WireException {
		return switch (state) {
			case TOP -> top(b, buffer, base, at, to);
			case NAME -> name(b, buffer, base, at, to);
			case NAME_OR_END -> (b == '}') ? close(buffer, base, at) : name(b, buffer, base, at, to);
			case COLON -> {
				if (b != ':') {
					throw unexpected(buffer, base, at, to, "a colon");
				}
				yield VALUE;
			}
			case COMMA_OR_END -> {
				boolean object = inObject();
				if (b == ',') {
					yield object ? NAME : VALUE;
				}
				if (b != (object ? '}' : ']')) {
					throw unexpected(buffer, base, at, to, object ? "a comma or }" : "a comma or ]");
				}
				yield close(buffer, base, at);
			}
			case VALUE_OR_END -> (b == ']') ? close(buffer, base, at) : value(b, buffer, base, at, to);
			default -> value(b, buffer, base, at, to);
		};
	}

	private int top(byte b, byte[] buffer, int base, int at, int to) throws WireException {
		if (b == '{') {
			return open(true, base, at);
		}
		if (b == 'n') {
			return literal(NULL);
		}
		throw unexpected(buffer, base, at, to, "an object");
	}

	private int name(byte b, byte[] buffer, int base, int at, int to) throws WireException {
		if (b != '"') {
			throw unexpected(buffer, base, at, to, "a member's name");
		}
		this.inName = true;
		this.escaped = false;
		this.halves = 0;
		this.tokenStart = at - base;
		return STRING;
	}

	private int value(byte b, byte[] buffer, int base, int at, int to) throws WireException {
		if (this.depth == 1) {
			memberBegins(at - base);
		}
		else if (this.depth == 2 && this.elementStart < 0 && !inObject()) {
			this.elementStart = at - base;
		}
		if (b == '{') {
			this.objectCount++;
			return open(true, base, at);
		}
		if (b == '[') {
			this.arrayCount++;
			return open(false, base, at);
		}
		this.scalarCount++;
		return switch (b) {
			case '"' -> {
				this.inName = false;
				this.escaped = false;
				yield STRING;
			}
			case 't' -> literal(TRUE);
			case 'f' -> literal(FALSE);
			case 'n' -> literal(NULL);
			case '-' -> MINUS;
			case '0' -> ZERO;
			case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> DIGITS;
			default -> throw unexpected(buffer, base, at, to, "a value");
		};
	}

	private void memberBegins(int start) {
		this.valueStart = start;
		this.elementStart = -1;
		this.elementEnd = -1;
		this.objectCount = 0;
		this.arrayCount = 0;
		this.scalarCount = 0;
		this.nameCount = 0;
		this.rareName = false;
	}

	private int literal(byte[] text) {
		this.literal = text;
		this.progress = 1;
		return LITERAL;
	}

	// Next state of a number: COMMA_OR_END if it has ended, VALUE if it is none.
	private static int inNumber(int state, byte b) {
		boolean digit = b >= '0' && b <= '9';
		return switch (state) {
			case MINUS -> (b == '0') ? ZERO : digit ? DIGITS : VALUE;
			case POINT -> digit ? FRACTION : VALUE;
			case EXPONENT -> digit ? EXPONENT_DIGITS : (b == '+' || b == '-') ? EXPONENT_SIGN : VALUE;
			case EXPONENT_SIGN -> digit ? EXPONENT_DIGITS : VALUE;
			case EXPONENT_DIGITS -> digit ? EXPONENT_DIGITS : COMMA_OR_END;
			default -> integerOrFraction(state, b, digit);
		};
	}

	private static int integerOrFraction(int state, byte b, boolean digit) {
		if (digit && state != ZERO) {
			return state;
		}
		if (b == 'e' || b == 'E') {
			return EXPONENT;
		}
		return (b == '.' && state != FRACTION) ? POINT : COMMA_OR_END;
	}

	private int open(boolean object, int base, int at) throws WireException {
		if (this.depth == this.maxDepth) {
			throw new WireException("JSON value, byte " + (at - base) + ": nested deeper than "
					+ (this.maxDepth - ENVELOPE_DEPTH) + " levels (limit: max-depth)", null, true);
		}
		long bit = 1L << this.depth;
		int word = this.depth >> 6;
		this.objects[word] = object ? (this.objects[word] | bit) : (this.objects[word] & ~bit);
		this.depth++;
		return object ? NAME_OR_END : VALUE_OR_END;
	}

	private boolean inObject() {
		int top = this.depth - 1;
		return (this.objects[top >> 6] >>> top & 1) != 0;
	}

	private int close(byte[] buffer, int base, int at) throws WireException {
		this.depth--;
		if (this.depth == 0) {
			return COMMA_OR_END;
		}
		return valueEnd(buffer, base, at + 1);
	}

	private int stringEnd(byte[] buffer, int base, int end) throws WireException {
		if (!this.inName) {
			this.valueEscaped = this.escaped;
			return valueEnd(buffer, base, end);
		}
		if (this.depth == 1) {
			this.nameStart = this.tokenStart + 1;
			this.nameEnd = end - 1 - base;
			this.nameEscaped = this.escaped;
		}
		else {
			this.nameCount++;
			if (end - base - this.tokenStart - 2 > this.longestCommonName || this.halves > 0) {
				this.rareName = true;
			}
		}
		return COLON;
	}

	private int valueEnd(byte[] buffer, int base, int end) throws WireException {
		if (this.depth == 1) {
			member(buffer, base, base + this.valueStart, end);
		}
		else if (this.depth == 2 && this.elementStart >= 0 && this.elementEnd < 0) {
			this.elementEnd = end - base;
		}
		return COMMA_OR_END;
	}

	// Whether the current member has a name, which is given in lower case.
	final boolean isNamed(byte[] buffer, int base, byte[] name) {
		int length = this.nameEnd - this.nameStart;
		if (this.nameEscaped) {
			byte[] unescaped = JsonText.unescape(buffer, base + this.nameStart, base + this.nameEnd);
			return unescaped.length == name.length && equalsIgnoreCase(unescaped, 0, name);
		}
		return length == name.length && equalsIgnoreCase(buffer, base + this.nameStart, name);
	}

	private static boolean equalsIgnoreCase(byte[] buffer, int from, byte[] lowerCase) {
		for (int i = 0; i < lowerCase.length; i++) {
			byte b = buffer[from + i];
			if (b != lowerCase[i] && (b < 'A' || b > 'Z' || b + ('a' - 'A') != lowerCase[i])) {
				return false;
			}
		}
		return true;
	}

	// Whether the string that is the current member's value contains escapes.
	final boolean valueEscaped() {
		return this.valueEscaped;
	}

	// First element of the list that is the current member's value, or -1.
	final int elementStart() {
		return this.elementStart;
	}

	// Index behind the first element.
	final int elementEnd() {
		return this.elementEnd;
	}

	final int objectCount() {
		return this.objectCount;
	}

	final int arrayCount() {
		return this.arrayCount;
	}

	final int scalarCount() {
		return this.scalarCount;
	}

	final int nameCount() {
		return this.nameCount;
	}

	// Whether one of the names has to be read by RareNames, or may have to be.
	final boolean rareName() {
		return this.rareName;
	}

	static WireException unexpected(byte[] buffer, int base, int at, int to, String expected) {
		return new WireException("JSON value, byte " + (at - base) + ": " + JsonText.quote(buffer, at, to)
				+ " (expected: " + expected + ")");
	}

}
