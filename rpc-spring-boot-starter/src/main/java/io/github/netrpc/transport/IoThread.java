package io.github.netrpc.transport;

/**
 * Marks a thread that does the I/O of a transport. What waits on it stops connections,
 * and may wait for what this thread itself is to read. So that the thread of one
 * transport is known to all others, transports start threads that implement this.
 *
 * @since 0.1.0
 */
public interface IoThread {

	/**
	 * Whether the current thread is one. Cheap.
	 * @return whether the current thread must not wait for anything
	 */
	static boolean isCurrent() {
		return Thread.currentThread() instanceof IoThread;
	}

}
