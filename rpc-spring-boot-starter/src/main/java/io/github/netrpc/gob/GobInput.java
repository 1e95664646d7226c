package io.github.netrpc.gob;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A cursor over the messages of one stream, with what reading a value needs: the types
 * defined so far, the depth, the memory left, and the frames in which the properties of
 * unfinished objects wait. One per stream; not thread-safe.
 */
final class GobInput {

	private static final int INITIAL_SLOTS = 16;

	/** A string's or an array's own part. */
	private static final int OBJECT_BYTES = 40;

	/** Frames larger than this are given back after the value. */
	private static final int KEPT_SLOTS = 512;

	/** A length of 8 bytes, and how many they are. */
	private static final int MOST_PREFIX_BYTES = 9;

	private static final byte[] NO_BYTES = {};

	private static final long[] NO_LONGS = {};

	private static final @Nullable Object[] NO_REFS = {};

	final Gob gob;

	final GobLimits limits;

	/** At most that of the limits. */
	int maxMessageBytes;

	/** Where the row being read goes to. */
	@Nullable GobRow row;

	byte[] array = NO_BYTES;

	int pos;

	/** End of the message being read. */
	int end;

	/** End of the bytes at hand. */
	int limit;

	TypeTable types;

	/** Whether the value goes on behind its first message. */
	boolean crossed;

	private int depth;

	private long budget;

	private int valueStart;

	private long[] longs = NO_LONGS;

	private @Nullable Object[] refs = NO_REFS;

	private int longBase;

	private int longTop;

	private int refBase;

	private int refTop;

	GobInput(Gob gob) {
		this.gob = gob;
		this.limits = gob.limits();
		this.maxMessageBytes = this.limits.maxMessageBytes();
		this.types = gob.noTypes();
	}

	/** Starts reading a value, or starts again. */
	void beginValue(int start) {
		this.depth = 0;
		this.budget = this.limits.maxDecodedBytes();
		this.valueStart = start;
		this.crossed = false;
		if (this.refTop > 0) {
			Arrays.fill(this.refs, null);
		}
		this.longBase = 0;
		this.longTop = 0;
		this.refBase = 0;
		this.refTop = 0;
	}

	/** Lets go of bytes that are someone else's. */
	void release() {
		this.array = NO_BYTES;
	}

	/** Gives large frames back. */
	void endValue() {
		if (this.longs.length > KEPT_SLOTS) {
			this.longs = NO_LONGS;
		}
		if (this.refs.length > KEPT_SLOTS) {
			this.refs = NO_REFS;
		}
	}

	void enter() {
		if (++this.depth > this.limits.maxDepth()) {
			throw GobException.limitOfValue(
					"The value is nested deeper than " + this.limits.maxDepth() + " levels (limit: max-depth)");
		}
	}

	void leave() {
		this.depth--;
	}

	int depth() {
		return this.depth;
	}

	/** Pays for memory before it is allocated. */
	void charge(long bytes) {
		this.budget -= bytes;
		if (this.budget < 0) {
			throw GobException.limitOfValue("The decoded value takes more than " + this.limits.maxDecodedBytes()
					+ " bytes (limit: max-decoded-size)");
		}
	}

	/** Opens a frame; both bases must be restored by {@link #closeFrame}. */
	long openFrame(int longCount, int refCount) {
		long outer = ((long) this.longBase << 32) | this.refBase;
		this.longBase = this.longTop;
		this.refBase = this.refTop;
		this.longTop += longCount;
		this.refTop += refCount;
		if (this.longTop > this.longs.length) {
			this.longs = Arrays.copyOf(this.longs, Math.max(INITIAL_SLOTS, 2 * this.longTop));
		}
		if (this.refTop > this.refs.length) {
			this.refs = Arrays.copyOf(this.refs, Math.max(INITIAL_SLOTS, 2 * this.refTop));
		}
		for (int i = this.longBase; i < this.longTop; i++) {
			this.longs[i] = 0;
		}
		return outer;
	}

	void closeFrame(long outer) {
		for (int i = this.refBase; i < this.refTop; i++) {
			this.refs[i] = null;
		}
		this.longTop = this.longBase;
		this.refTop = this.refBase;
		this.longBase = (int) (outer >> 32);
		this.refBase = (int) outer;
	}

	long longAt(int slot) {
		return this.longs[this.longBase + slot];
	}

	void longAt(int slot, long value) {
		this.longs[this.longBase + slot] = value;
	}

	@Nullable Object refAt(int slot) {
		return this.refs[this.refBase + slot];
	}

	void refAt(int slot, @Nullable Object value) {
		this.refs[this.refBase + slot] = value;
	}

	/** As Go: elements that are not there are no empty structs either. */
	void checkMore() {
		if (this.pos >= this.end) {
			throw cut();
		}
	}

	boolean atEnd() {
		return this.pos >= this.end;
	}

	int left() {
		return this.end - this.pos;
	}

	/** Goes on in the next message of a value that is cut over several. */
	void nextMessage() {
		this.crossed = true;
		int at = this.end;
		int start = lengthPrefixEnd(this.array, at, this.limit);
		if (start < 0) {
			throw new NeedMore();
		}
		int size = messageSize(this.array, at, start);
		checkValueSize(this.valueStart, (long) start + size);
		if (size > this.limit - start) {
			throw new NeedMore();
		}
		this.pos = start;
		this.end = start + size;
	}

