package io.github.netrpc.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what replies take that nobody reads: of calls that run at the same time, and
 * of all connections together (promise 7, R17).
 */
class ReplyMemoryTests {

	private static final int MEBIBYTE = 1 << 20;

	private static final String LARGE = "x".repeat(MEBIBYTE);

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	private ServerConnection opened;

	@Test
	void callsWhoseRepliesMayBeLargeStartAFewAtATime() {
		FakeConnection connection = this.server.open();
		connection.peerReads(false);
		connection.receive(">>" + calls(1, 500, "Later"));
		turn(connection);
		assertThat(this.work.running).hasSize(8);
		for (int i = 0; i < 8; i++) {
			this.work.running.remove().complete(LARGE);
			turn(connection);
		}
		assertThat(connection.unsentBytes()).isBetween(8L * MEBIBYTE, 9L * MEBIBYTE);
		connection.advance(10, TimeUnit.SECONDS);
		turn(connection);
		assertThat(this.work.running).as("calls that the peer's unread replies keep back").isEmpty();
		assertThat(connection.isReading()).isFalse();
	}

	@Test
	void largeRepliesAreExpectedAgainOnceTheLastOnesWereRead() {
		FakeConnection connection = this.server.open();
		connection.receive(">>1 Work.Later x\n");
		turn(connection);
		this.work.running.remove().complete(LARGE);
		connection.peerReads(false);
		connection.receive(calls(2, 500, "Later"));
		turn(connection);
		assertThat(this.work.running).hasSize(1);
		this.work.running.remove().complete(LARGE);
		turn(connection);
		assertThat(this.work.running).isEmpty();
		assertThat(connection.unsentBytes()).isLessThan(2L * MEBIBYTE);
	}

	@Test
	void peerThatReadsGetsMoreAndMoreAtATime() {
		FakeConnection connection = this.server.open().receive(">>" + calls(1, 100, "Later"));
		int most = 0;
		for (int answered = 0; answered < 100; answered++) {
			turn(connection);
			connection.forgetSent();
			most = Math.max(most, this.work.running.size());
			this.work.running.remove().complete(LARGE);
		}
		assertThat(most).isBetween(14, 16);
		turn(connection);
		assertThat(connection.isReading()).isTrue();
		assertThat(this.server.registry.callsInFlight()).isZero();
	}

	@Test
	void smallRepliesFreeAllCallsAtOnce() {
		FakeConnection connection = this.server.open().receive(">>" + calls(1, 500, "Later"));
		turn(connection);
		this.work.running.remove().complete("small");
		turn(connection);
		assertThat(this.work.running).hasSize(499);
	}

	@Test
	void slowCallsDoNotWaitForEachOtherThoughTheLastReplyWasLarge() {
		FakeConnection connection = this.server.open().receive(">>1 Work.Later x\n");
		turn(connection);
		this.work.running.remove().complete(LARGE);
		connection.receive(calls(2, 500, "Later"));
		for (int i = 0; i < 12; i++) {
			turn(connection);
			connection.advance(ConnectionDeadlines.ROOM_NANOS, TimeUnit.NANOSECONDS);
		}
		turn(connection);
		assertThat(this.work.running).hasSize(499);
	}

	@Test
	void callsThatWereLetGoAreLookedAtAgainWhenTheirTurnComes() {
		FakeConnection connection = letGo();
		connection.peerReads(false);
		this.work.running.remove().complete(LARGE);
		this.server.runHandlers();
		assertThat(connection.unsentBytes()).as("one large reply, and what ran before it was known")
			.isLessThan(2L * MEBIBYTE);
		turn(connection);
		assertThat(connection.unsentBytes()).isLessThan(2L * MEBIBYTE);
		this.work.running.forEach((each) -> each.complete("small"));
		connection.peerReads(true);
		while (this.server.registry.callsInFlight() > 0) {
			long before = this.server.registry.callsInFlight();
			turn(connection);
			assertThat(this.server.registry.callsInFlight()).isLessThan(before);
			connection.forgetSent();
		}
		assertThat(this.work.large).as("handlers that ran").hasValue(492);
		assertThat(this.opened.flow().running()).isZero();
	}

	@Test
	void callsThatWereLetGoAndCancelledMakeRoomOnce() {
		FakeConnection connection = letGo();
		assertThat(this.opened.flow().running()).isEqualTo(500);
		connection.receive(cancels(9, 500));
		assertThat(this.opened.flow().running()).isEqualTo(8);
		turn(connection);
		assertThat(this.opened.flow().running()).isEqualTo(8);
		assertThat(this.server.registry.callsInFlight()).isEqualTo(8);
	}

