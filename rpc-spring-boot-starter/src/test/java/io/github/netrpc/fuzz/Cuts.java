package io.github.netrpc.fuzz;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * Where the bytes of a stream are cut before they arrive. Immutable.
 */
public final class Cuts {

	/** All at once. */
	public static final Cuts NONE = new Cuts(new int[0]);

	private static final int SHORT_BYTES = 160;

	/** What lies in front of the bytes in each buffer: nothing may depend on indexes. */
	private static final int MARGIN = 3;

	private final int[] places;

	private Cuts(int[] places) {
		this.places = places;
	}

	/**
	 * Cuts that only depend on the bytes: after each byte for some short streams, else at
	 * one to four places.
	 * @param bytes the stream
	 * @return the cuts
	 */
	public static Cuts of(byte[] bytes) {
		int hash = mix(Arrays.hashCode(bytes));
		if (bytes.length <= SHORT_BYTES && (hash & 3) == 0) {
			return everywhere(bytes.length);
		}
		TreeSet<Integer> places = new TreeSet<>();
		for (int i = 0; i <= (hash & 3) && bytes.length > 1; i++) {
			hash = mix(hash + i + 1);
			places.add(1 + Integer.remainderUnsigned(hash, bytes.length - 1));
		}
		return new Cuts(places.stream().mapToInt(Integer::intValue).toArray());
	}

	/**
	 * A cut after each byte.
	 * @param length the length of the stream
	 * @return the cuts
	 */
	public static Cuts everywhere(int length) {
		int[] places = new int[Math.max(0, length - 1)];
		for (int i = 0; i < places.length; i++) {
			places[i] = i + 1;
		}
		return new Cuts(places);
	}

	/**
	 * Gives a stream to its reader as a transport does: what was not consumed comes again
	 * with more behind it, in another buffer.
	 * @param bytes the stream
	 * @param reader the reader
	 * @param <E> what the reader throws
	 * @return how many bytes were consumed
	 * @throws E what the reader throws
	 */
	public <E extends Exception> int feed(byte[] bytes, Reader<E> reader) throws E {
		int consumed = 0;
		for (int i = 0; i <= this.places.length; i++) {
			int to = (i < this.places.length) ? this.places[i] : bytes.length;
			if (to > bytes.length || to == consumed) {
				continue;
			}
			byte[] buffer = new byte[MARGIN + to - consumed];
			System.arraycopy(bytes, consumed, buffer, MARGIN, to - consumed);
			int count = reader.read(buffer, MARGIN, buffer.length);
			if (count < 0 || count > to - consumed) {
				throw new AssertionError(count + " bytes consumed of " + (to - consumed));
			}
			consumed += count;
		}
		return consumed;
	}

	private static int mix(int value) {
		int hash = value * 0x9E3779B1;
		return hash ^ (hash >>> 15);
	}

	@Override
	public String toString() {
		return (this.places.length == 0) ? "whole" : "cut at " + Arrays.toString(this.places);
	}

	/**
	 * Reads what has come of a stream.
	 *
	 * @param <E> what it throws
	 */
	@FunctionalInterface
	public interface Reader<E extends Exception> {

		/**
		 * Reads on.
		 * @param buffer holds the bytes
		 * @param from index of the first one that was not consumed
		 * @param to index behind the last one that has come
		 * @return how many were consumed
		 * @throws E if the stream cannot go on
		 */
		int read(byte[] buffer, int from, int to) throws E;

	}

}
