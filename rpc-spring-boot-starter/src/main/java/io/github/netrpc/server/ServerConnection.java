package io.github.netrpc.server;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.exec.StallWatch;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat.Detection;
import io.github.netrpc.wire.http.ConnectRequestReader;

/**
 * The server's side of one connection: finds out what the peer speaks, gives its calls to
 * handlers and sends their replies in whatever order they come. Reading stops while too
 * many calls run or too many bytes of replies wait for the peer.
 * <p>
 * Methods without another remark run on the connection's I/O thread. Handlers on other
 * threads share only {@link #ended}, {@link #attention} and the calls held back; what
 * they find there makes them send for {@link #attend}.
 */
final class ServerConnection implements ConnectionHandler, RequestSink, Unflushed.Flushable {

	private static final int QUOTED_BYTES = 32;

	private static final int DETECTION_BYTES = 8;

	private final ServerScope scope;

	/** Calls accepted. Written by the I/O thread only. */
	private final AtomicLong begun = new AtomicLong();

	/** Calls answered, by any thread. */
	private final AtomicLong ended = new AtomicLong();

	private final AtomicBoolean unflushed = new AtomicBoolean();

	/**
	 * Whether the I/O thread waits for calls to end: it does not read, finishes, or is
	 * gone.
	 */
	private volatile boolean attention;

	private volatile boolean broken;

	private volatile boolean closed;

	private volatile @Nullable Connection connection;

	private volatile @Nullable ServedFormat format;

	private @Nullable ServerCodec codec;

	private @Nullable ConnectRequestReader handshake;

	private final Deque<ServerCall> heldBack = new ArrayDeque<>(0);

	private @Nullable HandlerWorker worker;

	private long batchNanos;

	private long requests;

	private boolean spoke;

	private boolean stopped;

	private boolean paused;

	private boolean inputEnded;

	private boolean finishing;

	private final ConnectionDeadlines deadlines;

	private final StallWatch.Timer timer = this::runLater;

	private final long openedNanos;

	ServerConnection(ServerScope scope) {
		this.scope = scope;
		this.deadlines = new ConnectionDeadlines(this);
		this.openedNanos = scope.nanoTime().getAsLong();
	}

	@Override
	public void opened(Connection connection) {
		this.connection = connection;
		ServerConnection surplus = this.scope.connections().add(this);
		if (surplus != null) {
			this.scope.failures()
				.gaveUp(surplus.remoteAddress(), "the server has too many connections, or is closing", null);
			surplus.connection().close();
		}
	}

	@Override
	public int received(byte[] buffer, int from, int to) {
		if (this.finishing || this.closed) {
			return to - from;
		}
		if (!this.spoke) {
			this.spoke = true;
			this.scope.connections().spoke(this);
		}
		this.batchNanos = this.scope.nanoTime().getAsLong();
		long requestsBefore = this.requests;
		int consumed;
		try {
			consumed = decode(buffer, from, to);
		}
		catch (WireException ex) {
			giveUp(Objects.requireNonNull(ex.getMessage()), null);
			return to - from;
		}
		catch (RuntimeException | StackOverflowError ex) {
			giveUp("reading failed", ex);
			return to - from;
		}
		finally {
			endBatch();
		}
		if (this.finishing) {
			return to - from;
		}
		if (this.stopped) {
			pause();
		}
		boolean partial = !this.paused && (consumed < to - from || (this.codec != null && this.codec.inRequest()));
		this.deadlines.requestIs(partial, this.requests != requestsBefore, this.requests == 0);
		return consumed;
	}

	private int decode(byte[] buffer, int from, int to) throws WireException {
		int next = from;
		if (this.codec == null) {
			if (this.handshake == null) {
				detect(buffer, from, to);
			}
			if (this.handshake != null) {
				next += shakeHands(this.handshake, buffer, from, to);
			}
		}
		ServerCodec chosen = this.codec;
		return (chosen != null && next < to) ? next - from + chosen.decode(buffer, next, to, this) : next - from;
	}

	// Each protocol is asked in order, and a later one has its say only when those before
	// it have said no for good: so the answer does not depend on how the bytes were cut.
	private void detect(byte[] buffer, int from, int to) {
		boolean last = to - from >= DETECTION_BYTES;
		for (ServedFormat served : this.scope.formats()) {
			Detection detection = served.format().detect(buffer, from, to);
			if (detection == Detection.YES) {
				serve(served);
			}
			if (detection == Detection.YES || (detection == Detection.MORE && !last)) {
				return;
			}
		}
		if (this.scope.gob() != null) {
			ConnectRequestReader.Detection http = ConnectRequestReader.detect(buffer, from, to);
			if (http == ConnectRequestReader.Detection.YES) {
				this.handshake = new ConnectRequestReader(this.scope.connectPath());
			}
			if (http == ConnectRequestReader.Detection.YES || (http == ConnectRequestReader.Detection.MORE && !last)) {
				return;
			}
		}
		this.finishing = true;
		this.scope.failures()
			.gaveUp(remoteAddress(),
					"it speaks no known protocol, its first bytes are \"" + quote(buffer, from, to) + "\"", null);
		connection().close();
	}

