package io.github.netrpc.fuzz;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/**
 * What targets promise about every input.
 */
public final class Promises {

	/** What any input may allocate, in bytes, beside the values that it declares. */
	private static final long FREE_BYTES = 64 << 10;

	/** Definitions, compiled readers and quoted texts, for each byte of input. */
	private static final long BYTES_PER_INPUT_BYTE = 64;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private Promises() {
	}

	/**
	 * Two ways lead to one outcome.
	 * @param what the input, for the message
	 * @param whole the outcome of the first way
	 * @param cut the outcome of the other
	 */
	public static void same(Object what, Object whole, Object cut) {
		if (!whole.equals(cut)) {
			throw new AssertionError(what + ":\n  " + cut + "\nwhole:\n  " + whole);
		}
	}

	/**
	 * Something holds.
	 * @param holds whether it does
	 * @param what what does not
	 */
	public static void that(boolean holds, String what) {
		if (!holds) {
			throw new AssertionError(what);
		}
	}

	/**
	 * Reading takes no more memory than the limits allow. What is made once, such as a
	 * class that is loaded or a table that grows, does not count: the work is done again
	 * before it is blamed.
	 * @param input the input
	 * @param decodedBytes the limit of decoded values
	 * @param work reads the input
	 */
	public static void memory(byte[] input, long decodedBytes, Runnable work) {
		long most = FREE_BYTES + decodedBytes + BYTES_PER_INPUT_BYTE * input.length;
		long taken = allocatedBy(work);
		for (int i = 0; i < 2 && taken > most; i++) {
			taken = allocatedBy(work);
		}
		if (taken > most) {
			throw new AssertionError(input.length + " bytes of input took " + taken + " bytes of memory (limit: " + most
					+ ", of which decoded values " + decodedBytes + ")");
		}
	}

	private static long allocatedBy(Runnable work) {
		long before = THREADS.getCurrentThreadAllocatedBytes();
		work.run();
		return THREADS.getCurrentThreadAllocatedBytes() - before;
	}

}
