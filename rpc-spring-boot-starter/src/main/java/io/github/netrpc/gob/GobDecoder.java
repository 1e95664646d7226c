package io.github.netrpc.gob;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.GobInput.NeedMore;

/**
 * Reads one stream of gob from bytes that someone else gathers. Not thread-safe.
 * <pre class="code">
 * while (decoder.next(array, from, to)) {          // a value has come, definitions are taken in
 *     if (!decoder.read(type)) {                   // or skip()
 *         break;                                   // cut over messages: come again with more bytes
 *     }
 *     handle(decoder.value());
 *     from = decoder.position();                   // bytes before are not needed any more
 * }
 * from = decoder.position();
 * </pre> A stream is messages, each {@code uint(length)} and that many bytes: a
 * definition, which begins with a negative type id, or a value. After a
 * {@link GobException} that is {@link GobException#inStep() in step}, {@link #position()}
 * is behind the lost value.
 *
 * @since 0.1.0
 */
public final class GobDecoder {

	/** How often the bytes of a full message may be read in vain, all told. */
	private static final int MAX_REPEATS = 8;

	private final Gob gob;

	private final GobInput in;

	private int position;

	/** The value under way: its message, its first byte behind the id, its type. */
	private int start;

	private int first;

	private int end;

	private int typeId;

	private @Nullable TypeTable typesBefore;

	/** Where in the value's bytes reading stopped for want of a message. */
	private int stoppedAt;

	/** What had been defined there. */
	private @Nullable TypeTable typesAfter;

	private long repeatedBytes;

	private @Nullable GobException failure;

	private boolean afterDefinition;

	private boolean broken;

	private @Nullable Object value;

	GobDecoder(Gob gob) {
		this.gob = gob;
		this.in = new GobInput(gob);
	}

	/**
	 * Bounds the messages that are still to come more closely than the limits do, or as
	 * they do.
	 * @param bytes the size of one message; more than the limits say is no more
	 */
	public void limitMessages(int bytes) {
		this.in.maxMessageBytes = Math.min(bytes, this.in.limits.maxMessageBytes());
	}

	/**
	 * Goes to the next value, and takes in the definitions before it. After a read that
	 * was not finished the bytes must begin at {@link #position()} of then.
	 * @param array the bytes; not kept after the value was read
	 * @param from where the stream goes on
	 * @param to the end of what has come
	 * @return whether a value can be read or skipped now
	 * @throws GobException if the stream is broken; out of step
	 */
	public boolean next(byte[] array, int from, int to) {
		if (this.broken) {
			throw GobException.stream("The stream broke before");
		}
		this.in.array = array;
		this.in.limit = to;
		this.position = from;
		if (this.typesBefore != null) {
			int moved = from - this.start;
			this.start += moved;
			this.first += moved;
			this.end += moved;
			return true;
		}
		try {
			while (true) {
				int prefixEnd = GobInput.lengthPrefixEnd(array, this.position, to);
				int size = (prefixEnd >= 0) ? this.in.messageSize(array, this.position, prefixEnd) : Integer.MAX_VALUE;
				if (size > to - prefixEnd) {
					this.in.release();
					return false;
				}
				this.in.pos = prefixEnd;
				this.in.end = prefixEnd + size;
				int id = this.in.readTypeId();
				if (id >= 0) {
					begin(id);
					return true;
				}
				this.in.types = this.in.types.define(this.in, -id, true);
				this.position = this.in.end;
				this.afterDefinition = true;
			}
		}
		catch (GobException ex) {
			this.broken = true;
			throw ex.outOfStep();
		}
	}

	private void begin(int id) {
		this.start = this.position;
		this.first = this.in.pos;
		this.end = this.in.end;
		this.typeId = id;
		this.typesBefore = this.in.types;
		this.stoppedAt = 0;
		this.repeatedBytes = 0;
		this.failure = null;
	}

	/**
	 * Where the stream goes on: behind the value that was read or lost last, and behind
	 * the definitions taken in. While a value is unfinished, where it begins.
	 * @return an index into the bytes given last
	 */
	public int position() {
		return this.position;
	}

	/**
	 * Reads the value into a Java type.
	 * @param type the type
	 * @return true if {@link #value()} has it; false if it goes on in messages that have
	 * not come: then come again with the same bytes, and more of them
	 * @throws GobException if the value does not fit or is broken, see
	 * {@link GobException#inStep()}
	 */
	public boolean read(GobType<?> type) {
		return read(type.plan(), false);
	}

	/**
	 * Reads the value over, whatever it is.
	 * @return true if it is over; false as for {@link #read}
	 * @throws GobException if the value is broken
	 */
	public boolean skip() {
		return read(null, false);
	}

	/**
	 * Reads the value into a row, whose texts then lie in the bytes given to
	 * {@link #next}. {@link #value()} is the row itself.
	 * @param row the row, which is cleared first
	 * @return as for {@link #read(GobType)}
	 * @throws GobException as for {@link #read(GobType)}
	 */
	public boolean read(GobRow row) {
		this.in.row = row;
		return read(row.plan(), false);
	}

	/**
	 * Whether a read will not return false: all messages of the value have come, or the
	 * stream is broken within it, which reading will find too.
	 * @return whether nothing more is needed to read the value, or to fail
	 */
	public boolean isWhole() {
		TypeTable types = this.typesBefore;
		if (types == null) {
			return false;
		}
		try {
			return hasCome(types);
		}
		catch (GobException | StackOverflowError ex) {
			// Reading finds it again and says so, from the value's beginning on: what it
			// says is then the same as if all had come at once
			this.stoppedAt = 0;
			return true;
		}
	}