	private int shakeHands(ConnectRequestReader reader, byte[] buffer, int from, int to) {
		int length = reader.read(buffer, from, to);
		if (length > 0) {
			connection().send(reader.answer());
			if (reader.isConnected()) {
				this.handshake = null;
				serve(Objects.requireNonNull(this.scope.gob()));
			}
			else {
				finish();
			}
		}
		return length;
	}

	private void serve(ServedFormat served) {
		this.format = served;
		this.codec = served.format().serverCodec();
	}

	@Override
	public IncomingRequest begin(byte[] buffer, int from, int to) {
		ServedMethod method = this.scope.table().find(buffer, from, to);
		return (method != null) ? new ServerCall(this, method, method.plan(format()), this.batchNanos)
				: new UnknownCall(this, Arrays.copyOfRange(buffer, from, to), this.batchNanos);
	}

	@Override
	public boolean wantsMore() {
		boolean room = callsInFlight() < this.scope.limits().calls()
				&& connection().unsentBytes() <= this.scope.limits().unreadBytes();
		this.stopped = !room;
		return room && !this.finishing;
	}

	/**
	 * A request is complete: runs its method.
	 * @param call the call
	 * @param inline whether on this thread
	 */
	void accept(ServerCall call, boolean inline) {
		count();
		if (inline) {
			call.run(worker());
		}
		else if (!this.scope.handlers().submit(call, this.timer)) {
			call.refuse();
		}
	}

	/**
	 * A request is complete that is answered on this thread, without a handler.
	 * @return has the buffer for the answer
	 */
	HandlerWorker acceptForReply() {
		count();
		return worker();
	}

	private void count() {
		this.requests++;
		this.begun.lazySet(this.begun.getPlain() + 1);
	}

	private HandlerWorker worker() {
		HandlerWorker current = this.worker;
		if (current == null) {
			current = new HandlerWorker(this.scope.formats(), null);
			this.worker = current;
		}
		return current;
	}

	// The worker's buffers go back to the pool: an idle connection keeps none.
	private void endBatch() {
		HandlerWorker current = this.worker;
		if (current != null) {
			this.worker = null;
			current.close();
		}
	}

	/**
	 * Keeps a call from starting while too many bytes wait for its peer. On any thread.
	 * @param call the call
	 * @return whether it was kept; it is submitted again later
	 */
	boolean holdBack(ServerCall call) {
		if (connection().unsentBytes() <= this.scope.limits().unreadBytes() || this.closed) {
			return false;
		}
		boolean first;
		synchronized (this.heldBack) {
			first = this.heldBack.isEmpty();
			this.heldBack.add(call);
		}
		if (this.closed) {
			submitHeldBack();
		}
		else if (first) {
			execute(this::pause);
		}
		return true;
	}

	/**
	 * Sends a reply. On any thread.
	 * @param reply the reply
	 * @param recorder records the outcome
	 * @param code the outcome
	 * @param beganNanos when the request came
	 * @param unflushed where the reply may wait to be flushed with others, or null
	 */
	void answer(MessageBuffer reply, CallRecorder recorder, RpcCode code, long beganNanos,
			@Nullable Unflushed<ServerConnection> unflushed) {
		try {
			if (unflushed == null) {
				connection().send(reply);
			}
			else if (connection().sendLater(reply)) {
				unflushed.add(this);
			}
			if (recorder != CallRecorder.NONE) {
				recorder.record(code, this.scope.nanoTime().getAsLong() - beganNanos);
			}
		}
		finally {
			callEnded();
		}
	}

	/**
	 * Sends an error reply. On any thread.
	 * @param request the request
	 * @param code the outcome
	 * @param known what the caller may know of the call's effect
	 * @param message the error string
	 * @param buffer a buffer for it
	 * @param recorder records the outcome
	 * @param beganNanos when the request came
	 * @param unflushed as for {@link #answer}
	 */
	void answerError(IncomingRequest request, RpcCode code, Known known, String message, MessageBuffer buffer,
			CallRecorder recorder, long beganNanos, @Nullable Unflushed<ServerConnection> unflushed) {
		try {
			codec().encodeError(request, code, known, message, Map.of(), buffer);
		}
		catch (Throwable ex) {
			this.scope.failures().gaveUp(remoteAddress(), "an error reply could not be encoded", ex);
			connection().close();
			callEnded();
			return;
		}
		answer(buffer, recorder, code, beganNanos, unflushed);
	}

	@Override
	public boolean markUnflushed() {
		return !this.unflushed.get() && this.unflushed.compareAndSet(false, true);
	}

	@Override
	public void flush() {
		this.unflushed.set(false);
		connection().flush();
	}

