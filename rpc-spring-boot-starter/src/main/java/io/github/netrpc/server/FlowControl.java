package io.github.netrpc.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;

/**
 * Stops reading a connection while too many of its calls run or too many bytes of replies
 * wait for its peer, and goes on at half of that. Keeps calls from starting whose replies
 * would be too many ({@link ReplyForecast}); while the server as a whole has too many of
 * them ({@link ByteTotal}), a connection goes on only when its peer has read all.
 * Arguments are bounded in the same way, for each connection and all together; they count
 * until their calls end. So are calls held back, whatever their size: nothing else bounds
 * the number of those of all connections.
 * <p>
 * Methods without another remark run on the connection's I/O thread. Handlers on other
 * threads share only {@link #attention}, the calls held back and the counts; what they
 * find there makes them send for {@link #attend}.
 */
final class FlowControl {

	/**
	 * Fewer bytes of one connection, unsent ones or those of a request that is partly
	 * here, are not worth counting as long as there are not many connections.
	 */
	private static final int UNCOUNTED = 64 * 1024;

	/** More connections than this are many. */
	static final int FEW_CONNECTIONS = 1_000;

	/** What is not worth counting of a connection that is one of many. */
	private static final int UNCOUNTED_OF_MANY = 4 * 1024;

	/** This part of what is not worth counting is not worth a change of the count. */
	private static final int GRAINS = 4;

	/**
	 * Smaller requests are not worth counting: calls that wait for a handler or run have
	 * bounds of their own.
	 */
	private static final int UNCOUNTED_REQUEST = 1024;

	/** What a call that is held back takes beside its request, in bytes. */
	static final int HELD_BACK_BYTES = 512;

	/**
	 * A connection with fewer calls may have another one, if none of them is counted,
	 * while there are too many arguments of all connections.
	 */
	static final int FEW_CALLS = 4;

	/** A peer that defines its types in fewer bytes is not worth counting. */
	private static final int UNCOUNTED_DEFINITIONS = 16 * 1024;

	/** Definitions may take this part of what arguments may. */
	static final int DEFINITIONS_PART = 4;

	private final ServerConnection connection;

	private final ReplyForecast forecast;

	private final ByteTotal total;

	private final ByteTotal arguments;

	/** Of the calls under way on this connection, and of those held back. */
	private final AtomicLong argumentBytes = new AtomicLong();

	private final Deque<ServerCall> heldBack = new ArrayDeque<>(0);

	/** Whether {@link #attend} is on its way, at the wish of another thread. */
	private final AtomicBoolean sentFor = new AtomicBoolean();

	/**
	 * What {@link #total} has of this connection. Written under the lock of the calls.
	 */
	private volatile long counted;

	/** Whether there are calls held back. */
	private volatile boolean holding;

	/**
	 * Whether the I/O thread waits for calls to end: it does not read, finishes, or is
	 * gone.
	 */
	private volatile boolean attention;

	private boolean stopped;

	private boolean paused;

	private boolean inputEnded;

	private boolean finishing;

	/** What waits at {@link #total}. */
	private @Nullable Runnable awaitsTotal;

	/** What waits at {@link #arguments}. */
	private @Nullable Runnable awaitsArguments;

	/** What {@link #arguments} has of input that is not decoded. */
	private int inputBytes;

	/** What the definitions of all connections have of this one. */
	private int definitionBytes;

	/** Whether it is paused since it is not known yet who calls. */
	private boolean awaitsVerdict;

	/** Whether it is paused in the middle of a request, since there are too many. */
	private boolean holdsInput;

	FlowControl(ServerConnection connection) {
		this.connection = connection;
		this.forecast = new ReplyForecast(limits().unreadBytes(), limits().calls());
		this.total = connection.scope().unsent();
		this.arguments = connection.scope().arguments();
	}

	/**
	 * Whether the next request may be read. At the bounds of calls and their arguments an
	 * extended peer is read on: it understands that its calls are refused.
	 * @return whether to go on
	 */
	boolean wantsMore() {
		boolean room = !this.awaitsVerdict && !hasTooManyBytes()
				&& (this.connection.isExtended() || !(this.connection.hasTooManyCalls() || hasTooManyArguments()));
		this.stopped = !room;
		return room && !this.finishing;
	}

	/**
	 * It has to be found out first who calls: nothing is read until
	 * {@link #verdictIsHere}.
	 */
	void awaitVerdict() {
		this.awaitsVerdict = true;
		this.stopped = true;
		deadlines().awaitVerdict();
	}

	/**
	 * It was found out who calls.
	 */
	void verdictIsHere() {
		this.awaitsVerdict = false;
		this.stopped = false;
		deadlines().verdictIsHere();
		attend();
	}