	@Test
	void callsThatWereSentBackAndCancelledMakeRoomOnce() {
		FakeConnection connection = letGo();
		connection.peerReads(false);
		this.work.running.remove().complete(LARGE);
		this.server.runHandlers();
		int running = this.opened.flow().running();
		assertThat(running).as("seven and no others").isEqualTo(7);
		connection.receive(cancels(9, 500));
		turn(connection);
		assertThat(this.opened.flow().running()).isEqualTo(7);
		this.work.running.forEach((each) -> each.complete("done"));
		connection.reset();
		turn(connection);
		assertThat(this.opened.flow().running()).isZero();
		assertThat(this.server.registry.callsInFlight()).isZero();
	}

	@Test
	void callsThatWereSentBackEndWithTheirConnection() {
		FakeConnection connection = letGo();
		connection.peerReads(false);
		this.work.running.remove().complete(LARGE);
		this.server.runHandlers();
		connection.reset();
		turn(connection);
		assertThat(this.server.registry.callsInFlight()).as("those whose futures are not complete").isEqualTo(7);
		assertThat(this.work.large).hasValue(0);
	}

	/**
	 * Eight calls run and 492 with large replies wait for handlers, because none was
	 * answered for some time.
	 */
	private FakeConnection letGo() {
		// Handlers that take their time are not what is looked at here.
		this.server.overload = OverloadLimits.of(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
		this.opened = new ServerConnection(this.server.scope());
		FakeConnection connection = new FakeConnection(this.opened, this.server.nanoTime);
		connection.receive(">>0;0 _goRPC_.Ping\n" + calls(1, 8, "Later") + calls(9, 500, "Large"));
		turn(connection);
		assertThat(this.work.running).hasSize(8);
		for (int i = 0; i < 12; i++) {
			connection.advance(ConnectionDeadlines.ROOM_NANOS, TimeUnit.NANOSECONDS);
		}
		connection.forgetSent();
		return connection;
	}

	private static String cancels(int from, int to) {
		return IntStream.rangeClosed(from, to)
			.mapToObj((number) -> (1000 + number) + ";0 _goRPC_.Cancel " + number + "\n")
			.collect(Collectors.joining());
	}

	@Test
	void peerIsReadWhileItsCallsWaitForRoom() {
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping\n" + calls(1, 100, "Later"));
		turn(connection);
		assertThat(this.work.running).hasSize(8);
		connection.forgetSent();
		connection.receive("101;0 _goRPC_.Ping\n102;0 _goRPC_.Cancel 100\n");
		assertThat(connection.sent())
			.isEqualTo("101=null\n100!CANCELLED NOT_RUN the call was cancelled while it waited\n102=null\n");
	}

	@Test
	void callsThatEndWithoutAReplyMakeRoom() {
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping\n" + calls(1, 20, "Later"));
		turn(connection);
		connection.receive("21;0 _goRPC_.Cancel 1\n22;0 _goRPC_.Cancel 2\n");
		turn(connection);
		assertThat(this.work.running).hasSize(10);
	}

	@Test
	void cancelledCallsThatWaitForRoomDoNotPileUp() {
		this.server.limits = ConnectionLimits.DEFAULT.withCalls(20);
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping\n" + calls(1, 8, "Later"));
		turn(connection);
		for (int i = 0; i < 1000; i++) {
			connection.receive("9;0 Work.Later x\n10;0 _goRPC_.Cancel 9\n");
			this.server.runHandlers();
		}
		assertThat(this.server.registry.callsInFlight()).isEqualTo(8);
		turn(connection);
		assertThat(this.work.running).hasSize(8);
	}

	@Test
	void whileTheServerHoldsTooMuchConnectionsWithUnreadRepliesAreNotRead() {
		this.server.maxUnsent = MEBIBYTE;
		FakeConnection first = unread(2 * MEBIBYTE / 5);
		FakeConnection second = unread(2 * MEBIBYTE / 5);
		assertThat(this.server.scope().unsent().bytes()).isBetween(4L * MEBIBYTE / 5, 1L * MEBIBYTE);
		assertThat(first.receive("2 Work.Echo x\n").isReading()).isTrue();
		FakeConnection third = unread(2 * MEBIBYTE / 5);
		assertThat(first.receive("3 Work.Echo x\n").isReading()).isFalse();
		FakeConnection honest = this.server.open().receive(">>1 Work.Echo x\n");
		this.server.runHandlers();
		assertThat(honest.sent()).isEqualTo("1=x\n");
		second.peerReads(true);
		third.takeUnsent(1000);
		first.runTasks();
		this.server.runHandlers();
		assertThat(first.isReading()).as("half is left").isTrue();
		assertThat(this.server.scope().unsent().isTooMany()).isFalse();
	}

	@Test
	void connectionIsReadAgainOnceItsOwnPeerHasReadAll() {
		this.server.maxUnsent = MEBIBYTE;
		FakeConnection first = unread(3 * MEBIBYTE / 4);
		unread(3 * MEBIBYTE / 4);
		assertThat(first.receive("3 Work.Echo x\n").isReading()).isFalse();
		first.peerReads(true);
		assertThat(first.isReading()).isTrue();
		assertThat(this.server.scope().unsent().isTooMany()).isTrue();
	}

	@Test
	void whileTheServerHoldsTooMuchPeersThatTakeNothingAreClosed() {
		this.server.maxUnsent = MEBIBYTE;
		FakeConnection idle = unread(3 * MEBIBYTE / 4);
		FakeConnection last = unread(3 * MEBIBYTE / 4);
		idle.runTasks();
		idle.advance(30, TimeUnit.SECONDS);
		last.advance(0, TimeUnit.SECONDS);
		assertThat(idle.isClosed()).isTrue();
		assertThat(last.isClosed()).isTrue();
		assertThat(this.server.scope().unsent().bytes()).isZero();
	}

	@Test
	void peerThatTakesBytesIsNotClosedThoughAsManyCome() {
		FakeConnection connection = this.server.open().receive(">>" + calls(1, 8, "Later"));
		turn(connection);
		connection.peerReads(false);
		this.work.running.remove().complete(LARGE);
		turn(connection);
		connection.receive(calls(9, 9, "Later"));
		turn(connection);
		assertThat(connection.isReading()).isFalse();
		connection.takeUnsent(700 * 1024);
		this.work.running.remove().complete(LARGE);
		turn(connection);
		for (int second = 0; second < 29; second++) {
			connection.advance(1, TimeUnit.SECONDS);
			connection.takeUnsent(connection.unsentBytes() - 10 * 1024);
		}
		assertThat(connection.unsentBytes()).as("more than at first").isGreaterThan(MEBIBYTE + 100_000);
		connection.advance(1, TimeUnit.SECONDS);
		assertThat(connection.isClosed()).isFalse();
		connection.advance(30, TimeUnit.SECONDS);
		assertThat(connection.isClosed()).as("after 30 s without a byte").isTrue();
	}

	@Test
	void whatIsUnreadIsNotCountedAnyMoreWhenItWasRead() {
		FakeConnection connection = unread(3 * MEBIBYTE / 4);
		assertThat(this.server.scope().unsent().bytes()).isPositive();
		connection.takeUnsent(1000);
		assertThat(this.server.scope().unsent().bytes()).isZero();
	}

	@Test
	void connectionThatIsLostWhileItWaitsForOthersIsNotHeldAnyMore() {
		this.server.maxUnsent = MEBIBYTE;
		FakeConnection first = unread(3 * MEBIBYTE / 4);
		unread(3 * MEBIBYTE / 4);
		first.runTasks();
		int waiting = this.server.scope().unsent().waiting();
		first.reset();
		assertThat(this.server.scope().unsent().isTooMany()).isTrue();
		assertThat(this.server.scope().unsent().waiting()).isEqualTo(waiting - 1);
	}

	private FakeConnection unread(int bytes) {
		FakeConnection connection = this.server.open();
		connection.peerReads(false);
		connection.receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		this.work.running.remove().complete("x".repeat(bytes));
		connection.runTasks();
		return connection;
	}

	private void turn(FakeConnection connection) {
		for (int i = 0; i < 3; i++) {
			this.server.runHandlers();
			connection.runTasks();
		}
	}

	private static String calls(int from, int to, String method) {
		return IntStream.rangeClosed(from, to)
			.mapToObj((number) -> number + " Work." + method + " x\n")
			.collect(Collectors.joining());
	}

	@RpcService("Work")
	public static class Work {

		final Deque<CompletableFuture<String>> running = new ArrayDeque<>();

		public CompletableFuture<String> later(String text) {
			CompletableFuture<String> later = new CompletableFuture<>();
			this.running.add(later);
			return later;
		}

		final AtomicInteger large = new AtomicInteger();

		public String large(String text) {
			this.large.incrementAndGet();
			return LARGE;
		}

		public String echo(String text) {
			return text;
		}

	}

}
