package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the end of connections: drained, idle, too old (promise 10, F33).
 */
class ConnectionEndTests {

	private static final String PING = ">>0;0 _goRPC_.Ping\n";

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	@Test
	void drainTellsExtendedPeersFirstAndAnswersWhatWasAccepted() {
		FakeConnection connection = extended().receive("1;0 Work.Later x\n");
		this.server.runHandlers();
		CompletableFuture<@Nullable Void> drained = drain(connection);
		assertThat(connection.sent()).isEqualTo("notice{drain=true}\n");
		assertThat(connection.isReading()).isTrue();
		connection.receive("2;0 Work.Echo late\n3;0 _goRPC_.Ping\n");
		assertThat(connection.sent())
			.isEqualTo("notice{drain=true}\n2!UNAVAILABLE NOT_RUN server is shutting down\n3=null\n");
		assertThat(this.work.calls).isZero();
		connection.advance(10, TimeUnit.SECONDS);
		assertThat(connection.isGracefullyClosed()).as("a call is under way").isFalse();
		this.work.later.complete("done");
		connection.advance(1, TimeUnit.SECONDS);
		assertThat(connection.sent()).endsWith("1=done\n");
		assertThat(connection.isGracefullyClosed()).isTrue();
		assertThat(drained).isNotDone();
		connection.close();
		connection.runTasks();
		assertThat(drained).isDone();
		assertThat(this.server.refused(RefusalReason.SHUTDOWN)).isEqualTo(1);
	}