	/** Several messages of one value may not be more than the largest single one. */
	void checkValueSize(int start, long valueEnd) {
		if (valueEnd - start > (long) this.maxMessageBytes + MOST_PREFIX_BYTES) {
			throw GobException.limitOfStream("A value cut over several messages takes more than " + this.maxMessageBytes
					+ " bytes (limit: max-message-size)");
		}
	}

	/** Where the bytes of a message begin, or -1 if its length is not whole yet. */
	static int lengthPrefixEnd(byte[] array, int from, int to) {
		if (from >= to) {
			return -1;
		}
		int first = array[from];
		if (first >= 0) {
			return from + 1;
		}
		if (first < -8) {
			throw GobException.stream("Message length of " + -first + " bytes (expected: at most 8)");
		}
		return (to - from > -first) ? from + 1 - first : -1;
	}

	/** The length of a message, checked against the limit. */
	int messageSize(byte[] array, int from, int prefixEnd) {
		long size = array[from];
		if (size < 0) {
			size = 0;
			for (int i = from + 1; i < prefixEnd; i++) {
				size = (size << 8) | (array[i] & 0xff);
			}
		}
		if (size < 0 || size > this.maxMessageBytes) {
			throw GobException.limitOfStream("Message length: " + Long.toUnsignedString(size) + " (limit: "
					+ this.maxMessageBytes + " bytes, max-message-size)");
		}
		if (size == 0) {
			throw GobException.stream("Message length: 0 (expected: 1 or more)");
		}
		return (int) size;
	}

	long readUint() {
		if (this.pos >= this.end) {
			throw cut();
		}
		int first = this.array[this.pos++];
		return (first >= 0) ? first : readLongUint(-first);
	}

	private long readLongUint(int bytes) {
		if (bytes > 8) {
			throw GobException.value("Unsigned integer of " + bytes + " bytes (expected: at most 8)");
		}
		if (bytes > this.end - this.pos) {
			throw cut();
		}
		long value = 0;
		for (int i = 0; i < bytes; i++) {
			value = (value << 8) | (this.array[this.pos++] & 0xff);
		}
		return value;
	}

	/** What stands in front of a whole value that is no struct. */
	void readZeroDelta() {
		long delta = readUint();
		if (delta != 0) {
			throw GobException
				.value("Number " + Long.toUnsignedString(delta) + " before a value that is not a struct, expected 0");
		}
	}

	long readInt() {
		long value = readUint();
		return (value >>> 1) ^ -(value & 1);
	}

	/** The bits of a double. */
	long readDouble() {
		return Long.reverseBytes(readUint());
	}

	/** A count of bytes that must be at hand. */
	int readSize(String what) {
		long size = readUint();
		if (size < 0 || size > this.end - this.pos) {
			throw GobException.value("Length of " + what + ": " + Long.toUnsignedString(size) + " ("
					+ (this.end - this.pos) + " bytes are left in the message)");
		}
		return (int) size;
	}

	void skipBytes(String what) {
		int size = readSize(what);
		this.pos += size;
	}

	String readString() {
		int size = readSize("string");
		if (size == 0) {
			return "";
		}
		if (size > this.limits.maxStringBytes()) {
			throw GobException.limitOfValue("Length of string: " + size + " (limit: " + this.limits.maxStringBytes()
					+ " bytes, max-string-size)");
		}
		charge((long) OBJECT_BYTES + size);
		String text = new String(this.array, this.pos, size, StandardCharsets.UTF_8);
		this.pos += size;
		return text;
	}

	byte[] readBytes() {
		int size = readSize("bytes");
		charge((long) OBJECT_BYTES + size);
		this.pos += size;
		return Arrays.copyOfRange(this.array, this.pos - size, this.pos);
	}

	/** How many elements follow, each of which takes at least one byte. */
	int readCount(boolean mayCross) {
		long count = readUint();
		// An element that holds an interface may bring us to the next message
		long most = mayCross ? this.maxMessageBytes : this.end - this.pos;
		if (count < 0 || count > most) {
			throw GobException.value("Number of elements: " + Long.toUnsignedString(count) + " ("
					+ (this.end - this.pos) + " bytes are left in the message)");
		}
		return (int) count;
	}

	/** A type id, which is a signed 32-bit number. */
	int readTypeId() {
		long id = readInt();
		if (id < Integer.MIN_VALUE + 1L || id > Integer.MAX_VALUE) {
			throw GobException.stream("Type id: " + id + " (expected: one of 32 bits)");
		}
		return (int) id;
	}

	GobException cut() {
		return GobException.value("The message ends within a value");
	}

	static BigInteger unsigned(long value) {
		return (value >= 0) ? BigInteger.valueOf(value) : new BigInteger(Long.toUnsignedString(value));
	}

	/** Thrown when a value goes on in a message that has not come yet. */
	static final class NeedMore extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NeedMore() {
			super("more messages are needed", null, false, false);
		}

	}

}
