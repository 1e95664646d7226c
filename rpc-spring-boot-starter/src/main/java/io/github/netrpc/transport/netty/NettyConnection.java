package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
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
 * Output: see {@link ConnectionOutput}.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection {

	/** How long {@link #closeGracefully} waits for the peer, or for progress. */
	private static final long GRACE_SECONDS = 1;

	/**
	 * How long a connection that cannot be written to is read. What came before is there
	 * already, and the end of the input ends it.
	 */
	private static final long LAST_WORDS_MILLIS = 100;

	/**
	 * How much input is dropped at a time while the connection closes gracefully: what
	 * the I/O thread reads at once. A peer that goes on sending as fast as it can must
	 * not take its time from others, nor may a hundred of them that began together. Once
	 * all that is for the peer has left, no more is dropped: the system takes some
	 * megabytes from a peer that writes before it reads.
	 */
	static final int DROPPED_AT_ONCE_BYTES = LoopBuffers.SIZE_BYTES;

	/** How long nothing is read after that. */
	private static final long DROP_PAUSE_MILLIS = 200;

	private final ConnectionHandler handler;

	private final FailureLog failures;

	private final InputWindow window = new InputWindow();

	private final Runnable readTask = this::readAgain;

	// Set by handlerAdded, before anybody else knows this object.

	@SuppressWarnings("NullAway.Init")
	private ChannelHandlerContext context;

	@SuppressWarnings("NullAway.Init")
	private EventLoop loop;

	@SuppressWarnings("NullAway.Init")
	private ConnectionOutput output;

	private volatile boolean reading = true;

	// Used by the I/O thread only.

	private boolean closingGracefully;

	private boolean outputShutDown;

	private boolean inputShutDown;

	private boolean inputEndedPending;

	/** A write has failed, and what the peer has said before is still to be read. */
	private boolean lastWords;

	private int dropped;

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
		this.output = new ConnectionOutput(this, ctx);
	}

	// Input

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		// With a handler before this one (TLS, say), the bytes of this one are not those
		// of the socket.
		if (ctx.channel() instanceof DirectChannel channel && ctx.pipeline().firstContext() == ctx) {
			this.output.writeDirectlyTo(channel);
		}
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
		this.output.readBegins();
		ByteBuf buffer = (ByteBuf) message;
		try {
			if (this.closedHere) {
				return;
			}
			if (this.closingGracefully) {
				drop(buffer.readableBytes());
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
		this.output.readEnds();
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof SslHandshakeCompletionEvent handshake) {
			handshakeEnded(handshake.cause());
		}
		boolean ended = event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS;
		if (ended && !this.inputShutDown) {
			this.inputShutDown = true;
			this.inputEndedPending = true;
			if (this.outputShutDown || this.lastWords) {
				ctx.close();
			}
			else {
				tellInputEnded();
			}
		}
	}

	private void handshakeEnded(@Nullable Throwable failure) {
		if (failure != null) {
			if (!(failure instanceof ClosedChannelException)) {
				failed(TlsHandler.described(failure));
			}
		}
		else if (this.cause == null && !this.closedHere) {
			try {
				this.handler.secured();
			}
			catch (Throwable ex) {
				handlerFailed("secured", ex);
			}
		}
	}

	/**
	 * Tells that the input has ended, but not before a handler that has paused has seen
	 * the bytes before the end.
	 */
	private void tellInputEnded() {
		if (this.inputEndedPending && this.reading && !this.closingGracefully && !this.closedHere
				&& !this.output.mayBeBroken()) {
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
	public Offered offer(MessageBuffer message, long limit, boolean later) {
		return this.output.offer(message, limit, later);
	}

	@Override
	public void flush() {
		this.output.flush();
	}

	@Override
	public long unsentBytes() {
		return this.output.unsentBytes();
	}

	@Override
	public long sentBytes() {
		return this.output.written();
	}

	@Override
	public void notifyBelow(long bytes) {
		this.output.notifyBelow(bytes);
	}

	/**
	 * As many bytes have left as the handler may have asked for. On any thread.
	 */
	void drainedMayBeTold() {
		submit(this::tellDrained);
	}

	private void tellDrained() {
		if (!this.closedHere && this.output.hasDrained()) {
			try {
				this.handler.drained();
			}
			catch (Throwable ex) {
				handlerFailed("drained", ex);
			}
		}
	}

	/**
	 * The output has ended and all of it was written. On any thread.
	 */
	void allWritten() {
		submit(this::endOutputOfGracefulClose);
	}

	private void endOutputOfGracefulClose() {
		if (this.closingGracefully) {
			endOutput();
		}
	}

	/**
	 * A write that might have failed has not. On any thread.
	 */
	void inputEndMayBeTold() {
		submit(this::tellInputEnded);
	}

	/**
	 * A write has failed that Netty knows nothing of. On the I/O thread.
	 * @param ex the failure
	 */
	void outputBroke(Throwable ex) {
		failed(ex);
		this.context.close();
	}

	/**
	 * A write of Netty has failed, which closes the channel, or leaves it to be read and
	 * closed here. On the I/O thread.
	 * @param ex the failure
	 */
	void writeFailed(@Nullable Throwable ex) {
		failed((ex instanceof ChannelOutputShutdownException && ex.getCause() != null) ? ex.getCause() : ex);
		Channel channel = this.context.channel();
		if (channel.isOpen() && !channel.config().isAutoClose() && !this.lastWords) {
			this.lastWords = true;
			this.output.end();
			this.loop.schedule(() -> this.context.close(), LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Keeps why the connection ends: what was first, but that the peer has told why says
	 * more than that it does not read. On the I/O thread.
	 * @param ex the failure
	 */
	void failed(@Nullable Throwable ex) {
		boolean told = this.lastWords && ex instanceof SSLException;
		if ((this.cause == null || told) && ex != null && !(ex instanceof ClosedChannelException)) {
			this.cause = ex;
		}
	}

	// End

	@Override
	public void closeGracefully() {
		this.output.end();
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
		this.output.drain();
		this.writtenAtLastTick = this.output.written();
		if (this.output.isAllWritten()) {
			endOutput();
		}
		else {
			this.graceTimer = this.loop.schedule(this::tick, GRACE_SECONDS, TimeUnit.SECONDS);
		}
	}

	/**
	 * Counts input that nobody will see, and has the peer wait where it is much: its
	 * bytes stay with the system, and then with itself.
	 * @param bytes how many have come
	 */
	private void drop(int bytes) {
		this.dropped += bytes;
		if (this.dropped >= DROPPED_AT_ONCE_BYTES) {
			this.dropped = 0;
			this.context.channel().config().setAutoRead(false);
			if (this.outputShutDown) {
				return;
			}
			this.loop.schedule(this::dropOn, DROP_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private void dropOn() {
		if (!this.inputShutDown && this.context.channel().isOpen()) {
			this.context.channel().config().setAutoRead(true);
		}
	}

	/**
	 * While there are bytes to send, a peer that takes some each second is waited for.
	 */
	private void tick() {
		if (this.outputShutDown || this.output.written() == this.writtenAtLastTick) {
			this.closedHere = true;
			this.context.close();
			return;
		}
		this.writtenAtLastTick = this.output.written();
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
		DuplexChannel channel = (DuplexChannel) this.context.channel();
		TlsHandler tls = channel.pipeline().get(TlsHandler.class);
		if (tls != null) {
			tls.closeOutbound().addListener((sent) -> channel.shutdownOutput());
		}
		else {
			channel.shutdownOutput();
		}
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
		this.output.end();
		this.context.close();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
		// Netty wraps what epoll says of a peer that has just gone
		boolean wrapped = thrown instanceof UncheckedIOException;
		failed(wrapped ? thrown.getCause() : thrown);
		if (!wrapped && !(thrown instanceof IOException)) {
			this.failures.warn(this.loop, "Connection " + this + " failed", thrown);
		}
		ctx.close();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.output.release();
		cancelGraceTimer();
		this.window.clear();
		try {
			this.handler.closed((this.closedHere || this.closingGracefully) ? null : this.cause);
		}
		catch (Throwable ex) {
			this.failures.warn(this.loop, "Handler of " + this + " failed in closed", ex);
		}
	}

	void handlerFailed(String event, Throwable ex) {
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
	public @Nullable SSLSession tlsSession() {
		TlsHandler tls = this.context.pipeline().get(TlsHandler.class);
		return (tls != null) ? tls.engine().getSession() : null;
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
	void submit(Runnable task) {
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