	/**
	 * Whether a request waits until it is known who makes it.
	 */
	boolean awaitsVerdict() {
		return this.awaitsVerdict;
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
	 * Whether it is paused in the middle of a request, whose time goes on: others wait
	 * for what it takes.
	 */
	boolean holdsInput() {
		return this.holdsInput;
	}

	/**
	 * A call is complete, and counts until {@link #argumentEnded}.
	 * @param bytes the size of its request
	 */
	void accepted(int bytes) {
		if (bytes > UNCOUNTED_REQUEST) {
			countArguments(bytes);
		}
	}

	private long countArguments(long change) {
		long now = this.argumentBytes.addAndGet(change);
		this.arguments.add(change);
		return now;
	}

	/**
	 * A call that was accepted has ended. On any thread.
	 * @param bytes the size of its request
	 */
	void argumentEnded(int bytes) {
		if (bytes <= UNCOUNTED_REQUEST) {
			return;
		}
		long left = countArguments(-bytes);
		long half = limits().argumentBytes() / 2;
		boolean fewEnough = left == 0 || (left <= half && left + bytes > half);
		if (fewEnough && this.attention && !this.connection.isClosed()) {
			sendForAttend();
		}
	}

	/**
	 * Whether a further argument would be too much.
	 */
	boolean hasTooManyArguments() {
		long bytes = this.argumentBytes.get();
		return bytes > limits().argumentBytes() || hasAnyOfTooMany(bytes);
	}

	/**
	 * Whether there are too many arguments of all connections, and this one has its share
	 * of them, or calls that may be held back and get one.
	 */
	private boolean hasAnyOfTooMany(long bytes) {
		return this.arguments.isTooMany() && (bytes > 0 || this.connection.callsInFlight() >= FEW_CALLS);
	}

	/**
	 * What the arguments of this connection's calls take that are counted, and its calls
	 * that are held back. On any thread.
	 */
	long argumentBytes() {
		return this.argumentBytes.get();
	}

	/**
	 * All that has come was decoded but for some bytes, most often of a request whose end
	 * is to come.
	 * @param bytes how many
	 */
	void inputWaits(int bytes) {
		int now = isWorthCounting(bytes) ? bytes : 0;
		int change = now - this.inputBytes;
		if (change != 0 && (now == 0 || Math.abs(change) >= uncounted() / GRAINS)) {
			this.inputBytes = now;
			this.arguments.add(change);
		}
		if (this.inputBytes > 0 && !this.paused && !this.finishing && this.arguments.isTooMany()) {
			this.holdsInput = true;
			pause();
		}
	}

	/**
	 * The peer has defined types in so many bytes, which are kept.
	 * @param bytes how many, all told
	 * @return whether there are too many since, together with those of others
	 */
	boolean definesTooMuch(int bytes) {
		if (bytes <= UNCOUNTED_DEFINITIONS || bytes == this.definitionBytes || this.connection.isClosed()) {
			return false;
		}
		ByteTotal all = this.connection.scope().definitions();
		all.add(bytes - this.definitionBytes);
		this.definitionBytes = bytes;
		return all.isTooMany();
	}

	/**
	 * Keeps a call from starting while its reply would be one too many. On any thread.
	 * @param call the call
	 * @return whether it was kept; it is submitted again later, admitted. If not, it
	 * counts as running until {@link #answered} or {@link #dropped}
	 */
	boolean holdBack(ServerCall call) {
		if (start()) {
			return false;
		}
		if (this.connection.isClosed()) {
			this.forecast.admit();
			return false;
		}
		keep(call, false);
		return true;
	}

	/**
	 * Looks again at a call that was admitted, when its handler's turn has come: replies
	 * may have grown since, or have been less awaited than they should have been. On any
	 * thread.
	 * @param call the call
	 * @return whether it was kept, as by {@link #holdBack}, and counts no more
	 */
	boolean holdBackAgain(ServerCall call) {
		if (this.forecast.isWithin(connection().unsentBytes(), this.total.isTooMany()) || this.connection.isClosed()
				|| !call.sendBack()) {
			return false;
		}
		this.forecast.dropped();
		keep(call, true);
		return true;
	}

	private void keep(ServerCall call, boolean first) {
		// Before anybody can take the call away.
		countArguments(keptBytes(call));
		long gone = 0;
		synchronized (this.heldBack) {
			if (this.heldBack.size() >= 2 * limits().calls()) {
				gone = removeEnded();
			}
			if (first) {
				this.heldBack.addFirst(call);
			}
			else {
				this.heldBack.addLast(call);
			}
			this.holding = true;
		}
		if (gone > 0) {
			countArguments(-gone);
		}
		// Whoever makes room from here on sees that calls are held back, and what was
		// made before is seen now.
		if (this.connection.isClosed()) {
			submitHeldBack(Integer.MAX_VALUE);
		}
		else {
			sendForAttend();
		}
	}

	/**
	 * What a call takes for being held back. Its request counts too, unless it is counted
	 * anyway: a small one may well be metadata, which takes more than it seems.
	 */
	private static int keptBytes(ServerCall call) {
		return HELD_BACK_BYTES + ((call.size() <= UNCOUNTED_REQUEST) ? call.size() : 0);
	}

	// Those that were cancelled meanwhile, and count as calls no more.
	private long removeEnded() {
		long gone = 0;
		for (Iterator<ServerCall> calls = this.heldBack.iterator(); calls.hasNext();) {
			ServerCall call = calls.next();
			if (call.hasEnded()) {
				calls.remove();
				gone += keptBytes(call);
			}
		}
		return gone;
	}

	private boolean start() {
		long unsent = connection().unsentBytes();
		return !isTooMuch(unsent) && this.forecast.start(unsent, this.total.isTooMany());
	}

	/**
	 * A running call was answered. On any thread.
	 * @param bytes the size of its reply
	 */
	void answered(int bytes) {
		this.forecast.answered(bytes);
		if (this.holding) {
			sendForAttend();
		}
	}

	/**
	 * A running call will not be answered any more. On any thread.
	 */
	void dropped() {
		this.forecast.dropped();
		if (this.holding) {
			sendForAttend();
		}
	}

	/**
	 * Something was sent. On any thread.
	 */
	void sent() {
		if (this.counted != 0 || isWorthCounting(connection().unsentBytes())) {
			boolean first = this.counted == 0;
			count();
			if (first && this.counted != 0) {
				sendForAttend();
			}
		}
	}

	private void count() {
		long change;
		synchronized (this.heldBack) {
			long unsent = this.connection.isClosed() ? 0 : connection().unsentBytes();
			long now = isWorthCounting(unsent) ? unsent : 0;
			change = now - this.counted;
			if (now != 0 && Math.abs(change) < uncounted() / GRAINS) {
				return;
			}
			this.counted = now;
		}
		if (change != 0 && this.total.add(change)) {
			// All whose peers do not read have to be looked after.
			this.connection.scope().connections().open().forEach(ServerConnection::attend);
		}
	}

	/**
	 * Whether so many bytes of one connection matter to the whole. Those of many
	 * connections do sooner: a thousand times 64 KiB are 64 MiB.
	 */
	private boolean isWorthCounting(long bytes) {
		return bytes > UNCOUNTED_OF_MANY && bytes > uncounted();
	}

	private int uncounted() {
		return (this.connection.scope().connections().count() > FEW_CONNECTIONS) ? UNCOUNTED_OF_MANY : UNCOUNTED;
	}

	/**
	 * Sends for {@link #attend}. On any thread.
	 */
	void sendForAttend() {
		if (!this.sentFor.get() && this.sentFor.compareAndSet(false, true)) {
			this.connection.execute(() -> {
				this.sentFor.set(false);
				attend();
			});
		}
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
		else if (left == 0 || left == limits().calls() / 2 || left == FEW_CALLS / 2) {
			this.connection.execute(this::attend);
		}
	}

	private void pause() {
		if (this.connection.isClosed()) {
			return;
		}
		stopReading();
		// Not at once: this may be the end of a read, which resuming would enter again.
		this.connection.execute(this::attend);
	}

	private void stopReading() {
		this.stopped = false;
		this.paused = true;
		this.attention = true;
		connection().pauseReading();
		if (!this.holdsInput) {
			this.connection.deadlines().noRequest();
		}
	}

	/**
	 * Looks whether what is waited for has come.
	 */
	void attend() {
		if (this.connection.isClosed()) {
			return;
		}
		count();
		// Calls that wait for their replies' turn are no reason not to read: the peer may
		// read all there is, and want its pings answered.
		if (this.holding && !this.paused && hasTooManyBytes()) {
			stopReading();
		}
		boolean waits = this.paused || this.finishing || this.holding;
		askToBeTold(waits);
		awaitArguments();
		boolean full = isFull();
		deadlines().peerIsSlow(full && (waits || this.total.isTooMany()));
		if (full) {
			return;
		}
		release();
		if (this.finishing) {
			if (this.connection.callsInFlight() == 0) {
				connection().closeGracefully();
			}
		}
		else if (this.paused && !this.awaitsVerdict && !(this.holdsInput && this.arguments.isTooMany())
				&& (this.connection.isExtended() || hasFewCalls())) {
			resume();
		}
	}

	private boolean hasFewCalls() {
		long bytes = this.argumentBytes.get();
		return this.connection.callsInFlight() <= limits().calls() / 2 && bytes <= limits().argumentBytes() / 2
				&& !hasAnyOfTooMany(bytes);
	}

	private void awaitArguments() {
		if (this.paused && this.awaitsArguments == null && this.arguments.isTooMany()) {
			Runnable task = () -> this.connection.execute(this::argumentsHaveFallen);
			this.awaitsArguments = task;
			this.arguments.whenFewer(task);
		}
	}

	private void argumentsHaveFallen() {
		this.awaitsArguments = null;
		attend();
	}

	private void askToBeTold(boolean waits) {
		long unsent = connection().unsentBytes();
		if (unsent > 0 && this.total.isTooMany()) {
			connection().notifyBelow(isWorthCounting(unsent) ? unsent : 1);
			if (this.awaitsTotal == null) {
				Runnable task = () -> this.connection.execute(this::totalHasFallen);
				this.awaitsTotal = task;
				this.total.whenFewer(task);
			}
		}
		else if (waits && unsent > limits().unreadBytes() / 2) {
			connection().notifyBelow(Math.max(limits().unreadBytes(), unsent));
		}
		else if (this.counted != 0) {
			connection().notifyBelow(Math.max(2L * uncounted(), unsent));
		}
	}

	private void totalHasFallen() {
		this.awaitsTotal = null;
		attend();
	}

	private void release() {
		if (!this.holding) {
			this.forecast.limiting(false);
			return;
		}
		long unsent = connection().unsentBytes();
		if (unsent == 0) {
			this.forecast.allRead();
		}
		this.forecast.limiting(true);
		submitHeldBack(this.forecast.room(unsent, this.total.isTooMany()));
		if (this.holding) {
			deadlines().callsWaitForRoom();
		}
	}

	/**
	 * Calls have waited for the replies of others for some time.
	 */
	void waitedForRoom() {
		if (this.holding) {
			this.forecast.ease();
			attend();
		}
	}

	private void resume() {
		this.paused = false;
		this.holdsInput = false;
		this.attention = false;
		connection().resumeReading();
		if (this.inputEnded) {
			this.connection.execute(this::endInputIfRead);
		}
	}

	private void submitHeldBack(int most) {
		List<ServerCall> calls = new ArrayList<>();
		long gone = 0;
		synchronized (this.heldBack) {
			while (calls.size() < most && !this.heldBack.isEmpty()) {
				ServerCall call = this.heldBack.remove();
				gone += keptBytes(call);
				if (!call.hasEnded()) {
					calls.add(call);
				}
			}
			this.holding = !this.heldBack.isEmpty();
		}
		if (gone > 0) {
			countArguments(-gone);
		}
		for (ServerCall call : calls) {
			this.forecast.admit();
			if (!this.connection.submitAgain(call)) {
				this.forecast.dropped();
			}
		}
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
		inputWaits(0);
		connection().pauseReading();
		attend();
	}

	/**
	 * Drops what is still to come.
	 */
	void readNoMore() {
		this.finishing = true;
	}

	/**
	 * How many calls may still be answered with replies that were foreseen.
	 */
	int running() {
		return this.forecast.running();
	}

	boolean isFinishing() {
		return this.finishing;
	}

	/**
	 * The connection is closed. To be called after it says so.
	 */
	void closed() {
		this.attention = true;
		awaitNoMore();
		inputWaits(0);
		this.connection.scope().definitions().add(-this.definitionBytes);
		this.definitionBytes = 0;
		submitHeldBack(Integer.MAX_VALUE);
		count();
	}

	private void awaitNoMore() {
		if (this.awaitsTotal != null) {
			this.total.forget(this.awaitsTotal);
			this.awaitsTotal = null;
		}
		if (this.awaitsArguments != null) {
			this.arguments.forget(this.awaitsArguments);
			this.awaitsArguments = null;
		}
	}

	private boolean hasTooManyBytes() {
		return isTooMuch(connection().unsentBytes());
	}

	private boolean isTooMuch(long unsent) {
		return unsent > limits().unreadBytes() || (unsent > 0 && this.total.isTooMany());
	}

	private boolean isFull() {
		long unsent = connection().unsentBytes();
		return unsent > limits().unreadBytes() / 2 || (unsent > 0 && this.total.isTooMany());
	}

	private Connection connection() {
		return this.connection.connection();
	}

	private ConnectionDeadlines deadlines() {
		return this.connection.deadlines();
	}

	private ConnectionLimits limits() {
		return this.connection.scope().limits();
	}

}
