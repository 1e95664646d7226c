package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.MessageBuffer;

/**
 * Connections that are opened and closed all the time while other threads write to them.
 * On each, both ends send nothing but its token, a number of its own; so a byte that
 * lands on another connection is found there. The operating system gives the descriptor
 * of a closed connection to the next one.
 */
final class TokenTraffic implements AutoCloseable {

	private static final int SLOTS = 2;

	private final Transport transport;

	private final Listener listener;

	private final AtomicReferenceArray<@Nullable End> clients = new AtomicReferenceArray<>(SLOTS);

	private final AtomicReferenceArray<@Nullable End> servers = new AtomicReferenceArray<>(SLOTS);

	private final Queue<String> strayed = new ConcurrentLinkedQueue<>();

	private final AtomicLong received = new AtomicLong();

	private final List<Thread> writers = new ArrayList<>();

	private volatile boolean ended;

	TokenTraffic(Transport transport) throws IOException {
		this.transport = transport;
		this.listener = transport.listen(new InetSocketAddress("127.0.0.1", 0), () -> new End(0));
		for (int slot = 0; slot < SLOTS; slot++) {
			startWriter(this.clients, slot);
			startWriter(this.servers, slot);
		}
	}

	private void startWriter(AtomicReferenceArray<@Nullable End> ends, int slot) {
		Thread writer = new Thread(() -> {
			for (int i = 0; !this.ended; i++) {
				End end = ends.get(slot);
				if (end != null) {
					end.write(i);
				}
				// Writing is not what takes time here, the other threads' work is.
				Thread.yield();
			}
		}, "writer-" + this.writers.size());
		this.writers.add(writer);
		writer.start();
	}

	/**
	 * Closes connections that are being written to at both ends, and opens others.
	 */
	void run(int rounds) throws Exception {
		for (int round = 0; round < rounds; round++) {
			int slot = round % SLOTS;
			End before = this.clients.get(slot);
			if (before != null) {
				before.lively.get(10, TimeUnit.SECONDS);
				before.close(round / SLOTS % 3);
			}
			End next = new End(round + 1L);
			this.transport.connect(this.listener.localAddress(), Duration.ofSeconds(5), next)
				.toCompletableFuture()
				.get(10, TimeUnit.SECONDS);
			this.clients.set(slot, next);
		}
	}

	Queue<String> strayed() {
		return this.strayed;
	}

	long received() {
		return this.received.get();
	}

	@Override
	public void close() throws InterruptedException {
		// While all write.
		this.transport.close();
		this.ended = true;
		for (Thread writer : this.writers) {
			writer.join();
		}
	}

	/**
	 * One end of a connection. The server's end learns the token from the first bytes.
	 */
	private final class End implements ConnectionHandler {

		private static final int MOST_UNSENT_BYTES = 32 * 1024;

		/** Both ends write. */
		private final CompletableFuture<Boolean> lively = new CompletableFuture<>();

		private volatile long token;

		private volatile @Nullable Connection connection;

		End(long token) {
			this.token = token;
		}

		void write(int count) {
			Connection open = this.connection;
			if (open == null || this.token == 0 || open.unsentBytes() > MOST_UNSENT_BYTES) {
				return;
			}
			MessageBuffer message = new Token(this.token, (count % 1000 == 999) ? 3_000 : 1);
			if (count % 2 == 0) {
				open.send(message);
			}
			else {
				open.sendLater(message);
				open.flush();
			}
		}

		void close(int how) {
			Connection open = this.connection;
			if (open == null) {
				return;
			}
			switch (how) {
				case 0 -> open.close();
				case 1 -> open.closeGracefully();
				default -> {
					// Unread input makes this a reset.
					open.pauseReading();
					open.schedule(open::close, 1, TimeUnit.MILLISECONDS);
				}
			}
		}

		@Override
		public void opened(Connection connection) {
			this.connection = connection;
		}

		@Override
		public int received(byte[] buffer, int from, int to) {
			int whole = (to - from) / Long.BYTES;
			ByteBuffer words = ByteBuffer.wrap(buffer, from, whole * Long.BYTES);
			for (int i = 0; i < whole; i++) {
				long word = words.getLong();
				if (this.token == 0) {
					this.token = word;
					TokenTraffic.this.servers.set((int) ((word - 1) % SLOTS), this);
				}
				if (word != this.token) {
					TokenTraffic.this.strayed.add(word + " on the connection of " + this.token);
				}
			}
			TokenTraffic.this.received.addAndGet(whole);
			this.lively.complete(true);
			return whole * Long.BYTES;
		}

		@Override
		public void inputEnded() {
			Connection open = this.connection;
			if (open != null) {
				open.close();
			}
		}

		@Override
		public void drained() {
			throw new IllegalStateException("nobody has asked for this event");
		}

		@Override
		public void closed(@Nullable Throwable cause) {
			// Writers go on until they see it.
		}

	}

	private record Token(long value, int times) implements MessageBuffer {

		@Override
		public void writeTo(Output out) {
			byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(this.value).array();
			for (int i = 0; i < this.times; i++) {
				out.write(bytes, 0, bytes.length);
			}
		}

		@Override
		public int size() {
			return this.times * Long.BYTES;
		}

		@Override
		public void trim() {
			// Nothing to give back.
		}

	}

}
