package io.github.netrpc.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.transport.memory.MemoryTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every transport does, seen from its public interfaces. Inherited by the tests of
 * each.
 */
@Timeout(60)
public abstract class TransportContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	/** More than the buffers of an operating system hold between two ends. */
	private static final int MANY_BYTES = 24 * 1024 * 1024;

	protected Transport transport;

	protected abstract Transport createTransport();

	@BeforeEach
	void createTheTransport() {
		this.transport = createTransport();
	}

	@AfterEach
	void closeTheTransport() {
		this.transport.close();
	}

	protected final Listener listen(Supplier<ConnectionHandler> handlers) throws IOException {
		return this.transport.listen(new InetSocketAddress("127.0.0.1", 0), handlers);
	}

	protected final Connection connect(Listener listener, ConnectionHandler handler) throws Exception {
		return this.transport.connect(listener.localAddress(), TIMEOUT, handler)
			.toCompletableFuture()
			.get(10, TimeUnit.SECONDS);
	}

	protected final Pair pair() throws Exception {
		return pair(new RecordingHandler(), new RecordingHandler());
	}

	protected final Pair pair(RecordingHandler client, RecordingHandler server) throws Exception {
		Listener listener = listen(() -> server);
		connect(listener, client);
		server.connection();
		listener.close();
		return new Pair(client, server);
	}

	@Test
	void ioThreadsAreKnownByEveryTransport() throws Exception {
		Pair pair = pair();
		assertThat(this.transport.inIoThread()).isFalse();
		try (Transport other = createTransport(); Transport another = new MemoryTransport()) {
			for (RecordingHandler end : List.of(pair.client(), pair.server())) {
				CompletableFuture<List<Boolean>> known = new CompletableFuture<>();
				end.connection()
					.execute(() -> known
						.complete(List.of(this.transport.inIoThread(), other.inIoThread(), another.inIoThread())));
				assertThat(known.get(10, TimeUnit.SECONDS)).containsExactly(true, true, true);
			}
		}
	}

	@Test
	void bytesArriveInOrderBothWays() throws Exception {
		Pair pair = pair();
		assertThat(pair.client.connection().send(Bytes.of("one"))).isTrue();
		assertThat(pair.client.connection().send(Bytes.of("two"))).isTrue();
		assertThat(pair.server.awaitText(6)).isEqualTo("onetwo");
		pair.server.connection().send(Bytes.of("three"));
		assertThat(pair.client.awaitText(5)).isEqualTo("three");
	}

	@Test
	void connectCallsOpenedBeforeTheStageCompletes() throws Exception {
		Listener listener = listen(RecordingHandler::new);
		RecordingHandler client = new RecordingHandler();
		Connection connection = connect(listener, client);
		assertThat(client.connection.getNow(null)).isSameAs(connection);
		assertThat(connection.remoteAddress()).isEqualTo(listener.localAddress());
	}

	@Test
	void bytesThatAreNotConsumedAreGivenAgainWithMoreBehindThem() throws Exception {
		RecordingHandler sevenths = new RecordingHandler() {

			@Override
			int consume(byte[] buffer, int from, int to) {
				return (to - from) / 7 * 7;
			}

		};
		Pair pair = pair(new RecordingHandler(), sevenths);
		byte[] all = Bytes.pattern(7 * 1001).array();
		int from = 0;
		for (int length = 1; from < all.length; length++) {
			int to = Math.min(from + length, all.length);
			pair.client.connection().send(new Bytes(java.util.Arrays.copyOfRange(all, from, to)));
			from = to;
		}
		assertThat(sevenths.awaitBytes(all.length)).isEqualTo(all);
	}

	@Test
	void aMessageThatIsConsumedOnlyWhenWholeArrives() throws Exception {
		int size = 6 * 1024 * 1024;
		RecordingHandler patient = new RecordingHandler() {

			@Override
			int consume(byte[] buffer, int from, int to) {
				return (to - from < size) ? 0 : size;
			}

		};
		Pair pair = pair(new RecordingHandler(), patient);
		Bytes message = Bytes.pattern(size);
		pair.client.connection().send(message);
		pair.client.connection().send(message);
		byte[] received = patient.awaitBytes(2 * size);
		assertThat(java.util.Arrays.copyOfRange(received, size, 2 * size)).isEqualTo(message.array());
	}

	@Test
	void messagesOfManyThreadsNeverMixAndKeepTheOrderOfEachThread() throws Exception {
		int threads = 4;
		int perThread = 3000;
		Pair pair = pair();
		Connection connection = pair.client.connection();
		int total = 0;
		List<Thread> senders = new ArrayList<>();
		for (int t = 0; t < threads; t++) {
			byte id = (byte) t;
			senders.add(new Thread(() -> {
				for (int i = 0; i < perThread; i++) {
					connection.send(new Bytes(numbered(id, i)));
				}
			}));
			for (int i = 0; i < perThread; i++) {
				total += numbered(id, i).length;
			}
		}
		senders.forEach(Thread::start);
		assertThatEachThreadsMessagesAreInOrder(pair.server.awaitBytes(total), threads, perThread);
	}

	private static void assertThatEachThreadsMessagesAreInOrder(byte[] received, int threads, int perThread) {
		int[] next = new int[threads];
		for (int at = 0; at < received.length;) {
			byte id = received[at];
			byte[] expected = numbered(id, next[id]++);
			assertThat(java.util.Arrays.copyOfRange(received, at, at + expected.length)).isEqualTo(expected);
			at += expected.length;
		}
		assertThat(next).containsOnly(perThread);
	}

	@Test
	void everyWayToSendKeepsTheOrderOfEachThreadWhileTheReceiverIsSlow() throws Exception {
		int threads = 4;
		int perThread = 3000;
		int[] reads = new int[1];
		RecordingHandler slow = new RecordingHandler() {

			@Override
			int consume(byte[] buffer, int from, int to) {
				if (++reads[0] % 10 == 0) {
					Connection connection = this.connection.join();
					connection.pauseReading();
					connection.schedule(connection::resumeReading, 1, TimeUnit.MILLISECONDS);
				}
				return to - from;
			}

		};
		Pair pair = pair(new RecordingHandler(), slow);
		Connection connection = pair.client.connection();
		int total = 0;
		List<Thread> senders = new ArrayList<>();
		for (int t = 0; t < threads; t++) {
			byte id = (byte) t;
			senders.add(new Thread(() -> {
				for (int i = 0; i < perThread; i++) {
					Bytes message = new Bytes(numbered(id, i));
					if (i % 5 == 0) {
						connection.send(message);
						continue;
					}
					connection.sendLater(message);
					if (i % 5 != 1) {
						connection.flush();
					}
				}
				connection.flush();
			}));
			for (int i = 0; i < perThread; i++) {
				total += numbered(id, i).length;
			}
		}
		senders.forEach(Thread::start);
		assertThatEachThreadsMessagesAreInOrder(slow.awaitBytes(total), threads, perThread);
		awaitNothingUnsent(connection);
	}

	private static byte[] numbered(byte thread, int number) {
		byte[] bytes = new byte[3 + number % 50 + ((number % 1000 == 999) ? 100_000 : 0)];
		java.util.Arrays.fill(bytes, thread);
		bytes[1] = (byte) number;
		bytes[2] = (byte) (number >> 8);
		return bytes;
	}

	@Test
	void aReceiverThatHasPausedHoldsTheSenderBackUntilItGoesOn() throws Exception {
		Pair pair = pair();
		pair.server.connection().pauseReading();
		Connection sender = pair.client.connection();
		Bytes message = Bytes.pattern(MANY_BYTES);
		sender.send(message);
		assertThat(sender.unsentBytes()).isPositive();
		sender.notifyBelow(1024 * 1024);
		assertThat(pair.client.events).doesNotContain("drained");
		pair.server.connection().resumeReading();
		pair.client.await("drained");
		assertThat(sender.unsentBytes()).isLessThanOrEqualTo(512 * 1024);
		assertThat(pair.server.awaitBytes(MANY_BYTES)).isEqualTo(message.array());
		awaitNothingUnsent(sender);
	}

	@Test
	void ofManyWhoOfferAtOnceOnlyTheFirstExceedsTheLimit() throws Exception {
		Pair pair = pair();
		pair.server.connection().pauseReading();
		Connection sender = pair.client.connection();
		Bytes message = Bytes.pattern(MANY_BYTES);
		// Less than what is unsent when one has been taken.
		long limit = 1024;
		int threads = 8;
		CountDownLatch begin = new CountDownLatch(threads);
		List<Connection.Offered> offers = Collections.synchronizedList(new ArrayList<>());
		List<Thread> senders = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			boolean later = i % 2 == 0;
			senders.add(new Thread(() -> {
				begin.countDown();
				try {
					begin.await();
				}
				catch (InterruptedException ex) {
					return;
				}
				offers.add(sender.offer(message, limit, later));
			}));
		}
		senders.forEach(Thread::start);
		for (Thread thread : senders) {
			thread.join();
		}
		assertThat(offers).hasSize(threads).containsOnlyOnce(Connection.Offered.TAKEN);
		assertThat(offers).doesNotContain(Connection.Offered.CLOSED);
		assertThat(sender.unsentBytes()).isBetween(1L, (long) MANY_BYTES);
		sender.flush();
		pair.server.connection().resumeReading();
		assertThat(pair.server.awaitBytes(MANY_BYTES)).isEqualTo(message.array());
		awaitNothingUnsent(sender);
		assertThat(sender.offer(Bytes.of("again"), limit, false)).isEqualTo(Connection.Offered.TAKEN);
		sender.close();
		assertThat(sender.offer(message, limit, false)).isEqualTo(Connection.Offered.CLOSED);
	}

	private static void awaitNothingUnsent(Connection sender) throws InterruptedException {
		CountDownLatch sent = new CountDownLatch(1);
		Runnable[] check = new Runnable[1];
		check[0] = () -> {
			if (sender.unsentBytes() == 0) {
				sent.countDown();
			}
			else {
				sender.schedule(check[0], 1, TimeUnit.MILLISECONDS);
			}
		};
		sender.execute(check[0]);
		assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void notifyBelowWhenLittleIsUnsentIsAnsweredAtOnceAndOnce() throws Exception {
		Pair pair = pair();
		pair.client.connection().notifyBelow(10);
		pair.client.await("drained");
		pair.client.connection().send(Bytes.of("x"));
		pair.server.awaitBytes(1);
		runOn(pair.client.connection());
		assertThat(pair.client.events).doesNotContain("drained");
	}

	private static void runOn(Connection connection) throws Exception {
		CompletableFuture<Boolean> ran = new CompletableFuture<>();
		connection.execute(() -> ran.complete(true));
		ran.get(10, TimeUnit.SECONDS);
	}

	@Test
	void bytesLeftAtAPauseAreGivenAgainByResume() throws Exception {
		BlockingQueue<String> seen = new LinkedBlockingQueue<>();
		RecordingHandler server = new RecordingHandler() {

			private boolean first = true;

			@Override
			int consume(byte[] buffer, int from, int to) {
				seen.add(new String(buffer, from, to - from, java.nio.charset.StandardCharsets.US_ASCII));
				if (this.first) {
					this.first = false;
					this.connection.join().pauseReading();
					return 2;
				}
				return to - from;
			}

		};
		Pair pair = pair(new RecordingHandler(), server);
		pair.client.connection().send(Bytes.of("abcde"));
		assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("abcde");
		runOn(pair.server.connection());
		assertThat(seen).isEmpty();
		pair.server.connection().resumeReading();
		assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("cde");
		pair.client.connection().send(Bytes.of("f"));
		assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("f");
	}

	@Test
	void theEndOfTheInputWaitsForAReceiverThatHasPaused() throws Exception {
		Pair pair = pair();
		pair.server.connection().pauseReading();
		pair.client.connection().send(Bytes.pattern(100_000));
		pair.client.connection().closeGracefully();
		assertThat(pair.client.awaitClosed()).isNull();
		assertThat(pair.server.events).doesNotContain("inputEnded", "received");
		pair.server.connection().resumeReading();
		assertThat(pair.server.awaitBytes(100_000)).isEqualTo(Bytes.pattern(100_000).array());
		pair.server.await("inputEnded");
	}

	@Test
	void closeGracefullyLosesNoByteToUnreadInput() throws Exception {
		RecordingHandler client = new RecordingHandler();
		Pair pair = pair(client, new RecordingHandler());
		pair.server.connection().pauseReading();
		pair.client.connection().send(Bytes.pattern(300_000));
		int size = 8 * 1024 * 1024;
		assertThat(pair.server.connection().send(Bytes.pattern(size))).isTrue();
		pair.server.connection().closeGracefully();
		assertThat(pair.server.connection().send(Bytes.of("late"))).isFalse();
		assertThat(client.awaitBytes(size)).isEqualTo(Bytes.pattern(size).array());
		client.await("inputEnded");
		pair.client.connection().close();
		assertThat(pair.server.awaitClosed()).isNull();
	}

	@Test
	void closeGracefullyClosesASecondLaterWhenThePeerDoesNot() throws Exception {
		Pair pair = pair();
		pair.server.connection().closeGracefully();
		pair.client.await("inputEnded");
		assertThat(pair.server.closed).isNotDone();
		assertThat(pair.server.awaitClosed()).isNull();
		assertThat(pair.server.closedCount).hasValue(1);
	}

	@Test
	void closeEndsBothSidesWithoutACause() throws Exception {
		Pair pair = pair();
		pair.client.connection().close();
		pair.client.connection().close();
		assertThat(pair.client.awaitClosed()).isNull();
		pair.server.await("inputEnded");
		pair.server.connection().close();
		assertThat(pair.server.awaitClosed()).isNull();
		assertThat(pair.client.connection().send(Bytes.of("x"))).isFalse();
		assertThat(pair.client.connection().unsentBytes()).isZero();
		pair.client.connection().closeGracefully();
		assertThat(pair.client.closedCount).hasValue(1);
		assertThat(pair.server.closedCount).hasValue(1);
	}

	@Test
	void aPeerThatClosesWithUnreadInputIsAReset() throws Exception {
		RecordingHandler client = new RecordingHandler() {

			@Override
			int consume(byte[] buffer, int from, int to) {
				this.connection.join().pauseReading();
				return 0;
			}

		};
		Pair pair = pair(client, new RecordingHandler());
		pair.server.connection().send(Bytes.of("first"));
		client.await("received");
		pair.server.connection().send(Bytes.pattern(MANY_BYTES));
		pair.client.connection().close();
		assertThat(pair.server.awaitClosed()).isInstanceOf(IOException.class);
		assertThat(pair.server.closedCount).hasValue(1);
		assertThat(pair.server.connection().unsentBytes()).isZero();
	}

	@Test
	void sendingToAClosedPeerEndsInAFailure() throws Exception {
		Pair pair = pair();
		pair.client.connection().close();
		pair.server.await("inputEnded");
		Connection connection = pair.server.connection();
		Runnable[] send = new Runnable[1];
		send[0] = () -> {
			if (connection.send(Bytes.of("anybody there?"))) {
				connection.schedule(send[0], 1, TimeUnit.MILLISECONDS);
			}
		};
		connection.execute(send[0]);
		checkEndOfSending(pair.server.awaitClosed());
	}

	/**
	 * What is told of a connection whose peer has closed it while this side sent.
	 * @param cause why it has ended
	 */
	protected void checkEndOfSending(@Nullable Throwable cause) {
		assertThat(cause).isInstanceOf(IOException.class);
	}

	@Test
	void aHandlerThatThrowsLosesOnlyItsConnection() throws Exception {
		IllegalStateException failure = new IllegalStateException("thrown by a test");
		BlockingQueue<RecordingHandler> accepted = new LinkedBlockingQueue<>();
		Listener listener = listen(() -> {
			RecordingHandler handler = new RecordingHandler() {

				@Override
				int consume(byte[] buffer, int from, int to) {
					if (buffer[from] == '!') {
						throw failure;
					}
					return to - from;
				}

			};
			accepted.add(handler);
			return handler;
		});
		RecordingHandler good = new RecordingHandler();
		RecordingHandler bad = new RecordingHandler();
		connect(listener, good);
		good.connection().send(Bytes.of("a"));
		RecordingHandler goodServer = accepted.poll(10, TimeUnit.SECONDS);
		connect(listener, bad).send(Bytes.of("!"));
		bad.await("inputEnded");
		assertThat(accepted.poll(10, TimeUnit.SECONDS).awaitClosed()).isSameAs(failure);
		good.connection().send(Bytes.of("b"));
		assertThat(goodServer.awaitText(2)).isEqualTo("ab");
	}

	@Test
	void connectWhenNobodyListensFails() throws Exception {
		Listener listener = listen(RecordingHandler::new);
		listener.close();
		RecordingHandler handler = new RecordingHandler();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> connect(listener, handler))
			.withCauseInstanceOf(IOException.class);
		assertThat(handler.events).isEmpty();
	}

	@Test
	void connectResolvesNames() throws Exception {
		RecordingHandler server = new RecordingHandler();
		Listener listener = listen(() -> server);
		int port = ((InetSocketAddress) listener.localAddress()).getPort();
		this.transport.connect(InetSocketAddress.createUnresolved("localhost", port), TIMEOUT, new RecordingHandler())
			.toCompletableFuture()
			.get(10, TimeUnit.SECONDS)
			.send(Bytes.of("hello"));
		assertThat(server.awaitText(5)).isEqualTo("hello");
	}

	@Test
	void listenWhenThePortIsInUseThrowsBindException() throws Exception {
		Listener listener = listen(RecordingHandler::new);
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> this.transport.listen(listener.localAddress(), RecordingHandler::new))
			.withMessageContaining(listener.localAddress().toString());
	}

	@Test
	void closeOfAListenerReleasesThePortAtOnceAndKeepsItsConnections() throws Exception {
		RecordingHandler server = new RecordingHandler();
		Listener listener = listen(() -> server);
		Connection connection = connect(listener, new RecordingHandler());
		server.connection();
		listener.close();
		for (int i = 0; i < 20; i++) {
			this.transport.listen(listener.localAddress(), RecordingHandler::new).close();
		}
		connection.send(Bytes.of("still here"));
		assertThat(server.awaitText(10)).isEqualTo("still here");
	}

	@Test
	void tasksRunOnTheThreadOfTheEventsUnlessCancelled() throws Exception {
		Pair pair = pair();
		Connection connection = pair.client.connection();
		BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();
		Runnable cancel = connection.schedule(() -> ran.add(new Thread()), 20, TimeUnit.MILLISECONDS);
		cancel.run();
		connection.schedule(() -> ran.add(Thread.currentThread()), 40, TimeUnit.MILLISECONDS);
		connection.execute(() -> ran.add(Thread.currentThread()));
		Thread first = ran.poll(10, TimeUnit.SECONDS);
		assertThat(ran.poll(10, TimeUnit.SECONDS)).isSameAs(first).isNotSameAs(Thread.currentThread());
	}

	@Test
	void closeEndsConnectionsAndThreads() throws Exception {
		Pair pair = pair();
		AtomicReference<Thread> io = new AtomicReference<>();
		CountDownLatch known = new CountDownLatch(1);
		pair.client.connection().execute(() -> {
			io.set(Thread.currentThread());
			known.countDown();
		});
		known.await();
		this.transport.close();
		assertThat(pair.client.closed).isDone();
		assertThat(pair.server.closed).isDone();
		io.get().join(1000);
		assertThat(io.get().isAlive()).isFalse();
		assertThat(pair.client.connection().send(Bytes.of("x"))).isFalse();
		pair.client.connection().closeGracefully();
		pair.client.connection().close();
	}

	/** A connection and what its ends have seen. */
	protected record Pair(RecordingHandler client, RecordingHandler server) {

	}

}
