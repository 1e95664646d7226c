package io.github.netrpc.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what arguments take of calls that wait or run: of one connection, and of all
 * together (promise 7).
 */
class ArgumentMemoryTests {

	private static final int MEBIBYTE = 1 << 20;

	private static final String LARGE = "x".repeat(MEBIBYTE);

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	@Test
	void stockPeerIsNotReadWhileItsArgumentsAreTooLargeTogether() {
		FakeConnection connection = this.server.open().receive(">>");
		for (int i = 1; i <= 128; i++) {
			connection.receive(call(i));
		}
		assertThat(this.server.registry.callsInFlight()).isEqualTo(64);
		assertThat(connection.isReading()).isFalse();
		connection.runTasks();
		assertThat(connection.isReading()).isFalse();
		this.server.runHandlers();
		connection.runTasks();
		this.work.complete(10);
		connection.runTasks();
		assertThat(connection.isReading()).as("more than half is left").isFalse();
		end(connection);
		assertThat(connection.sent().lines()).hasSize(128);
		assertThat(connection.isReading()).isTrue();
		assertThat(arguments()).isZero();
	}

	@Test
	void callsOfAnExtendedPeerAreRefusedAndItsPingsAnswered() {
		this.server.limits = ConnectionLimits.DEFAULT.withArgumentBytes(2 * MEBIBYTE);
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping x\n");
		connection.receive("1;0 Work.Later " + LARGE + "\n2;0 Work.Later " + LARGE + "\n");
		connection.forgetSent();
		connection.receive("3;0 Work.Later x\n4;0 _goRPC_.Ping x\n");
		assertThat(connection.sent()).isEqualTo("3!RESOURCE_EXHAUSTED NOT_RUN 2097182 bytes of arguments are held for "
				+ "calls of this connection (limit: rpc.server.connection.max-arguments-size = 2097152 bytes)\n4=null\n");
		assertThat(this.server.refused(RefusalReason.ARGUMENTS_FULL)).isEqualTo(1);
		end(connection);
		connection.forgetSent();
		connection.receive("5;0 Work.Later x\n");
		end(connection);
		assertThat(connection.sent()).isEqualTo("5=done\n");
	}

	@Test
	void callsAreRefusedByTheLimitOfTheServerToo() {
		this.server.maxArguments = 2 * MEBIBYTE;
		this.server.open().receive(">>" + call(1));
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping x\n1;0 Work.Later " + LARGE + "\n");
		connection.forgetSent();
		connection.receive("2;0 Work.Later x\n");
		assertThat(connection.sent())
			.matches("2!RESOURCE_EXHAUSTED NOT_RUN 20971[0-9]{2} bytes of arguments are held for "
					+ "all calls \\(limit: rpc.server.max-arguments-size = 2097152 bytes, then half of it\\)\n");
	}

	@Test
	void whileTheServerHoldsTooMuchConnectionsWithArgumentsAreNotRead() {
		this.server.maxArguments = 3 * MEBIBYTE;
		FakeConnection first = this.server.open().receive(">>" + call(1));
		FakeConnection second = this.server.open().receive(">>" + call(1) + call(2));
		assertThat(first.receive("2 Work.Later x\n").isReading()).isFalse();
		FakeConnection small = this.server.open().receive(">>1 Work.Later x\n");
		assertThat(small.isReading()).isTrue();
		end(second);
		first.runTasks();
		assertThat(first.isReading()).isTrue();
		assertThat(arguments()).isZero();
	}

	@Test
	void connectionIsReadAgainOnceItsOwnCallsHaveEnded() {
		this.server.maxArguments = 2 * MEBIBYTE;
		FakeConnection first = this.server.open().receive(">>" + call(1));
		this.server.runHandlers();
		first.runTasks();
		this.server.open().receive(">>" + call(1) + call(2));
		assertThat(first.receive("2 Work.Later x\n").isReading()).isFalse();
		this.work.complete(1);
		first.runTasks();
		assertThat(first.isReading()).isTrue();
		assertThat(this.server.scope().arguments().isTooMany()).isTrue();
	}

	@Test
	void requestsThatArePartlyHereCountAndWaitAndAreCutInTheirTime() {
		this.server.maxArguments = MEBIBYTE;
		FakeConnection first = this.server.open().receive(">>" + call(1).substring(0, MEBIBYTE / 2));
		FakeConnection second = this.server.open().receive(">>" + call(1).substring(0, MEBIBYTE));
		assertThat(arguments()).isGreaterThan(MEBIBYTE);
		assertThat(second.isReading()).isFalse();
		assertThat(first.receive("x".repeat(64 * 1024)).isReading()).isFalse();
		first.advance(5, TimeUnit.SECONDS);
		second.advance(0, TimeUnit.SECONDS);
		assertThat(first.isClosed()).isTrue();
		assertThat(second.isClosed()).isTrue();
		assertThat(arguments()).isZero();
	}

