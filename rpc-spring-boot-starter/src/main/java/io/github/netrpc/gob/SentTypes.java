package io.github.netrpc.gob;

import java.util.Arrays;

/**
 * The definitions that one stream has sent: two small sets of process-wide type ids. One
 * per stream; not thread-safe, to be used in the order of the stream.
 *
 * @since 0.1.0
 */
public final class SentTypes {

	private final Gob gob;

	private long[] sent = {};

	/** Ids of which everything reachable has been sent too. */
	private long[] complete = {};

	SentTypes(Gob gob) {
		this.gob = gob;
	}

	/**
	 * Appends the definitions that messages need and this stream has not had, to be sent
	 * before them. They count as sent from now on.
	 * @param messages a writer with messages
	 * @param out where the definitions go; not {@code messages} itself
	 * @return whether there were any
	 */
	public boolean appendMissing(GobWriter messages, GobWriter out) {
		long[] needed = messages.needed();
		boolean any = false;
		for (int i = 0; i < needed.length; i++) {
			long missing = needed[i] & ~((i < this.complete.length) ? this.complete[i] : 0);
			while (missing != 0) {
				int bit = Long.numberOfTrailingZeros(missing);
				missing &= missing - 1;
				any |= append((i << 6) + bit, out);
			}
		}
		return any;
	}

	private boolean append(int root, GobWriter out) {
		boolean any = false;
		for (int id : this.gob.closure(root)) {
			if (!contains(this.sent, id)) {
				byte[] message = this.gob.definitionMessage(id);
				out.write(message, 0, message.length);
				this.sent = with(this.sent, id);
				any = true;
			}
		}
		this.complete = with(this.complete, root);
		return any;
	}

	private static boolean contains(long[] set, int id) {
		return id >> 6 < set.length && (set[id >> 6] & (1L << id)) != 0;
	}

	private static long[] with(long[] set, int id) {
		int word = id >> 6;
		long[] larger = (word < set.length) ? set : Arrays.copyOf(set, word + 1);
		larger[word] |= 1L << id;
		return larger;
	}

}
