package io.github.netrpc.gob;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.GobRowType.RowPlan;

/**
 * The values of one {@link GobRowType}, by the index of the field. Reusable; not
 * thread-safe. Texts that were read are slices of the decoder's input, valid until that
 * changes.
 *
 * @since 0.1.0
 */
public final class GobRow {

	private static final byte[] NO_BYTES = {};

	private final RowPlan plan;

	private final long[] numbers;

	private final int[] from;

	private final int[] to;

	private final byte[][] texts;

	private final Map<String, String>[] maps;

	/** One bit for each field that may differ from its zero value. */
	private int touched;

	/** One bit for each field that the type of the row read last has. */
	private int known;

	private @Nullable String misfit;

	private boolean misfitIsLimit;

	@SuppressWarnings({ "unchecked", "rawtypes" })
	GobRow(RowPlan plan) {
		int count = plan.fields().length;
		this.plan = plan;
		this.numbers = new long[count];
		this.from = new int[count];
		this.to = new int[count];
		this.texts = new byte[count][];
		this.maps = new Map[count];
		Arrays.fill(this.texts, NO_BYTES);
		Arrays.fill(this.maps, Map.of());
	}

	RowPlan plan() {
		return this.plan;
	}

	int touched() {
		return this.touched;
	}

	/**
	 * Sets every field to its zero value.
	 */
	public void clear() {
		for (int left = this.touched; left != 0; left &= left - 1) {
			int i = Integer.numberOfTrailingZeros(left);
			this.numbers[i] = 0;
			this.from[i] = 0;
			this.to[i] = 0;
			this.texts[i] = NO_BYTES;
			this.maps[i] = Map.of();
		}
		this.touched = 0;
		this.misfit = null;
		this.misfitIsLimit = false;
	}

	/**
	 * Whether the type of the row that was read last has a field, zero or not. Stays when
	 * the row is cleared.
	 * @param index the field
	 * @return whether the sender knows the field
	 */
	public boolean isKnown(int index) {
		return (this.known & (1 << index)) != 0;
	}

	void known(int fields) {
		this.known = fields;
	}

	/**
	 * Why a lenient field of the row that was read last was skipped.
	 * @return what came, what was expected and where; null if all fitted
	 */
	public @Nullable String misfit() {
		return this.misfit;
	}

	/**
	 * Whether that was since a limit was passed.
	 * @return whether {@link #misfit} names a limit
	 */
	public boolean misfitIsLimit() {
		return this.misfitIsLimit;
	}

	void misfit(@Nullable String reason) {
		this.misfit = reason;
	}

	void misfit(GobException reason) {
		this.misfit = reason.getMessage();
		this.misfitIsLimit = reason.isLimit();
	}

	/**
	 * A number; unsigned ones with all bits, and 0 or 1 for a bool.
	 * @param index the field
	 * @return its value
	 */
	public long number(int index) {
		return this.numbers[index];
	}

	/**
	 * Sets a number.
	 * @param index the field
	 * @param value its value
	 */
	public void number(int index, long value) {
		this.numbers[index] = value;
		this.touched |= 1 << index;
	}

	/**
	 * The bytes that hold a text.
	 * @param index the field
	 * @return the array, not to be changed
	 */
	public byte[] textBytes(int index) {
		return this.texts[index];
	}

	/**
	 * Where a text begins.
	 * @param index the field
	 * @return the index of its first byte
	 */
	public int textFrom(int index) {
		return this.from[index];
	}

	/**
	 * Where a text ends.
	 * @param index the field
	 * @return the index behind its last byte
	 */
	public int textTo(int index) {
		return this.to[index];
	}

	/**
	 * A text as a string.
	 * @param index the field
	 * @return a new string
	 */
	public String text(int index) {
		return new String(this.texts[index], this.from[index], this.to[index] - this.from[index],
				StandardCharsets.UTF_8);
	}

	/**
	 * Sets a text.
	 * @param index the field
	 * @param bytes holds the text in UTF-8; kept
	 * @param start index of its first byte
	 * @param end index behind its last byte
	 */
	public void text(int index, byte[] bytes, int start, int end) {
		this.texts[index] = bytes;
		this.from[index] = start;
		this.to[index] = end;
		this.touched |= 1 << index;
	}

	/**
	 * A map of texts; empty if absent.
	 * @param index the field
	 * @return the map, unmodifiable if it was read
	 */
	public Map<String, String> texts(int index) {
		return this.maps[index];
	}

	/**
	 * Sets a map of texts.
	 * @param index the field
	 * @param value the map, kept; empty to leave it out
	 */
	public void texts(int index, Map<String, String> value) {
		this.maps[index] = value;
		this.touched |= 1 << index;
	}

	/**
	 * Appends one message with this row. What was appended is taken back if it fails.
	 * @param out where to
	 * @throws GobException if a value cannot be sent, or the message is too large
	 */
	public void write(GobWriter out) {
		int mark = out.length();
		try {
			int start = out.beginMessage();
			out.writeInt(this.plan.wireId());
			this.plan.write(this, out);
			out.endMessage(start);
		}
		catch (RuntimeException | Error ex) {
			out.rollback(mark);
			throw ex;
		}
		out.need(this.plan.wireId());
	}

}