	private boolean hasCome(TypeTable types) {
		if (!hasComeFarEnough()) {
			return false;
		}
		if (this.failure != null || !types.holdsInterface(this.typeId)) {
			return true;
		}
		try {
			rewind(types);
			DynamicReader.skipWhole(this.in, this.typeId);
			return true;
		}
		catch (NeedMore ex) {
			return stop(null);
		}
	}

	/**
	 * How many bytes the definitions took that have come, which are kept as long as the
	 * stream. Those with which several streams begin are kept once.
	 * @return the number of bytes, at most {@link GobLimits#maxDefinitionBytes()}
	 */
	public int definitionBytes() {
		return this.in.types.bytes();
	}

	/** What the peer has defined so far. */
	TypeTable types() {
		return this.in.types;
	}

	/** Reads the value by the peer's definitions, see {@link DynamicReader}. */
	boolean readDynamic() {
		return read(null, true);
	}

	/**
	 * The value read last, once.
	 * @return the value; null for a nil interface value, an empty text that stands for
	 * null, and after a skip
	 */
	public @Nullable Object value() {
		Object taken = this.value;
		this.value = null;
		return taken;
	}

	/**
	 * Whether the stream may end here: not within a message, and not between definitions
	 * and the value they are for.
	 * @param from where the stream goes on
	 * @param to the end of what has come
	 * @return whether an end of the stream is a clean one
	 */
	public boolean mayEnd(int from, int to) {
		return from == to && this.typesBefore == null && !this.afterDefinition;
	}

	private boolean read(@Nullable Plan plan, boolean dynamic) {
		TypeTable types = this.typesBefore;
		if (types == null) {
			throw new IllegalStateException("No value: next() must have returned true");
		}
		if (!hasComeFarEnough()) {
			return false;
		}
		if (this.failure == null) {
			try {
				rewind(types);
				this.value = value(plan, dynamic);
				finish(this.in.end);
				return true;
			}
			catch (NeedMore ex) {
				return stop(null);
			}
			catch (GobException ex) {
				this.failure = ex.atOffset(this.in.pos - this.start);
			}
			catch (StackOverflowError ex) {
				this.failure = GobException.fullStack(ex);
			}
			catch (Throwable ex) {
				this.failure = GobException.refused(GobException.REFUSED, ex).atOffset(this.in.pos - this.start);
			}
		}
		return findEnd(types, this.failure);
	}

	private @Nullable Object value(@Nullable Plan plan, boolean dynamic) {
		if (plan == null) {
			if (dynamic) {
				return DynamicReader.readWhole(this.in, this.typeId);
			}
			DynamicReader.skipWhole(this.in, this.typeId);
			return null;
		}
		ValueReader reader = this.in.types.reader(this.typeId, plan, this.gob);
		if (!(reader instanceof StructReader || reader instanceof ValueReader.Mismatch)
				&& !this.in.types.isStruct(this.typeId)) {
			this.in.readZeroDelta();
		}
		return reader.read(this.in);
	}

	/** The value is lost; the stream is not, if it can be read over. */
	private boolean findEnd(TypeTable types, GobException reason) {
		if (!reason.inStep()) {
			this.broken = true;
			throw reason;
		}
		int valueEnd = this.end;
		try {
			rewind(types);
			DynamicReader.skipWhole(this.in, this.typeId);
			valueEnd = this.in.end;
		}
		catch (NeedMore ex) {
			return stop(reason);
		}
		catch (GobException | StackOverflowError ex) {
			if (this.in.crossed || (ex instanceof GobException inner && !inner.inStep())) {
				this.broken = true;
				throw reason.outOfStep();
			}
			this.in.types = types;
		}
		finish(valueEnd);
		throw reason;
	}

	private void rewind(TypeTable types) {
		this.in.types = types;
		this.in.pos = this.first;
		this.in.end = this.end;
		this.in.beginValue(this.start);
	}

	private void finish(int to) {
		this.position = to;
		this.typesBefore = null;
		this.typesAfter = null;
		this.failure = null;
		this.afterDefinition = false;
		this.in.endValue();
	}

	private boolean stop(@Nullable GobException reason) {
		this.stoppedAt = this.in.end - this.start;
		this.typesAfter = this.in.types;
		this.repeatedBytes += this.stoppedAt;
		if (this.repeatedBytes > (long) MAX_REPEATS * this.in.limits.maxMessageBytes()) {
			this.broken = true;
			throw GobException.stream("A value cut over too many messages");
		}
		this.failure = reason;
		return false;
	}

	/**
	 * Whether reading an unfinished value again can get any further: its next message is
	 * whole, and not a definition only.
	 */
	private boolean hasComeFarEnough() {
		TypeTable types = this.typesAfter;
		if (this.stoppedAt == 0 || types == null) {
			return true;
		}
		int at = this.start + this.stoppedAt;
		try {
			while (true) {
				int prefixEnd = GobInput.lengthPrefixEnd(this.in.array, at, this.in.limit);
				if (prefixEnd < 0) {
					return false;
				}
				int size = this.in.messageSize(this.in.array, at, prefixEnd);
				this.in.checkValueSize(this.start, (long) prefixEnd + size);
				if (size > this.in.limit - prefixEnd) {
					return false;
				}
				this.in.pos = prefixEnd;
				this.in.end = prefixEnd + size;
				int id = this.in.readTypeId();
				if (id >= 0) {
					return true;
				}
				types = types.define(this.in, -id, false);
				if (!this.in.atEnd()) {
					return true;
				}
				at = this.in.end;
				this.stoppedAt = at - this.start;
				this.typesAfter = types;
			}
		}
		catch (GobException ex) {
			this.broken = true;
			// What was wrong first, as if all had come at once
			GobException first = this.failure;
			throw ((first != null) ? first : ex).outOfStep();
		}
	}

}
