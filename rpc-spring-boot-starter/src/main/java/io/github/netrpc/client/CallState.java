package io.github.netrpc.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;

/**
 * Where a call is between its beginning and its one end. The part of {@link ClientCall}
 * that threads race for, and nothing else of it. <pre>
 * NEW      to SENT, and back   by who sends it
 * NEW,SENT to CLAIMED          by the first who wants to end it
 * CLAIMED  to ENDED            its outcome is there
 * CLAIMED  to RETRYING         it failed, and further attempts are made for it
 * RETRYING to CLAIMED          by the first who wants to end it then
 * </pre> A call is sent only while it is open, and claimed only while it is; so whoever
 * claims it knows for certain whether it was sent. What is written before a transition is
 * seen by who finds the state after it.
 *
 * @param <R> the type of the reply
 */
abstract class CallState<R> extends CompletableFuture<R> {

	private static final int NEW = 0;

	private static final int SENT = 1;

	private static final int RETRYING = 2;

	private static final int CLAIMED = 3;

	private static final int ENDED = 4;

	private static final VarHandle STATE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(CallState.class, "state", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private volatile int state;

	/** Written by who has claimed the call. */
	private boolean sent;

	/**
	 * Whether nobody has ended the attempt that this object is.
	 */
	final boolean isOpen() {
		return this.state < RETRYING;
	}

	/**
	 * Whether the call was sent and has not ended.
	 */
	final boolean isSent() {
		return this.state == SENT;
	}

	final boolean hasEnded() {
		return this.state == ENDED;
	}

	/**
	 * Whether the attempt had been sent when it was claimed. For who has claimed it, and
	 * for all when it has ended.
	 */
	final boolean wasSent() {
		return this.sent;
	}

	/**
	 * Before the bytes leave.
	 * @return false if the call must not be sent, since somebody has claimed it
	 */
	final boolean toSent() {
		return STATE.compareAndSet(this, NEW, SENT);
	}

	/**
	 * The bytes have not left.
	 * @return false if somebody has claimed the call meanwhile
	 */
	final boolean toUnsent() {
		return STATE.compareAndSet(this, SENT, NEW);
	}

	/**
	 * Takes the right to end the attempt that this object is.
	 * @return false if somebody else has it
	 */
	final boolean toClaimed() {
		for (int seen = this.state; seen < RETRYING; seen = this.state) {
			if (STATE.compareAndSet(this, seen, CLAIMED)) {
				this.sent = seen == SENT;
				return true;
			}
		}
		return false;
	}

	/**
	 * Opens the call again, for its further attempts. Only by who has claimed it.
	 */
	final void toRetrying() {
		this.state = RETRYING;
	}

	/**
	 * Takes the right to end a call that is tried again.
	 * @return false if somebody else has it, or it is not tried again
	 */
	final boolean toClaimedAgain() {
		return STATE.compareAndSet(this, RETRYING, CLAIMED);
	}

	/**
	 * The outcome is there. Only by who has claimed the call.
	 */
	final void toEnded() {
		this.state = ENDED;
	}

}