	@Test
	void requestThatIsPartlyHereGoesOnWhenThereIsRoom() {
		this.server.maxArguments = 2 * MEBIBYTE;
		FakeConnection connection = this.server.open().receive(">>" + call(1).substring(0, MEBIBYTE / 2));
		FakeConnection other = this.server.open().receive(">>" + call(1) + call(2));
		assertThat(connection.receive("x".repeat(100_000)).isReading()).isFalse();
		other.reset();
		connection.runTasks();
		assertThat(connection.isReading()).isTrue();
		connection.receive("x\n");
		end(connection);
		assertThat(connection.sent()).isEqualTo("1=done\n");
		assertThat(arguments()).isZero();
	}

	@Test
	void argumentsOfALostConnectionAreNotHeldAnyMore() {
		FakeConnection connection = this.server.open().receive(">>" + call(1) + call(2));
		connection.receive(call(3).substring(0, MEBIBYTE));
		assertThat(arguments()).isGreaterThan(3L * MEBIBYTE - 100);
		connection.reset();
		assertThat(arguments()).isZero();
	}

	@Test
	void connectionThatIsLostWhileItWaitsForOthersIsNotHeldAnyMore() {
		this.server.maxArguments = 3 * MEBIBYTE;
		FakeConnection first = this.server.open().receive(">>" + call(1));
		this.server.open().receive(">>" + call(1) + call(2));
		assertThat(first.receive("2 Work.Later x\n").isReading()).isFalse();
		int waiting = this.server.scope().arguments().waiting();
		first.reset();
		assertThat(this.server.scope().arguments().isTooMany()).isTrue();
		assertThat(this.server.scope().arguments().waiting()).isEqualTo(waiting - 1);
	}