	// The count goes up before the flag is read; the I/O thread sets the flag before it
	// reads the count. So one of the two always sees that there is something to do.
	private void callEnded() {
		long count = this.ended.incrementAndGet();
		if (this.attention) {
			if (this.closed) {
				this.scope.connections().callEnded(this);
				return;
			}
			long left = this.begun.get() - count;
			if (left == 0 || left == this.scope.limits().calls() / 2) {
				execute(this::attend);
			}
		}
	}

	private void pause() {
		if (this.closed) {
			return;
		}
		this.stopped = false;
		this.paused = true;
		this.attention = true;
		connection().pauseReading();
		this.deadlines.noRequest();
		// Not at once: this may be the end of a read, which resuming would enter again.
		execute(this::attend);
	}

	private void attend() {
		if (this.closed) {
			return;
		}
		long bytes = connection().unsentBytes();
		long low = this.scope.limits().unreadBytes() / 2;
		if (bytes > low) {
			connection().notifyBelow(this.scope.limits().unreadBytes());
			bytes = connection().unsentBytes();
		}
		this.deadlines.peerIsSlow(bytes > low && (this.paused || this.finishing));
		if (bytes > low) {
			return;
		}
		submitHeldBack();
		if (this.finishing) {
			if (callsInFlight() == 0) {
				connection().closeGracefully();
			}
		}
		else if (this.paused && callsInFlight() <= this.scope.limits().calls() / 2) {
			resume();
		}
	}

	private void resume() {
		this.paused = false;
		this.attention = false;
		connection().resumeReading();
		if (this.inputEnded) {
			execute(this::finishIfRead);
		}
	}

	private void execute(Runnable task) {
		try {
			connection().execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The I/O thread has ended, and the connection with it.
		}
	}

	private void runLater(Runnable task, long delayNanos) {
		connection().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
	}

	private void submitHeldBack() {
		List<ServerCall> calls;
		synchronized (this.heldBack) {
			calls = List.copyOf(this.heldBack);
			this.heldBack.clear();
		}
		for (ServerCall call : calls) {
			if (!this.scope.handlers().submit(call, this.timer)) {
				call.refuse();
			}
		}
	}

	@Override
	public void drained() {
		attend();
	}

	@Override
	public void inputEnded() {
		this.inputEnded = true;
		finishIfRead();
	}

	private void finishIfRead() {
		if (!this.paused) {
			finish();
		}
	}

	/**
	 * Reads no more, answers the calls under way, and closes. On any thread.
	 */
	void drain() {
		execute(this::finish);
	}

	private void finish() {
		if (this.closed) {
			return;
		}
		this.finishing = true;
		this.attention = true;
		this.deadlines.noRequest();
		connection().pauseReading();
		attend();
	}

	private void giveUp(String reason, @Nullable Throwable cause) {
		this.scope.failures().gaveUp(remoteAddress(), reason, cause);
		finish();
	}

	@Override
	public void closed(@Nullable Throwable cause) {
		this.broken = cause != null;
		this.closed = true;
		this.attention = true;
		this.deadlines.cancel();
		submitHeldBack();
		this.scope.connections().closed(this);
	}

	ServerScope scope() {
		return this.scope;
	}

	ServedFormat format() {
		return Objects.requireNonNull(this.format);
	}

	// On any thread.
	ConnectionSnapshot snapshot() {
		ServedFormat served = this.format;
		return new ConnectionSnapshot(remoteAddress(), (served != null) ? served.format().name() : null,
				Duration.ofNanos(this.scope.nanoTime().getAsLong() - this.openedNanos), callsInFlight(),
				this.begun.get());
	}

	ServerCodec codec() {
		return Objects.requireNonNull(this.codec);
	}

	Connection connection() {
		return Objects.requireNonNull(this.connection);
	}

	SocketAddress remoteAddress() {
		return connection().remoteAddress();
	}

	// When the bytes arrived that are being read.
	long batchNanos() {
		return this.batchNanos;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Closes the connection at once because of its peer.
	 * @param reason why
	 */
	void abandon(String reason) {
		this.scope.failures().gaveUp(remoteAddress(), reason, null);
		connection().close();
	}

	// Whether the peer is gone for certain. On any thread.
	boolean isBroken() {
		return this.broken;
	}

	// On any thread.
	long callsInFlight() {
		return this.begun.get() - this.ended.get();
	}

	private static String quote(byte[] buffer, int from, int to) {
		StringBuilder quoted = new StringBuilder();
		for (int i = from; i < Math.min(to, from + QUOTED_BYTES); i++) {
			int value = buffer[i] & 0xff;
			if (value >= ' ' && value < 0x7f && value != '"' && value != '\\') {
				quoted.append((char) value);
			}
			else {
				quoted.append("\\x%02x".formatted(value));
			}
		}
		return quoted.toString();
	}

}
