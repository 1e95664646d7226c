package io.github.netrpc.client;

/**
 * Where the time of a call went before it was sent. Only calls that had to wait have one.
 *
 * @param connectNanos waiting for a connection, in nanoseconds
 * @param queueNanos waiting for room on it, in nanoseconds
 */
record CallWait(long connectNanos, long queueNanos) {

	static final CallWait NONE = new CallWait(0, 0);

	/**
	 * Adds a wait that ends now, of a call that may have waited before.
	 */
	static CallWait until(long now, long startNanos, long openedNanos) {
		long connect = Math.max(0, Math.min(openedNanos, now) - startNanos);
		return new CallWait(connect, Math.max(0, now - startNanos - connect));
	}

	/**
	 * The phase that took longest of a call that was sent and whose time is over.
	 * @param last the phase since it was sent
	 */
	String longest(long totalNanos, String last) {
		long sent = totalNanos - this.connectNanos - this.queueNanos;
		if (this.connectNanos > sent && this.connectNanos >= this.queueNanos) {
			return "connect";
		}
		return (this.queueNanos > sent) ? "queue" : last;
	}

}
