package io.github.netrpc.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Stops reading a connection while too many of its calls run or too many bytes of replies
 * wait for its peer, and goes on at half of that.
 * <p>
 * Methods without another remark run on the connection's I/O thread. Handlers on other
 * threads share only {@link #attention} and the calls held back; what they find there
 * makes them send for {@link #attend}.
 */
final class FlowControl {

	private final ServerConnection connection;

	private final Deque<ServerCall> heldBack = new ArrayDeque<>(0);

	/**
	 * Whether the I/O thread waits for calls to end: it does not read, finishes, or is
	 * gone.
	 */
	private volatile boolean attention;

	private boolean stopped;

	private boolean paused;

	private boolean inputEnded;

	private boolean finishing;

	FlowControl(ServerConnection connection) {
		this.connection = connection;
	}

	/**
	 * Whether the next request may be read. At the bound of calls an extended peer is
	 * read on: it understands that its calls are refused.
	 * @return whether to go on
	 */
	boolean wantsMore() {
		boolean room = !hasTooManyBytes() && (this.connection.isExtended() || !this.connection.hasTooManyCalls());
		this.stopped = !room;
		return room && !this.finishing;
	}

	/**
	 * All that has come was read, or {@link #wantsMore} has said no.
	 */
	void batchEnded() {
		if (this.stopped) {
			pause();
		}
	}

	boolean isPaused() {
		return this.paused;
	}

	/**
	 * Keeps a call from starting while too many bytes wait for its peer. On any thread.
	 * @param call the call
	 * @return whether it was kept; it is submitted again later
	 */
	boolean holdBack(ServerCall call) {
		if (!hasTooManyBytes() || this.connection.isClosed()) {
			return false;
		}
		boolean first;
		synchronized (this.heldBack) {
			first = this.heldBack.isEmpty();
			this.heldBack.add(call);
		}
		if (this.connection.isClosed()) {
			submitHeldBack();
		}
		else if (first) {
			this.connection.execute(this::pause);
		}
		return true;
	}

	/**
	 * A call has ended and was counted so. On any thread.
	 * @param left how many calls are left
	 */
	void callEnded(long left) {
		// The count goes up before the flag is read; the I/O thread sets the flag before
		// it reads the count. So one of the two always sees that there is something to
		// do.
		if (!this.attention) {
			return;
		}
		if (this.connection.isClosed()) {
			this.connection.lateCallEnded();
		}
		else if (left == 0 || left == limits().calls() / 2) {
			this.connection.execute(this::attend);
		}
	}

	private void pause() {
		if (this.connection.isClosed()) {
			return;
		}
		this.stopped = false;
		this.paused = true;
		this.attention = true;
		this.connection.connection().pauseReading();
		this.connection.deadlines().noRequest();
		// Not at once: this may be the end of a read, which resuming would enter again.
		this.connection.execute(this::attend);
	}

	/**
	 * Looks whether what is waited for has come.
	 */
	void attend() {
		if (this.connection.isClosed()) {
			return;
		}
		long bytes = this.connection.connection().unsentBytes();
		long low = limits().unreadBytes() / 2;
		if (bytes > low) {
			this.connection.connection().notifyBelow(limits().unreadBytes());
			bytes = this.connection.connection().unsentBytes();
		}
		this.connection.deadlines().peerIsSlow(bytes > low && (this.paused || this.finishing));
		if (bytes > low) {
			return;
		}
		submitHeldBack();
		if (this.finishing) {
			if (this.connection.callsInFlight() == 0) {
				this.connection.connection().closeGracefully();
			}
		}
		else if (this.paused
				&& (this.connection.isExtended() || this.connection.callsInFlight() <= limits().calls() / 2)) {
			resume();
		}
	}

	private void resume() {
		this.paused = false;
		this.attention = false;
		this.connection.connection().resumeReading();
		if (this.inputEnded) {
			this.connection.execute(this::endInputIfRead);
		}
	}

	private void submitHeldBack() {
		List<ServerCall> calls;
		synchronized (this.heldBack) {
			calls = List.copyOf(this.heldBack);
			this.heldBack.clear();
		}
		calls.forEach(this.connection::submitAgain);
	}

	/**
	 * The peer has ended its output.
	 */
	void inputEnded() {
		this.inputEnded = true;
		endInputIfRead();
	}

	private void endInputIfRead() {
		if (!this.paused) {
			this.connection.finish();
		}
	}

	/**
	 * Reads no more, and closes the connection when its calls have ended.
	 */
	void finish() {
		this.finishing = true;
		this.attention = true;
		this.connection.connection().pauseReading();
		attend();
	}

	/**
	 * Drops what is still to come.
	 */
	void readNoMore() {
		this.finishing = true;
	}

	boolean isFinishing() {
		return this.finishing;
	}

	/**
	 * The connection is closed. To be called after it says so.
	 */
	void closed() {
		this.attention = true;
		submitHeldBack();
	}

	private boolean hasTooManyBytes() {
		return this.connection.connection().unsentBytes() > limits().unreadBytes();
	}

	private ConnectionLimits limits() {
		return this.connection.scope().limits();
	}

}
