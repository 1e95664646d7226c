package io.github.netrpc.transport.netty;

/**
 * Tells whether messages leave one at a time: then each is sent at once, for there is no
 * other to go with it. Counts them between reads, as calls and replies alternate. Guarded
 * by the connection's send lock, but for {@link #countRead}.
 */
final class SendRate {

	/** Counts reads. Written by the I/O thread. */
	private volatile long reads;

	private long readsSeen;

	private int sentSinceRead;

	private int sentBefore;

	/**
	 * The I/O thread begins to read.
	 */
	void countRead() {
		long next = this.reads + 1;
		this.reads = next;
	}

	void countSent() {
		long now = this.reads;
		if (now != this.readsSeen) {
			this.readsSeen = now;
			this.sentBefore = this.sentSinceRead;
			this.sentSinceRead = 0;
		}
		this.sentSinceRead++;
	}

	/**
	 * Whether not more than one message was sent since the last read, nor between the
	 * reads before.
	 * @return whether to send the last message at once
	 */
	boolean isLow() {
		return this.sentSinceRead <= 1 && this.sentBefore <= 1;
	}

}
