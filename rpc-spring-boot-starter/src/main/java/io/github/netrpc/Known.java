package io.github.netrpc;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a failed call's effect on the server.
 *
 * @since 0.1.0
 */
public enum Known {

	/** The method did not run: the call was never sent, or refused before dispatch. */
	NOT_RUN(1),

	/** The call was sent and no answer came, or one that does not say. */
	MAYBE_RAN(0),

	/** The method ran and failed. */
	RAN_AND_FAILED(2);

	private final int number;

	Known(int number) {
		this.number = number;
	}

	/**
	 * The number that stands for this in a reply; {@link #MAYBE_RAN} is 0, which is not
	 * sent.
	 * @return 0, 1 or 2
	 */
	public int number() {
		return this.number;
	}

	/**
	 * What a number says.
	 * @param number a number, as it came from a peer
	 * @return {@link #NOT_RUN} for 1, {@link #RAN_AND_FAILED} for 2, and null, nothing
	 * known, for all others
	 */
	public static @Nullable Known ofNumber(long number) {
		return (number == 1) ? NOT_RUN : (number == 2) ? RAN_AND_FAILED : null;
	}

}
