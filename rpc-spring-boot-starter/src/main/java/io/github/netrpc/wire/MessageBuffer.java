package io.github.netrpc.wire;

/**
 * One whole encoded message. Reusable: every encode call starts anew. Used by one thread
 * at a time.
 *
 * @since 0.1.0
 */
public interface MessageBuffer {

	/**
	 * Writes the message, preceded by what the stream needs to understand it and has not
	 * seen yet (gob: type definitions). The connection calls this under its send lock, so
	 * that messages leave in the order of these calls.
	 * @param out takes the bytes
	 */
	void writeTo(Output out);

	/**
	 * Size of the message without what {@link #writeTo} may add, in bytes.
	 * @return the size
	 */
	int size();

	/**
	 * Gives memory back that an unusually large message took.
	 */
	void trim();

	/**
	 * Takes bytes.
	 */
	@FunctionalInterface
	interface Output {

		/**
		 * Takes bytes by copying them.
		 * @param bytes holds the bytes
		 * @param offset index of the first one
		 * @param length how many
		 */
		void write(byte[] bytes, int offset, int length);

	}

}
