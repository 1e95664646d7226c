package io.github.netrpc.fuzz;

import java.lang.management.ManagementFactory;
import java.util.regex.Pattern;

import com.sun.management.ThreadMXBean;

/**
 * What targets promise about every input.
 */
public final class Promises {

	/** What any input may allocate, in bytes, beside the values that it declares. */
	private static final long FREE_BYTES = 64 << 10;

	/** Definitions, compiled readers and quoted texts, for each byte of input. */
	private static final long BYTES_PER_INPUT_BYTE = 64;

	private static final long MOST_NANOS = 1_000_000_000;

	private static final int TRIES = 3;

	/**
	 * Code that counts its branches is longer, and its compilers leave more objects on
	 * the heap.
	 */
	private static final int TIMES_IF_INSTRUMENTED = 8;

	/**
	 * Each number that is compared is told to Jazzer: a name of 4 letters takes 30 KB.
	 */
	private static final long MORE_IF_INSTRUMENTED = 16 << 10;

	private static final int LONGEST_MESSAGE = 1_000;

	private static final Pattern FULL_STACK = Pattern
		.compile("^(Request header: |Response header: )?The value is nested too deep for the stack");

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static volatile boolean instrumented;

	private Promises() {
	}

	/**
	 * Has {@link #bounded} allow for Jazzer's instruments. What it saves is held to the
	 * bounds themselves where it is replayed without them.
	 */
	static void allowForInstruments() {
		instrumented = true;
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
	 * The text of a failure is short, and no stack was full. What is quoted may say so.
	 * @param message the text
	 */
	public static void told(String message) {
		that(message.length() < LONGEST_MESSAGE, "a message of " + message.length() + " characters");
		that(!FULL_STACK.matcher(message).find(), message);
	}

	/**
	 * Reading takes no more memory than the limits allow, and no more than a second of
	 * the processor. What is made once, such as a class that is loaded or a table that
	 * grows, does not count: the work is done again before it is blamed.
	 * @param input the input
	 * @param decodedBytes the limit of decoded values
	 * @param work reads the input
	 */
	public static void bounded(byte[] input, long decodedBytes, Runnable work) {
		long mostBytes = FREE_BYTES + decodedBytes + BYTES_PER_INPUT_BYTE * input.length;
		long mostNanos = MOST_NANOS;
		if (instrumented) {
			mostBytes = TIMES_IF_INSTRUMENTED * mostBytes + MORE_IF_INSTRUMENTED * input.length;
			mostNanos *= TIMES_IF_INSTRUMENTED;
		}
		long bytes = Long.MAX_VALUE;
		long nanos = Long.MAX_VALUE;
		for (int i = 0; i < TRIES && (bytes > mostBytes || nanos > mostNanos); i++) {
			long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
			long nanosBefore = THREADS.getCurrentThreadCpuTime();
			work.run();
			nanos = THREADS.getCurrentThreadCpuTime() - nanosBefore;
			bytes = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
		}
		if (bytes > mostBytes || nanos > mostNanos) {
			throw new AssertionError(input.length + " bytes of input took " + bytes + " bytes of memory (limit: "
					+ mostBytes + ", of which decoded values " + decodedBytes + ") and " + nanos
					+ " ns of the processor (limit: " + mostNanos + ")");
		}
	}

}
