package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.TlsSettings;

/**
 * TLS on one connection, by the JDK's engine, the first handler of its channel. Adds to
 * Netty's handler what that leaves to others:
 * <ul>
 * <li>A peer that speaks no TLS is refused at its first byte, with an alert that our own
 * clients understand.
 * <li>The end of the input during the handshake ends that.
 * <li>Nobody negotiates again, and a client that must have a certificate is asked for it
 * again when the handshake is over.
 * <li>A session that is resumed does not outlive the certificate with which it began. In
 * a whole handshake it is up to the trust manager what of a certificate counts.
 * <li>{@link WriteProgress} counts plain bytes, when the last record of them is written.
 * </ul>
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class TlsHandler extends SslHandler {

	/** As much as goes into one record. */
	private static final int RECORD_BYTES = 16 * 1024;

	private static final int ALERT = 21;

	private static final int HANDSHAKE = 22;

	private static final int MAJOR_VERSION = 3;

	/** A fatal one, "unexpected message", of TLS 1.2 as all first records are. */
	private static final byte[] UNEXPECTED_MESSAGE = { ALERT, MAJOR_VERSION, 3, 0, 2, 2, 10 };

	private static final int QUOTED_BYTES = 8;

	/** In characters. */
	private static final int LONGEST_REASON = 300;

	/**
	 * For bytes to be understood that came before the end of the input.
	 */
	private static final long END_GRACE_MILLIS = 500;

	private static final long CLOSE_MILLIS = 1000;

	private final boolean server;

	private final InstantSource clock;

	// Used by the I/O thread only.

	private int firstBytes;

	private boolean refused;

	private boolean renegotiable;

	private long beganMillis;

	private @Nullable ChannelInputShutdownEvent inputEnd;

	@SuppressWarnings("NullAway.Init")
	private Channel channel;

	private TlsHandler(SSLEngine engine, Executor tasks, InstantSource clock, Duration handshakeTimeout) {
		super(engine, false, tasks);
		this.clock = clock;
		this.server = !engine.getUseClientMode();
		setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
		setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
	}

	/**
	 * The server's side of a connection.
	 * @param tls the settings
	 * @param tasks runs what takes long, such as checking certificates
	 * @param clock the wall clock
	 */
	static TlsHandler ofServer(TlsSettings tls, Executor tasks, InstantSource clock) {
		return new TlsHandler(tls.serverEngine(), tasks, clock, tls.handshakeTimeout());
	}

	/**
	 * The client's side of a connection. Its handshake has no time limit.
	 * @param tls the settings
	 * @param host where the connection leads to
	 * @param port the port there
	 * @param tasks runs what takes long, such as checking certificates
	 * @param clock the wall clock
	 */
	static TlsHandler ofClient(TlsSettings tls, String host, int port, Executor tasks, InstantSource clock) {
		return new TlsHandler(tls.clientEngine(host, port), tasks, clock, Duration.ZERO);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
		this.channel = ctx.channel();
		this.beganMillis = this.clock.millis();
		handshakeFuture().addListener((done) -> {
			if (done.isSuccess()) {
				handshakeSucceeded(ctx);
			}
		});
		super.handlerAdded(ctx);
	}

	private void handshakeSucceeded(ChannelHandlerContext ctx) {
		// From TLS 1.3 on, what follows the handshake is encrypted and none.
		this.renegotiable = engine().getSession().getProtocol().equals("TLSv1.2");
		String wrong = wrongWithPeer(engine().getSession());
		if (wrong != null) {
			// So that the next handshake is a whole one.
			engine().getSession().invalidate();
			refuse(ctx, wrong);
		}
		ChannelInputShutdownEvent end = this.inputEnd;
		if (end != null) {
			// What came before it may wait to be decoded.
			ctx.executor().execute(() -> tellInputEnd(ctx, end));
		}
	}

	private @Nullable String wrongWithPeer(SSLSession session) {
		try {
			if (session.getPeerCertificates()[0] instanceof X509Certificate certificate
					&& session.getCreationTime() < this.beganMillis
					&& certificate.getNotAfter().toInstant().isBefore(this.clock.instant())) {
				return "the peer's certificate is not valid any more: NotAfter: " + certificate.getNotAfter();
			}
			return null;
		}
		catch (SSLPeerUnverifiedException ex) {
			return (this.server && engine().getNeedClientAuth()) ? "the client has no certificate" : null;
		}
	}

	private void tellInputEnd(ChannelHandlerContext ctx, ChannelInputShutdownEvent end) {
		try {
			super.userEventTriggered(ctx, end);
		}
		catch (Exception ex) {
			ctx.fireExceptionCaught(ex);
		}
	}

	// Input. Netty calls this for one record at a time: the first byte there is that of a
	// record, or the one that was there the last time.
	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws SSLException {
		if (this.refused) {
			in.skipBytes(in.readableBytes());
			return;
		}
		if (!in.isReadable()) {
			return;
		}
		if (this.firstBytes < 2) {
			this.firstBytes = Math.min(2, in.readableBytes());
			if (!mayBeTls(in)) {
				String quoted = ByteBufUtil.hexDump(in, in.readerIndex(), Math.min(in.readableBytes(), QUOTED_BYTES));
				in.skipBytes(in.readableBytes());
				this.firstBytes = 0;
				refuse(ctx, "the peer does not speak TLS, its first bytes are " + quoted + " (hex)");
				return;
			}
		}
		if (this.renegotiable && in.getUnsignedByte(in.readerIndex()) == HANDSHAKE) {
			in.skipBytes(in.readableBytes());
			refuse(ctx, "the peer asks to negotiate again");
			return;
		}
		super.decode(ctx, in, out);
	}

	private boolean mayBeTls(ByteBuf in) {
		int type = in.getUnsignedByte(in.readerIndex());
		boolean record = type == HANDSHAKE || (!this.server && type == ALERT);
		return record && (in.readableBytes() < 2 || in.getByte(in.readerIndex() + 1) == MAJOR_VERSION);
	}

	/**
	 * Whether the peer has begun to speak TLS.
	 */
	boolean hasMetTls() {
		return this.firstBytes > 0;
	}

	private void refuse(ChannelHandlerContext ctx, String reason) {
		this.refused = true;
		ctx.fireExceptionCaught(new SSLHandshakeException(reason));
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
		if (event instanceof ChannelInputShutdownEvent end && !handshakeFuture().isDone()) {
			if (this.firstBytes == 0 && this.server) {
				// Somebody looked whether the port is open.
				ctx.close();
				return;
			}
			this.inputEnd = end;
			ctx.executor().schedule(() -> {
				if (!handshakeFuture().isDone() && !this.refused) {
					refuse(ctx, "the peer has closed the connection during the handshake");
				}
			}, (this.firstBytes == 0) ? 0 : END_GRACE_MILLIS, TimeUnit.MILLISECONDS);
			return;
		}
		super.userEventTriggered(ctx, event);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
		super.exceptionCaught(ctx, unwrapped(cause));
	}

	private static Throwable unwrapped(Throwable cause) {
		return (cause instanceof DecoderException && cause.getCause() instanceof SSLException ssl) ? ssl : cause;
	}

	// Output

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
		if (message instanceof ByteBuf buffer && promise instanceof WriteProgress progress) {
			while (buffer.readableBytes() > RECORD_BYTES) {
				super.write(ctx, buffer.readRetainedSlice(RECORD_BYTES), part(ctx, RECORD_BYTES, progress));
			}
			super.write(ctx, buffer, part(ctx, buffer.readableBytes(), progress));
		}
		else {
			super.write(ctx, message, promise);
		}
	}

	private static ChannelPromise part(ChannelHandlerContext ctx, int bytes, WriteProgress progress) {
		return ctx.newPromise().addListener((Future<? super Void> done) -> {
			if (done.isSuccess()) {
				progress.tryProgress(bytes, bytes);
			}
			else {
				progress.tryFailure(done.cause());
			}
		});
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
		if (this.refused && !handshakeFuture().isDone()) {
			if (this.server) {
				ctx.writeAndFlush(Unpooled.wrappedBuffer(UNEXPECTED_MESSAGE), ctx.voidPromise());
			}
			ctx.close(promise);
		}
		else {
			super.close(ctx, promise);
		}
	}

	/**
	 * Closes the connection in the middle of its handshake. On the I/O thread.
	 */
	void closeChannel() {
		this.refused = true;
		this.channel.close();
	}

	/**
	 * Why a handshake has failed, in words.
	 * @param cause the failure
	 * @return the failure with the messages of its causes, which often have the reason;
	 * its cause is a {@link TimeoutException} if the time was over
	 */
	static SSLHandshakeException described(Throwable cause) {
		StringBuilder text = new StringBuilder(first(cause));
		Throwable next = cause.getCause();
		for (int depth = 0; next != null && depth < 5; depth++) {
			String more = next.getMessage();
			if (more != null && text.indexOf(more) < 0) {
				text.append(": ").append(more);
			}
			next = next.getCause();
		}
		SSLHandshakeException described = new SSLHandshakeException(harmless(text));
		described.initCause(
				(cause instanceof SslHandshakeTimeoutException) ? new TimeoutException(cause.getMessage()) : cause);
		return described;
	}

	private static String first(Throwable cause) {
		if (cause instanceof NotSslRecordException) {
			// Netty's message has all that came.
			return "the peer has sent what is no TLS record";
		}
		if (cause instanceof IOException && !(cause instanceof SSLException)) {
			return "the connection was closed" + ((cause.getMessage() != null) ? ": " + cause.getMessage() : "");
		}
		return (cause.getMessage() != null) ? cause.getMessage() : cause.toString();
	}

	// Certificates may be named, and their names are as long and as odd as their owners
	// like.
	private static String harmless(StringBuilder text) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isISOControl(text.charAt(i))) {
				text.setCharAt(i, '?');
			}
		}
		if (text.length() > LONGEST_REASON) {
			text.setLength(LONGEST_REASON);
			text.append("...");
		}
		return text.toString();
	}

}
