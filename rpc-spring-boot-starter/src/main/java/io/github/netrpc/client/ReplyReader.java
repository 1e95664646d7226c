package io.github.netrpc.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ReplySink;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.http.ConnectAnswerReader;
import io.github.netrpc.wire.http.ConnectPath;

/**
 * What comes on one connection: the answer to the HTTP request that opens it, if there
 * was one, then replies, each for a call in the table, and notices. Learns from them what
 * kind of node it is. The futures of one read are completed together, at its end.
 * <p>
 * Used by the I/O thread of the connection. What it has learned, and when it read last,
 * any thread may ask.
 */
final class ReplyReader implements ReplySink {

	private static final VarHandle READ_NANOS;

	static {
		try {
			READ_NANOS = MethodHandles.lookup().findVarHandle(ReplyReader.class, "readNanos", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final NodeConnection connection;

	private final ConnectionOpening opening;

	private final ClientResources resources;

	private final PendingTable pending;

	private final ClientCodec codec;

	/** Null where there is none, or when it has been read. */
	private @Nullable ConnectAnswerReader handshake;

	private volatile Peer peer = Peer.UNKNOWN;

	/** What is added to the deadlines of calls. */
	private volatile long graceNanos;

	@SuppressWarnings("unused") // through READ_NANOS
	private long readNanos;

	private @Nullable ClientCall<?> firstAnswered;

	private @Nullable ClientCall<?> lastAnswered;

	private int answered;

	ReplyReader(NodeConnection connection, ConnectionOpening opening, ClientResources resources, PendingTable pending,
			ClientCodec codec) {
		this.connection = connection;
		this.opening = opening;
		this.resources = resources;
		this.pending = pending;
		this.codec = codec;
		ConnectPath path = resources.connectPath();
		this.handshake = (path != null) ? new ConnectAnswerReader(path) : null;
	}

	/**
	 * Reads what it can. To be followed by {@link #completeAnswered}, whatever comes of
	 * it.
	 * @return how many bytes were consumed
	 */
	int read(byte[] buffer, int from, int to) throws WireException {
		int consumed = 0;
		if (this.handshake != null) {
			consumed = this.handshake.read(buffer, from, to);
			if (consumed == 0) {
				return 0;
			}
			this.handshake = null;
			this.opening.greet();
			if (from + consumed == to) {
				return consumed;
			}
		}
		READ_NANOS.setOpaque(this, this.resources.timer().nanoTime());
		consumed += this.codec.decode(buffer, from + consumed, to, this);
		if (!this.opening.isConfirmed() && this.peer != Peer.UNKNOWN) {
			this.opening.answered();
		}
		return consumed;
	}

	@Override
	public @Nullable PendingReply take(long seq) {
		if (this.peer == Peer.UNKNOWN) {
			this.peer = Peer.STOCK;
		}
		ClientCall<?> call = this.pending.find(seq);
		return (call != null) ? call : this.connection.late(seq);
	}

	@Override
	public void extended() {
		if (!this.resources.extensions()) {
			// Nobody asked
			return;
		}
		this.peer = Peer.EXTENDED;
		this.graceNanos = this.resources.deadlineGraceNanos();
	}

	@Override
	public void notice(Map<String, String> metadata) {
		if (this.resources.extensions() && "true".equals(metadata.get("drain"))) {
			this.connection.nodeDrains();
		}
	}

	/**
	 * Leaves a call that was answered to the end of the read.
	 */
	void completeAfterRead(ClientCall<?> call) {
		ClientCall<?> last = this.lastAnswered;
		if (last == null) {
			this.firstAnswered = call;
		}
		else {
			last.next = call;
		}
		this.lastAnswered = call;
		this.answered++;
	}

	/**
	 * Has the calls completed that the read has answered.
	 */
	void completeAnswered() {
		ClientCall<?> first = this.firstAnswered;
		ClientCall<?> last = this.lastAnswered;
		if (first != null && last != null) {
			this.firstAnswered = null;
			this.lastAnswered = null;
			int count = this.answered;
			this.answered = 0;
			this.resources.completions().submit(first, last, count);
		}
	}

	// For any thread

	/**
	 * When the bytes arrived that were read last.
	 */
	long readNanos() {
		return (long) READ_NANOS.getOpaque(this);
	}

	/**
	 * How much later than its deadline a call ends that was sent.
	 */
	long graceNanos() {
		return this.graceNanos;
	}

	/**
	 * Whether the node has answered, and knows our fields.
	 */
	boolean isExtended() {
		return this.peer == Peer.EXTENDED;
	}

	/**
	 * Whether the node has answered, and does not know our fields.
	 */
	boolean isStock() {
		return this.peer == Peer.STOCK;
	}

	/**
	 * What is known of the node.
	 */
	private enum Peer {

		/** It has not answered. */
		UNKNOWN,

		/** It has answered without our fields. */
		STOCK,

		/** It knows our fields. */
		EXTENDED

	}

}