	@Test
	void callsThatAreHeldBackCountWithWhatTheyTake() {
		oneCallAtATime();
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping x\n");
		String second = "2;0;tenant=acme Work.Later x";
		connection.receive("1;0;tenant=acme Work.Later x\n" + second + "\n3;0;tenant=acme Work.Later x\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(arguments()).isEqualTo(2 * (second.length() + FlowControl.HELD_BACK_BYTES));
		end(connection);
		assertThat(connection.sent().lines()).contains("1=done", "2=done", "3=done");
		assertThat(arguments()).isZero();
	}

	@Test
	void largeArgumentsOfCallsThatAreHeldBackCountOnce() {
		oneCallAtATime();
		FakeConnection connection = this.server.open().receive(">>" + call(1) + call(2));
		this.server.runHandlers();
		connection.runTasks();
		assertThat(arguments()).isEqualTo(2 * (call(1).length() - 1) + FlowControl.HELD_BACK_BYTES);
		connection.reset();
		assertThat(arguments()).as("of the call that runs").isEqualTo(call(1).length() - 1);
		this.work.complete(1);
		assertThat(arguments()).isZero();
	}

	@Test
	void callsThatWereCancelledWhileTheyWereHeldBackCountUntilTheyAreForgotten() {
		oneCallAtATime();
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping x\n");
		connection.receive("1;0 Work.Later x\n");
		for (int i = 0; i < 5_000; i++) {
			connection.receive("9;0 Work.Later x\n");
			this.server.runHandlers();
			connection.receive("0;0 _goRPC_.Cancel 9\n");
		}
		int most = 2 * ConnectionLimits.DEFAULT.calls();
		assertThat(arguments()).isPositive().isLessThan(most * (FlowControl.HELD_BACK_BYTES + 32L));
		end(connection);
		assertThat(arguments()).isZero();
	}

	@Test
	void tinyCallsThatThousandsOfConnectionsHoldBackStayWithinTheBound() {
		int connections = 2_500;
		long most = 16L * MEBIBYTE;
		this.server.maxArguments = most;
		oneCallAtATime();
		String calls = IntStream.rangeClosed(1, 40)
			.mapToObj((number) -> number + ";0;tenant=" + "t".repeat(500) + " Work.Later x\n")
			.collect(Collectors.joining());
		int each = FlowControl.HELD_BACK_BYTES + calls.length() / 40;
		List<FakeConnection> open = new ArrayList<>();
		for (int i = 0; i < connections; i++) {
			FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping x\n" + calls);
			this.server.runHandlers();
			connection.runTasks();
			open.add(connection);
		}
		assertThat(40L * connections * each).as("without a bound").isGreaterThan(5 * most);
		// What came together before the bound was passed, and a few of each of the
		// others.
		assertThat(arguments()).isGreaterThan(most)
			.isLessThan(most + 40 * each + (long) connections * (FlowControl.FEW_CALLS - 1) * each);
		assertThat(open.get(connections - 1).sent().lines().filter((line) -> line.contains("!")))
			.hasSize(40 - FlowControl.FEW_CALLS)
			.allMatch((line) -> line.contains("!RESOURCE_EXHAUSTED NOT_RUN ")
					&& line.contains("(limit: rpc.server.max-arguments-size = " + most + " bytes, then half of it)"));
		open.forEach(FakeConnection::reset);
		assertThat(arguments()).isZero();
	}

	@Test
	void stockPeersAreNotReadThenAndReadAgainAsTheirCallsEnd() {
		this.server.maxArguments = MEBIBYTE;
		FakeConnection large = this.server.open().receive(">>" + call(1));
		FakeConnection small = this.server.open();
		small.receive(">>" + "1 Work.Later x\n".repeat(3));
		assertThat(small.isReading()).isTrue();
		small.receive("1 Work.Later x\n".repeat(3));
		assertThat(small.isReading()).isFalse();
		assertThat(this.server.registry.callsInFlight()).isEqualTo(1 + FlowControl.FEW_CALLS);
		this.server.runHandlers();
		small.runTasks();
		CompletableFuture<String> held = this.work.running.remove();
		this.work.complete(2);
		small.runTasks();
		this.server.runHandlers();
		assertThat(this.server.registry.callsInFlight()).as("two have ended, two that waited have come")
			.isEqualTo(1 + FlowControl.FEW_CALLS);
		held.complete("done");
		end(small);
		assertThat(small.sent().lines()).hasSize(6);
		assertThat(small.isReading()).isTrue();
	}

	@Test
	void smallPartsOfRequestsAndRepliesCountWhereThereAreManyConnections() {
		FakeConnection first = this.server.open().receive(">>" + call(1).substring(0, 10_000));
		assertThat(arguments()).isZero();
		for (int i = 0; i < FlowControl.FEW_CONNECTIONS; i++) {
			this.server.open();
		}
		this.server.open().receive(">>" + call(1).substring(0, 10_000));
		assertThat(arguments()).isBetween(9_999L, 10_002L);
		first.receive("x");
		assertThat(arguments()).isBetween(19_999L, 20_004L);
		FakeConnection slow = this.server.open();
		slow.peerReads(false);
		slow.receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		this.work.running.remove().complete("y".repeat(10_000));
		assertThat(this.server.scope().unsent().bytes()).isGreaterThan(10_000);
	}

	@Test
	void connectionThatDefinesTypesWhereAllHaveDefinedTooManyIsClosed() {
		this.server.maxArguments = 4 * MEBIBYTE;
		List<FakeConnection> open = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			open.add(this.server.open().receive(">>+20000\n"));
		}
		assertThat(open.subList(0, 52)).noneMatch(FakeConnection::isClosed);
		assertThat(open.subList(52, 60)).allMatch(FakeConnection::isClosed);
		assertThat(definitions()).isEqualTo(52 * 20_000);
		FakeConnection honest = this.server.open().receive(">>+16000\n1 Work.Later x\n");
		end(honest);
		assertThat(honest.sent()).isEqualTo("1=done\n");
		open.get(0).receive("1 Work.Later x\n");
		assertThat(open.get(0).isClosed()).as("defines nothing more").isFalse();
		open.get(0).receive("+1\n");
		assertThat(open.get(0).isClosed()).isTrue();
		open.subList(1, 30).forEach(FakeConnection::reset);
		assertThat(this.server.open().receive(">>+20000\n").isClosed()).isFalse();
		assertThat(definitions()).isEqualTo(23 * 20_000);
	}

	private long definitions() {
		return this.server.scope().definitions().bytes();
	}

	private void oneCallAtATime() {
		this.server.limits = ConnectionLimits.DEFAULT.withUnread(1024);
	}

	private long arguments() {
		return this.server.scope().arguments().bytes();
	}

	private void end(FakeConnection connection) {
		for (int i = 0; i < 300; i++) {
			this.server.runHandlers();
			connection.runTasks();
			this.work.complete(Integer.MAX_VALUE);
		}
		connection.runTasks();
	}

	private static String call(int number) {
		return number + " Work.Later " + LARGE + "\n";
	}

	@RpcService("Work")
	public static class Work {

		private final Deque<CompletableFuture<String>> running = new ArrayDeque<>();

		public CompletableFuture<String> later(String text) {
			CompletableFuture<String> later = new CompletableFuture<>();
			this.running.add(later);
			return later;
		}

		void complete(int most) {
			for (int i = 0; i < most && !this.running.isEmpty(); i++) {
				this.running.remove().complete("done");
			}
		}

	}

}
