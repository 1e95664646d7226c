package io.github.netrpc.client;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Where the time of a call went before it was sent. Only calls that had to wait have one.
 *
 * @param resolveNanos waiting for the nodes of a name, or for the address of one, in
 * nanoseconds
 * @param connectNanos waiting for a connection, in nanoseconds
 * @param queueNanos waiting for room on it, in nanoseconds
 */
record CallWait(long resolveNanos, long connectNanos, long queueNanos) {

	static final CallWait NONE = new CallWait(0, 0, 0);

	/**
	 * A wait that ends now, for nodes to be known.
	 */
	static CallWait held(long now, long startNanos) {
		return new CallWait(now - startNanos, 0, 0);
	}

	/**
	 * All waits of a call, the last of which ends now.
	 * @param before those that were known before, or null
	 * @param resolvedNanos when the address of the node was known
	 * @param openedNanos when a connection to it was open
	 */
	static CallWait until(long now, long startNanos, @Nullable CallWait before, long resolvedNanos, long openedNanos) {
		long opened = Math.max(0, Math.min(openedNanos, now) - startNanos);
		long resolve = Math.min(opened, Math.max(0, resolvedNanos - startNanos));
		if (before != null) {
			resolve = Math.max(resolve, before.resolveNanos);
		}
		long connect = Math.max(0, opened - resolve);
		return new CallWait(resolve, connect, Math.max(0, now - startNanos - resolve - connect));
	}

	/**
	 * The phase that took longest of a call that was sent and whose time is over.
	 * @param last the phase since it was sent
	 */
	String longest(long totalNanos, String last) {
		long sent = sentNanos(totalNanos);
		if (this.resolveNanos > sent && this.resolveNanos >= this.connectNanos
				&& this.resolveNanos >= this.queueNanos) {
			return "resolve";
		}
		if (this.connectNanos > sent && this.connectNanos >= this.queueNanos) {
			return "connect";
		}
		return (this.queueNanos > sent) ? "queue" : last;
	}

	/**
	 * How long ago a call was sent.
	 */
	private long sentNanos(long totalNanos) {
		return totalNanos - this.resolveNanos - this.connectNanos - this.queueNanos;
	}

	/**
	 * Each phase and its time, as "connect 70 ms, queue 0 ms, wire 30 ms".
	 * @param last the phase since the call was sent
	 */
	String describe(long totalNanos, String last) {
		return ((this.resolveNanos > 0) ? "resolve " + millis(this.resolveNanos) + ", " : "") + "connect "
				+ millis(this.connectNanos) + ", queue " + millis(this.queueNanos) + ", " + last + " "
				+ millis(sentNanos(totalNanos));
	}

	private static String millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
	}

}
