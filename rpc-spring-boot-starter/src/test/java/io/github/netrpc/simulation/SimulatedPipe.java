package io.github.netrpc.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: what the sender's process holds, what its system has
 * taken, and what is on the way. Bytes arrive in order, cut and glued at random.
 */
final class SimulatedPipe {

	private static final long FIRST_RETRANSMIT_NANOS = 200_000_000;

	private static final long LONGEST_RETRANSMIT_NANOS = 3_000_000_000L;

	private static final long PUSH_NANOS = 30_000;

	private final SimulatedClock clock;

	private final SimulatedRandom random;

	private final SimulatedLink link;

	private final boolean toNode;

	private final SimulatedEnd target;

	/** What both systems hold together until the receiver reads. */
	private final int capacity;

	private final double cut;

	private final Deque<byte[]> unsent = new ArrayDeque<>();

	private final Deque<Piece> flying = new ArrayDeque<>();

	private long unsentBytes;

	private long sentBytes;

	private long held;

	private long unacknowledged;

	private long lastAt;

	private long retransmitNanos = FIRST_RETRANSMIT_NANOS;

	private boolean pushing;

	private boolean pumping;

	private boolean acknowledging;

	private boolean finWhenSent;

	private boolean ended;

	private double garbled;

	SimulatedPipe(SimulatedClock clock, SimulatedRandom random, SimulatedLink link, boolean toNode,
			SimulatedEnd target) {
		this.clock = clock;
		this.random = random;
		this.link = link;
		this.toNode = toNode;
		this.target = target;
		this.capacity = 1 << random.between(13, 18);
		this.cut = random.chance(0.3) ? 0.3 : 0;
	}

	long unsentBytes() {
		return this.unsentBytes;
	}

	long sentBytes() {
		return this.sentBytes;
	}

	/**
	 * Replaces pieces by garbage from now on.
	 */
	void garble(double share) {
		this.garbled = share;
	}

	boolean wasGarbled() {
		return this.garbled > 0;
	}

	void write(byte[] bytes) {
		if (this.ended || this.finWhenSent) {
			return;
		}
		this.unsent.add(bytes);
		this.unsentBytes += bytes.length;
		pushLater(this.random.between(0, PUSH_NANOS));
	}

	private void pushLater(long delayNanos) {
		if (!this.pushing) {
			this.pushing = true;
			this.clock.after(delayNanos, this::push);
		}
	}

	/**
	 * The system takes what it has room for.
	 */
	private void push() {
		this.pushing = false;
		while (!this.unsent.isEmpty() && this.held < this.capacity && !this.ended) {
			byte[] first = this.unsent.poll();
			int taken = (int) Math.min(first.length, this.capacity - this.held);
			if (taken < first.length) {
				this.unsent.addFirst(Arrays.copyOfRange(first, taken, first.length));
			}
			this.unsentBytes -= taken;
			this.sentBytes += taken;
			this.held += taken;
			fly((taken < first.length) ? Arrays.copyOf(first, taken) : first);
		}
		if (this.finWhenSent && this.unsent.isEmpty() && !this.ended) {
			this.ended = true;
			fly(new Piece(null, Mark.FIN));
		}
		this.target.peer().pushed();
	}

	private void fly(byte[] bytes) {
		byte[] sent = bytes;
		if (this.garbled > 0 && this.random.chance(this.garbled)) {
			sent = new byte[bytes.length];
			Arrays.fill(sent, (byte) 0xff);
		}
		if (sent.length > 1 && this.random.chance(this.cut)) {
			int at = 1 + this.random.below(sent.length - 1);
			fly(new Piece(Arrays.copyOf(sent, at), Mark.DATA));
			fly(new Piece(Arrays.copyOfRange(sent, at, sent.length), Mark.DATA));
		}
		else {
			fly(new Piece(sent, Mark.DATA));
		}
	}

	private void fly(Piece piece) {
		this.lastAt = Math.max(this.lastAt, this.clock.now() + this.link.delayNanos());
		piece.at = this.lastAt;
		this.flying.add(piece);
		pumpLater(piece.at - this.clock.now());
	}

	private void pumpLater(long delayNanos) {
		if (!this.pumping) {
			this.pumping = true;
			this.clock.after(delayNanos, this::pump);
		}
	}

	/**
	 * What is on the way arrives, or is sent again later.
	 */
	private void pump() {
		this.pumping = false;
		if (this.flying.isEmpty()) {
			return;
		}
		if (this.link.isBlocked(this.toNode) || !this.target.hostIsUp()) {
			pumpLater(this.retransmitNanos);
			this.retransmitNanos = Math.min(2 * this.retransmitNanos, LONGEST_RETRANSMIT_NANOS);
			return;
		}
		this.retransmitNanos = FIRST_RETRANSMIT_NANOS;
		while (!this.flying.isEmpty() && this.flying.peek().at <= this.clock.now()) {
			Piece piece = this.flying.poll();
			byte[] bytes = piece.bytes;
			if (bytes == null) {
				this.target.marked(piece.mark == Mark.RST);
				continue;
			}
			while (glues()) {
				bytes = glue(bytes, this.flying.poll().bytes);
			}
			this.target.arrived(bytes);
		}
		Piece next = this.flying.peek();
		if (next != null) {
			pumpLater(Math.max(0, next.at - this.clock.now()));
		}
	}

	private boolean glues() {
		Piece next = this.flying.peek();
		return next != null && next.bytes != null && next.at <= this.clock.now() && this.random.chance(0.5);
	}

	private static byte[] glue(byte[] left, byte @Nullable [] right) {
		byte[] both = Arrays.copyOf(left, left.length + right.length);
		System.arraycopy(right, 0, both, left.length, right.length);
		return both;
	}

	/**
	 * The receiver has read bytes: there is room for others once the sender knows.
	 */
	void read(long bytes) {
		this.unacknowledged += bytes;
		acknowledge();
	}

	private void acknowledge() {
		if (this.acknowledging) {
			return;
		}
		if (this.link.isBlocked(!this.toNode)) {
			this.acknowledging = true;
			this.clock.after(FIRST_RETRANSMIT_NANOS, () -> {
				this.acknowledging = false;
				acknowledge();
			});
			return;
		}
		this.held -= this.unacknowledged;
		this.unacknowledged = 0;
		if (!this.unsent.isEmpty()) {
			pushLater(this.link.delayNanos());
		}
	}

	/**
	 * Ends the stream behind what was written.
	 */
	void finWhenSent() {
		this.finWhenSent = true;
		pushLater(0);
	}

	/**
	 * Ends the stream now: what the system has not taken is lost.
	 */
	void end(boolean reset) {
		dropUnsent();
		if (!this.ended) {
			this.ended = true;
			fly(new Piece(null, reset ? Mark.RST : Mark.FIN));
		}
	}

	/**
	 * The answer of a system that knows nothing of the connection.
	 */
	void reset() {
		this.ended = true;
		dropUnsent();
		fly(new Piece(null, Mark.RST));
	}

	/**
	 * The sender is gone, and says nothing.
	 */
	void vanish() {
		dropUnsent();
		this.ended = true;
	}

	private void dropUnsent() {
		this.unsent.clear();
		this.unsentBytes = 0;
	}

	private enum Mark {

		DATA, FIN, RST

	}

	private static final class Piece {

		private final byte @Nullable [] bytes;

		private final Mark mark;

		private long at;

		private Piece(byte @Nullable [] bytes, Mark mark) {
			this.bytes = bytes;
			this.mark = mark;
		}

	}

}
