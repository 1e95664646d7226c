package io.github.netrpc.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

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