	@Test
	void drainedConnectionIsReadForAWhileSinceCallsMayBeOnTheirWay() {
		FakeConnection connection = extended();
		drain(connection);
		connection.advance(400, TimeUnit.MILLISECONDS);
		connection.receive("2;0 Work.Echo late\n");
		assertThat(connection.sent()).contains("2!UNAVAILABLE NOT_RUN");
		connection.advance(400, TimeUnit.MILLISECONDS);
		assertThat(connection.isGracefullyClosed()).isFalse();
		connection.advance(600, TimeUnit.MILLISECONDS);
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void drainWaitsForTheFirstRequestOfASilentPeerToSeeWhetherItCanBeTold() {
		FakeConnection connection = this.server.open();
		drain(connection);
		assertThat(connection.isReading()).isTrue();
		connection.receive(PING + "1;0 Work.Echo accepted\n");
		this.server.runHandlers();
		assertThat(connection.sent()).isEqualTo("0=null\nnotice{drain=true}\n1=accepted\n");
		connection.receive("2;0 Work.Echo late\n");
		assertThat(connection.sent()).endsWith("2!UNAVAILABLE NOT_RUN server is shutting down\n");
		connection.advance(2, TimeUnit.SECONDS);
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void drainAnswersTheFirstCallsOfAStockPeerThatWasSilent() {
		FakeConnection connection = this.server.open();
		drain(connection);
		connection.receive(">>1 Work.Echo x\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("1=x\n");
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void drainClosesAPeerThatStaysSilent() {
		FakeConnection connection = this.server.open();
		drain(connection);
		connection.advance(499, TimeUnit.MILLISECONDS);
		assertThat(connection.isGracefullyClosed()).isFalse();
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void connectionThatIsRegisteredWhileTheServerDrainsEndsToo() {
		FakeConnection first = extended();
		CompletableFuture<@Nullable Void> drained = drain(first);
		FakeConnection late = this.server.open().receive(PING);
		assertThat(late.sent()).isEqualTo("0=null\nnotice{drain=true}\n");
		FakeConnection silent = this.server.open();
		for (FakeConnection each : List.of(first, late, silent)) {
			each.advance(2, TimeUnit.SECONDS);
			assertThat(each.isGracefullyClosed()).isTrue();
			assertThat(drained).isNotDone();
			each.close();
			each.runTasks();
		}
		assertThat(drained).isDone();
	}

	@Test
	void connectionThatComesAfterTheCutIsClosedAtOnceAndDoesNothing() {
		this.server.registry.cut();
		FakeConnection late = this.server.open();
		assertThat(late.isClosed()).isTrue();
		assertThat(late.timers()).isZero();
	}

	@Test
	void refusedConnectionReadsNothingAndHasNoTimer() {
		limit(Duration.ofMinutes(5), Duration.ofMinutes(10));
		this.server.registry.closeAll();
		ServerConnection handler = new ServerConnection(this.server.scope());
		FakeConnection refused = new FakeConnection(handler, this.server.nanoTime);
		byte[] bytes = ">>1 Work.Echo x\n".getBytes(StandardCharsets.US_ASCII);
		assertThat(handler.received(bytes, 0, bytes.length)).isEqualTo(bytes.length);
		assertThat(refused.timers()).isZero();
		this.server.runHandlers();
		assertThat(this.work.calls).isZero();
	}

	@Test
	void deadlineThatFailsKeepsNoOtherFromBeingSeenTo() {
		FakeConnection connection = extended().receive("1;10000 Work.Later x\n2;0 Work.Ec");
		this.server.runHandlers();
		connection.closeFails = true;
		connection.advance(10, TimeUnit.SECONDS);
		assertThat(connection.sent()).startsWith("1!DEADLINE_EXCEEDED");
	}

	@Test
	void drainedPeerThatHasGoneIsNotWaitedFor() {
		FakeConnection connection = extended();
		CompletableFuture<@Nullable Void> drained = drain(connection);
		connection.endInput();
		assertThat(connection.isClosed()).isTrue();
		assertThat(drained).isDone();
	}

	@Test
	void drainOfAStockPeerIsNotSaidButItsCallsAreAnswered() {
		FakeConnection connection = this.server.open().receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		drain(connection);
		assertThat(connection.isReading()).isFalse();
		assertThat(connection.sent()).isEmpty();
		this.work.later.complete("done");
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("1=done\n");
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void whatIsLeftAtTheEndIsAnsweredAndSaid() {
		FakeConnection connection = extended().receive("1;0 Work.Stubborn x\n2;0 Work.Echo y\n");
		this.server.handlers.remove(0).run();
		connection.receive("3;0 Work.Echo z\n");
		CompletableFuture<@Nullable Void> drained = drain(connection);
		connection.forgetSent();
		CompletableFuture<@Nullable Void> cut = this.server.registry.cut();
		connection.runTasks();
		assertThat(connection.sent().lines()).containsExactlyInAnyOrder(
				"1!UNAVAILABLE null server is shutting down: the call took too long",
				"3!UNAVAILABLE NOT_RUN server is shutting down");
		assertThat(connection.isGracefullyClosed()).isTrue();
		connection.close();
		connection.runTasks();
		assertThat(cut).isDone();
		assertThat(drained).as("a handler is still at work").isNotDone();
		this.work.later.complete("at last");
		assertThat(drained).isDone();
	}

	@Test
	void idleConnectionIsClosedOnlyWhereThatIsSet() {
		limit(Duration.ofMinutes(5), Duration.ZERO);
		FakeConnection stock = this.server.open();
		stock.advance(4, TimeUnit.MINUTES);
		stock.receive(">>1 Work.Echo x\n");
		this.server.runHandlers();
		stock.advance(4, TimeUnit.MINUTES);
		assertThat(stock.isGracefullyClosed()).isFalse();
		stock.advance(1, TimeUnit.MINUTES);
		assertThat(stock.isGracefullyClosed()).isTrue();
	}

	@Test
	void connectionWithACallUnderWayIsNotIdle() {
		limit(Duration.ofMinutes(5), Duration.ZERO);
		FakeConnection stock = this.server.open().receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		stock.advance(9, TimeUnit.MINUTES);
		assertThat(stock.isGracefullyClosed()).isFalse();
		this.work.later.complete("done");
		stock.advance(10, TimeUnit.MINUTES);
		assertThat(stock.isGracefullyClosed()).isTrue();
	}

	@Test
	void pingsDoNotKeepAConnectionFromBeingIdleAndItsPeerIsToldFirst() {
		limit(Duration.ofMinutes(5), Duration.ZERO);
		FakeConnection connection = extended();
		for (int minute = 1; minute < 5; minute++) {
			connection.advance(1, TimeUnit.MINUTES);
			connection.receive("1;0 _goRPC_.Ping\n");
		}
		assertThat(connection.sent()).doesNotContain("notice");
		connection.advance(1, TimeUnit.MINUTES);
		assertThat(connection.sent()).endsWith("notice{drain=true}\n");
		assertThat(connection.isGracefullyClosed()).isFalse();
		connection.advance(1, TimeUnit.SECONDS);
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void oldConnectionIsReplacedAfterItsCallsAndThoseThatAreOnTheirWay() {
		limit(Duration.ZERO, Duration.ofMinutes(10));
		FakeConnection connection = extended().receive("1;0 Work.Later x\n");
		this.server.runHandlers();
		connection.advance(11, TimeUnit.MINUTES);
		assertThat(connection.sent()).endsWith("notice{drain=true}\n");
		connection.receive("2;0 Work.Echo late\n");
		this.server.runHandlers();
		assertThat(connection.sent()).as("the server lives").endsWith("2=late\n");
		this.work.later.complete("done");
		connection.advance(2, TimeUnit.SECONDS);
		assertThat(connection.sent()).endsWith("1=done\n");
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void ageVariesByATenth() {
		ServerScope scope = this.server.scope();
		assertThat(scope.jittered(1000)).isBetween(900L, 1100L);
		assertThat(jittered(0)).isEqualTo(900);
		assertThat(jittered(-1)).isBetween(1099L, 1100L);
		assertThat(jittered(Long.MIN_VALUE)).isEqualTo(1000);
	}

	private long jittered(long random) {
		ServerScope scope = this.server.scope();
		return new ServerScope(scope.table(), scope.builtIn(), scope.formats(), scope.connectPath(), scope.handlers(),
				scope.connections(), scope.limits(), scope.async(), scope.unsent(), scope.arguments(),
				scope.definitions(), scope.refusals(), scope.cutCalls(), null, scope.failures(), scope.nanoTime(),
				() -> random)
			.jittered(1000);
	}

	private CompletableFuture<@Nullable Void> drain(FakeConnection connection) {
		CompletableFuture<@Nullable Void> drained = this.server.registry.drain();
		connection.runTasks();
		return drained;
	}

	private FakeConnection extended() {
		FakeConnection connection = this.server.open().receive(PING);
		connection.forgetSent();
		return connection;
	}

	private void limit(Duration idle, Duration age) {
		this.server.limits = ConnectionLimits.DEFAULT.withIdle(idle.toNanos()).withMaxAge(age.toNanos());
	}

	@RpcService("Work")
	public static class Work {

		final CompletableFuture<String> later = new CompletableFuture<>();

		int calls;

		public String echo(String text) {
			this.calls++;
			return text;
		}

		public CompletableFuture<String> later(String text) {
			return this.later;
		}

		public CompletionStage<String> stubborn(String text) {
			return this.later.minimalCompletionStage();
		}

	}

}
