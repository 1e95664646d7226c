package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.InputWindow;
import io.github.netrpc.wire.MessageBuffer;

/**
 * One connection, the last handler of its Netty channel.
 * <p>
 * Input: Netty reads into a buffer of the I/O thread; the handler gets a copy in that
 * thread's array. Only what it does not consume is kept here.
 * <p>
 * Output: senders copy into {@link OutputQueue} under {@link #sendLock}; the first of
 * them schedules one {@link #drain}, which takes all that has come until it runs. Two
 * counters, each with one writer at a time, make up {@link #unsentBytes}: bytes taken
 * (under the lock) and bytes written (on the I/O thread).
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection {

	/** How long {@link #closeGracefully} waits for the peer, or for progress. */
	private static final long GRACE_SECONDS = 1;

	/** As much as {@link #sendLater} leaves to {@link #flush}. */
	private static final long FLUSH_BYTES = 32 * 1024;

	private static final long NOT_ASKED = -1;

	private static final AtomicLongFieldUpdater<NettyConnection> NOTIFY_BELOW = AtomicLongFieldUpdater
		.newUpdater(NettyConnection.class, "notifyBelow");

	private final ConnectionHandler handler;

	private final FailureLog failures;

	private final Object sendLock = new Object();

	private final InputWindow window = new InputWindow();

	private final Runnable drainTask = this::drain;

	private final Runnable readTask = this::readAgain;

	// Set by handlerAdded, before anybody else knows this object.

	@SuppressWarnings("NullAway.Init")
	private ChannelHandlerContext context;

	@SuppressWarnings("NullAway.Init")
	private EventLoop loop;

	@SuppressWarnings("NullAway.Init")
	private OutputQueue output;

	@SuppressWarnings("NullAway.Init")
	private WriteProgress progress;

	// Guarded by sendLock.

	private boolean outputEnded;

	private boolean drainScheduled;

	// Written under sendLock and by the I/O thread respectively.

	private volatile long taken;

	private volatile long written;

	private volatile long notifyBelow = NOT_ASKED;

	private volatile boolean reading = true;

	// Used by the I/O thread only.

	private @Nullable ByteBuf[] spareChunks = new ByteBuf[2];

	private boolean inReadBatch;

	private boolean drainAfterReadBatch;

	private boolean closingGracefully;

	private boolean outputShutDown;

	private boolean inputShutDown;

	private boolean inputEndedPending;

	private long writtenAtLastTick;

	private @Nullable Future<?> graceTimer;

	private volatile boolean closedHere;

	private @Nullable Throwable cause;

	NettyConnection(ConnectionHandler handler, FailureLog failures) {
		this.handler = handler;
		this.failures = failures;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.context = ctx;
		this.loop = ctx.channel().eventLoop();
		this.output = new OutputQueue(ctx.alloc());
		this.progress = new WriteProgress(ctx.channel(), this);
	}

	/**
	 * The peer's name has become addresses.
	 */
	void resolved() {
		this.handler.resolved();
	}

	// Input

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		try {
			this.handler.opened(this);
		}
		catch (Throwable ex) {
			handlerFailed("opened", ex);
		}
		ctx.fireChannelActive();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		this.inReadBatch = true;
		ByteBuf buffer = (ByteBuf) message;
		try {
			if (this.closingGracefully || this.closedHere) {
				return;
			}
			if (this.reading && this.window.isEmpty()) {
				receiveAtOnce(buffer);
			}
			else {
				int length = buffer.readableBytes();
				this.window.reserve(length);
				buffer.readBytes(this.window.bytes(), this.window.to(), length);
				this.window.added(length);
				receiveWindow();
			}
		}
		catch (Throwable ex) {
			handlerFailed("received", ex);
		}
		finally {
			ReferenceCountUtil.release(buffer);
		}
	}

	private void receiveAtOnce(ByteBuf buffer) {
		byte[] bytes = LoopBuffers.current().window();
		while (buffer.isReadable() && this.reading && this.window.isEmpty() && !this.closedHere) {
			int length = Math.min(buffer.readableBytes(), bytes.length);
			buffer.readBytes(bytes, 0, length);
			int consumed = InputWindow.checkConsumed(this.handler.received(bytes, 0, length), length);
			if (consumed < length) {
				this.window.append(bytes, consumed, length - consumed);
			}
		}
		if (buffer.isReadable()) {
			int length = buffer.readableBytes();
			this.window.reserve(length);
			buffer.readBytes(this.window.bytes(), this.window.to(), length);
			this.window.added(length);
			receiveWindow();
		}
	}

	private void receiveWindow() {
		if (this.reading && !this.window.isEmpty()) {
			this.window.consume(this.handler.received(this.window.bytes(), this.window.from(), this.window.to()));
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.inReadBatch = false;
		if (this.drainAfterReadBatch) {
			this.drainAfterReadBatch = false;
			drain();
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent && !this.inputShutDown) {
			this.inputShutDown = true;
			this.inputEndedPending = true;
			if (this.outputShutDown) {
				ctx.close();
			}
			else {
				tellInputEnded();
			}
		}
	}

	/**
	 * Tells that the input has ended, but not before a handler that has paused has seen
	 * the bytes before the end.
	 */
	private void tellInputEnded() {
		if (this.inputEndedPending && this.reading && !this.closingGracefully && !this.closedHere) {
			this.inputEndedPending = false;
			try {
				this.handler.inputEnded();
			}
			catch (Throwable ex) {
				handlerFailed("inputEnded", ex);
			}
		}
	}

	@Override
	public void pauseReading() {
		this.reading = false;
		this.context.channel().config().setAutoRead(false);
	}

	@Override
	public void resumeReading() {
		this.reading = true;
		submit(this.readTask);
	}

	private void readAgain() {
		if (this.closingGracefully || this.closedHere) {
			return;
		}
		try {
			receiveWindow();
		}
		catch (Throwable ex) {
			handlerFailed("received", ex);
			return;
		}
		tellInputEnded();
		Channel channel = this.context.channel();
		if (this.reading && !this.inputShutDown && channel.isOpen()) {
			channel.config().setAutoRead(true);
			if (!this.reading) {
				channel.config().setAutoRead(false);
			}
		}
	}

	// Output

	@Override
	public boolean send(MessageBuffer message) {
		return send(message, 0);
	}

	@Override
	public boolean sendLater(MessageBuffer message) {
		return send(message, FLUSH_BYTES);
	}

	private boolean send(MessageBuffer message, long mayWaitBytes) {
		synchronized (this.sendLock) {
			if (this.outputEnded) {
				return false;
			}
			try {
				message.writeTo(this.output);
			}
			catch (Throwable ex) {
				// Part of the message may be in the queue: the stream is broken.
				this.outputEnded = true;
				submit(() -> handlerFailed("writeTo", ex));
				throw ex;
			}
			this.taken = this.output.taken();
			if (this.drainScheduled || this.output.bytes() < mayWaitBytes) {
				return true;
			}
			this.drainScheduled = true;
		}
		scheduleDrain();
		return true;
	}

	@Override
	public void flush() {
		synchronized (this.sendLock) {
			if (this.drainScheduled || this.output.isEmpty()) {
				return;
			}
			this.drainScheduled = true;
		}
		scheduleDrain();
	}

	private void scheduleDrain() {
		if (this.loop.inEventLoop() && this.inReadBatch) {
			this.drainAfterReadBatch = true;
		}
		else {
			submit(this.drainTask);
		}
	}

	private void drain() {
		@Nullable ByteBuf[] chunks;
		int count;
		synchronized (this.sendLock) {
			this.drainScheduled = false;
			count = this.output.count();
			if (count == 0) {
				return;
			}
			chunks = this.output.swap(this.spareChunks);
		}
		for (int i = 0; i < count; i++) {
			this.context.write(chunks[i], this.progress);
			chunks[i] = null;
		}
		// A burst of large messages must not leave a large array behind.
		this.spareChunks = (chunks.length <= 16) ? chunks : new ByteBuf[2];
		this.context.flush();
	}

	/**
	 * The operating system has taken bytes. Called on the I/O thread.
	 * @param bytes how many
	 */
	void written(long bytes) {
		long sum = this.written + bytes;
		this.written = sum;
		if (this.notifyBelow != NOT_ASKED) {
			submit(this::tellDrained);
		}
		if (this.closingGracefully && sum == this.taken) {
			submit(this::endOutput);
		}
	}

	/**
	 * A write has failed; the channel closes next. Called on the I/O thread.
	 * @param ex the failure
	 */
	void failed(@Nullable Throwable ex) {
		if (this.cause == null && ex != null && !(ex instanceof ClosedChannelException)) {
			this.cause = ex;
		}
	}

	@Override
	public long unsentBytes() {
		// In this order: what is written meanwhile may be missed, but the difference is
		// never below zero.
		long done = this.written;
		return Math.max(0, this.taken - done);
	}

	@Override
	public long sentBytes() {
		return this.written;
	}

	@Override
	public void notifyBelow(long bytes) {
		this.notifyBelow = Math.max(0, bytes);
		if (unsentBytes() <= bytes / 2) {
			submit(this::tellDrained);
		}
	}

	private void tellDrained() {
		long asked = this.notifyBelow;
		if (asked != NOT_ASKED && unsentBytes() <= asked / 2 && !this.closedHere
				&& NOTIFY_BELOW.compareAndSet(this, asked, NOT_ASKED)) {
			try {
				this.handler.drained();
			}
			catch (Throwable ex) {
				handlerFailed("drained", ex);
			}
		}
	}

	// End

	@Override
	public void closeGracefully() {
		synchronized (this.sendLock) {
			this.outputEnded = true;
		}
		submit(this::beginGracefulClose);
	}

	private void beginGracefulClose() {
		if (this.closingGracefully || this.closedHere) {
			return;
		}
		this.closingGracefully = true;
		this.window.clear();
		if (!this.inputShutDown && this.context.channel().isOpen()) {
			this.context.channel().config().setAutoRead(true);
		}
		drain();
		this.writtenAtLastTick = this.written;
		if (this.written == this.taken) {
			endOutput();
		}
		else {
			this.graceTimer = this.loop.schedule(this::tick, GRACE_SECONDS, TimeUnit.SECONDS);
		}
	}

	/**
	 * While there are bytes to send, a peer that takes some each second is waited for.
	 */
	private void tick() {
		if (this.outputShutDown || this.written == this.writtenAtLastTick) {
			this.closedHere = true;
			this.context.close();
			return;
		}
		this.writtenAtLastTick = this.written;
		this.graceTimer = this.loop.schedule(this::tick, GRACE_SECONDS, TimeUnit.SECONDS);
	}

	private void endOutput() {
		if (this.outputShutDown || !this.context.channel().isOpen()) {
			return;
		}
		this.outputShutDown = true;
		cancelGraceTimer();
		if (this.inputShutDown) {
			this.context.close();
			return;
		}
		((DuplexChannel) this.context.channel()).shutdownOutput();
		this.graceTimer = this.loop.schedule(this::tick, GRACE_SECONDS, TimeUnit.SECONDS);
	}

	private void cancelGraceTimer() {
		Future<?> timer = this.graceTimer;
		if (timer != null) {
			timer.cancel(false);
			this.graceTimer = null;
		}
	}

	@Override
	public void close() {
		this.closedHere = true;
		synchronized (this.sendLock) {
			this.outputEnded = true;
		}
		this.context.close();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable ex) {
		failed(ex);
		if (!(ex instanceof IOException)) {
			this.failures.warn(this.loop, "Connection " + this + " failed", ex);
		}
		ctx.close();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		synchronized (this.sendLock) {
			this.outputEnded = true;
			this.output.release();
			this.written = this.taken;
		}
		cancelGraceTimer();
		this.window.clear();
		try {
			this.handler.closed((this.closedHere || this.closingGracefully) ? null : this.cause);
		}
		catch (Throwable ex) {
			this.failures.warn(this.loop, "Handler of " + this + " failed in closed", ex);
		}
	}

	private void handlerFailed(String event, Throwable ex) {
		this.failures.warn(this.loop, "Handler of " + this + " failed in " + event + ": closing the connection", ex);
		failed(ex);
		this.context.close();
	}

	@Override
	public SocketAddress remoteAddress() {
		return this.context.channel().remoteAddress();
	}

	@Override
	public SocketAddress localAddress() {
		return this.context.channel().localAddress();
	}

	@Override
	public void execute(Runnable task) {
		this.loop.execute(task);
	}

	@Override
	public Runnable schedule(Runnable task, long delay, TimeUnit unit) {
		Future<?> scheduled = this.loop.schedule(task, delay, unit);
		return () -> scheduled.cancel(false);
	}

	/**
	 * Runs a task on the I/O thread, unless that has ended: then the connection has too.
	 * @param task the task
	 */
	private void submit(Runnable task) {
		try {
			this.loop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The transport is closed, and so is this connection.
		}
	}

	@Override
	public String toString() {
		return localAddress() + " to " + remoteAddress();
	}

}
