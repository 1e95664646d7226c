package io.github.netrpc.server;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.wire.BufferPool;
import io.github.netrpc.wire.http.ConnectPath;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerConnection} and the calls on it.
 */
class ServerConnectionTests {

	private final AtomicLong nanoTime = new AtomicLong(1_000);

	private final List<Runnable> handlers = new ArrayList<>();

	private final List<String> records = new ArrayList<>();

	private final Work work = new Work();

	private Executor executor = Runnable::run;

	private int maxConnections = 10;

	private int queue = 4096;

	private ConnectionRegistry registry = new ConnectionRegistry(this.maxConnections);

	@Test
	void callIsAnsweredWithItsNumber() {
		FakeConnection connection = open().receive(">>7 Work.Multiply 6,7\n");
		assertThat(connection.sent()).isEqualTo("7=42\n");
		assertThat(this.records).containsExactly("Work.Multiply text OK");
	}

	@Test
	void callsAreAnsweredHoweverTheirBytesAreCut() {
		String bytes = ">>7 Work.Multiply 6,7\n8 Work.Echo hello\n9 Work.Nothing\n";
		for (int size = 1; size < bytes.length(); size++) {
			FakeConnection connection = open();
			for (int at = 0; at < bytes.length(); at += size) {
				connection.receive(bytes.substring(at, Math.min(bytes.length(), at + size)));
			}
			assertThat(connection.sent()).isEqualTo("7=42\n8=hello\n9=null\n");
			connection.close();
			connection.runTasks();
		}
	}

	@Test
	void repliesLeaveInTheOrderOfCompletion() {
		FakeConnection connection = open().receive(">>1 Work.Later x\n2 Work.Echo now\n");
		assertThat(connection.sent()).isEqualTo("2=now\n");
		this.work.later.complete("later");
		assertThat(connection.sent()).isEqualTo("2=now\n1=later\n");
	}

	@Test
	void errorOfRpcExceptionIsItsMessageExactly() {
		FakeConnection connection = open().receive(">>1 Work.Fail divide by zero\n2 Work.Fail \n3 Work.FailLater x\n");
		assertThat(connection.sent()).isEqualTo("1!divide by zero\n2!NOT_FOUND\n3!x\n");
		assertThat(this.records).containsExactly("Work.Fail text NOT_FOUND", "Work.Fail text NOT_FOUND",
				"Work.FailLater text NOT_FOUND");
	}

	@Test
	void otherExceptionsAndErrorsAreAnsweredWithoutDetails() {
		FakeConnection connection = open().receive(
				">>1 Work.Break x\n2 Work.BreakHard x\n3 Work.Echo on\n4 Work.NoStage x\n5 Work.Echo unencodable\n");
		assertThat(connection.sent().split("\n")).satisfiesExactly(
				(line) -> assertThat(line).matches("1!internal error \\(id [0-9a-f]{8}\\)"),
				(line) -> assertThat(line).matches("2!internal error \\(id [0-9a-f]{8}\\)"),
				(line) -> assertThat(line).isEqualTo("3=on"),
				(line) -> assertThat(line).matches("4!internal error \\(id [0-9a-f]{8}\\)"),
				(line) -> assertThat(line).matches("5!reply cannot be encoded \\(id [0-9a-f]{8}\\)"));
		assertThat(this.records).filteredOn((record) -> record.endsWith("INTERNAL")).hasSize(4);
	}

	@Test
	void exceptionsThatFailToSpeakAreAnsweredToo() {
		FakeConnection connection = open()
			.receive(">>1 Work.BreakMute x\n2 Work.FailMute null\n3 Work.FailMute throws\n4 Work.Echo on\n");
		assertThat(connection.sent().split("\n")).satisfiesExactly(
				(line) -> assertThat(line).startsWith("1!internal error"),
				(line) -> assertThat(line).isEqualTo("2!NOT_FOUND"),
				(line) -> assertThat(line).isEqualTo("3!internal error"), (line) -> assertThat(line).isEqualTo("4=on"));
	}

	@Test
	void unknownNamesAreAnsweredInGosWordsAndTheConnectionGoesOn() {
		FakeConnection connection = open()
			.receive(">>1 Nope.Add x\n2 Work.Nope x\n3 nodot x\n4 .Add x\n5 Work. x\n6 work.echo x\n7 Work.Echo x\n");
		assertThat(connection.sent()).isEqualTo("""
				1!rpc: can't find service Nope.Add
				2!rpc: can't find method Work.Nope
				3!rpc: service/method request ill-formed: nodot
				4!rpc: can't find service .Add
				5!rpc: can't find method Work.
				6!rpc: can't find service work.echo
				7=x
				""");
		assertThat(this.records).filteredOn("unknown.unknown text UNIMPLEMENTED"::equals).hasSize(6);
	}

	@Test
	void argumentThatDoesNotFitFailsItsCallOnly() {
		FakeConnection connection = open().receive(">>1 Work.Multiply six\n2 Work.Multiply 2,3\n");
		assertThat(connection.sent()).isEqualTo("1!\"six\" is no argument\n2=6\n");
		assertThat(this.records).containsExactly("Work.Multiply text INVALID_ARGUMENT", "Work.Multiply text OK");
	}

	@Test
	void contextIsBoundDuringTheCallOnly() {
		FakeConnection connection = open().receive(">>1 Work.Context x\n");
		assertThat(connection.sent()).isEqualTo("1=Work.Context of 127.0.0.1\n");
		assertThat(RpcContext.current()).isNull();
	}

	@Test
	void contextIsCancelledByAResetButNotByAnEndOfInput() {
		FakeConnection connection = open().receive(">>1 Work.Later x\n");
		connection.endInput();
		assertThat(this.work.context.cancelled()).isFalse();
		connection.reset();
		assertThat(this.work.context.cancelled()).isTrue();
	}

	@Test
	void nonBlockingMethodsRunOnTheInputThread() {
		this.executor = this.handlers::add;
		FakeConnection connection = open().receive(">>1 Work.Echo x\n2 Work.Quick x\n");
		assertThat(connection.sent()).isEqualTo("2=quick\n");
		this.handlers.remove(0).run();
		assertThat(connection.sent()).isEqualTo("2=quick\n1=x\n");
	}

	@Test
	void callsBeyondTheQueueAreRefusedAtOnce() {
		this.executor = this.handlers::add;
		this.queue = 2;
		FakeConnection connection = open().receive(">>1 Work.Echo a\n2 Work.Echo b\n3 Work.Echo c\n");
		assertThat(connection.sent())
			.isEqualTo("3!server is overloaded: 2 calls wait (limit: rpc.server.concurrency.queue = 2)\n");
		assertThat(this.records).containsExactly("Work.Echo text RESOURCE_EXHAUSTED");
	}

	@Test
	void protocolErrorIsFollowedByTheRepliesUnderWayAndThenTheEnd() {
		FakeConnection connection = open().receive(">>1 Work.Later x\n?\n2 Work.Echo x\n");
		assertThat(connection.isGracefullyClosed()).isFalse();
		this.work.later.complete("late");
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("1=late\n");
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void endOfInputIsFollowedByTheRepliesUnderWay() {
		FakeConnection connection = open().receive(">>1 Work.Later x\n2 Work.Ech");
		connection.endInput();
		assertThat(connection.isGracefullyClosed()).isFalse();
		this.work.later.complete("late");
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("1=late\n");
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void unknownProtocolsAreClosedInSilenceHoweverTheyAreCut() {
		for (String bytes : List.of("SSH-2.0-x", "\u0016\u0003\u0001\u0002", ">x", "\0\0\0\0\0\0\0\0", "GE\n",
				"CONNECX ")) {
			FakeConnection whole = open().receive(bytes);
			FakeConnection cut = open();
			for (char c : bytes.toCharArray()) {
				cut.receive(String.valueOf(c));
			}
			assertThat(List.of(whole.isClosed(), cut.isClosed())).as(bytes).containsOnly(true);
			assertThat(whole.sent() + cut.sent()).isEmpty();
		}
		assertThat(open().receive(">>1 Work.Echo x\n").sent()).isEqualTo("1=x\n");
	}

	@Test
	void silentConnectionIsNeverClosed() {
		FakeConnection connection = open();
		connection.advance(10, TimeUnit.DAYS);
		connection.receive(">>1 Work.Echo x\n");
		connection.advance(10, TimeUnit.DAYS);
		assertThat(connection.isClosed()).isFalse();
		assertThat(connection.timers()).isZero();
	}

	@Test
	void firstRequestMustBeCompleteFiveSecondsAfterItsFirstByte() {
		FakeConnection connection = open().receive(">");
		for (int i = 0; i < 4; i++) {
			connection.advance(1, TimeUnit.SECONDS);
			connection.receive(">1 Work.Echo ".substring(i, i + 1));
		}
		assertThat(connection.isClosed()).isFalse();
		connection.advance(1, TimeUnit.SECONDS);
		assertThat(connection.isClosed()).isTrue();
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void laterRequestsMustBeCompleteInTenSeconds() {
		FakeConnection connection = open().receive(">>1 Work.Echo x\n2 Wo");
		connection.advance(9, TimeUnit.SECONDS);
		connection.receive("rk.Echo y\n3 W");
		connection.advance(9, TimeUnit.SECONDS);
		connection.receive("o");
		assertThat(connection.isClosed()).isFalse();
		connection.advance(1, TimeUnit.SECONDS);
		assertThat(connection.isClosed()).isTrue();
		assertThat(connection.sent()).isEqualTo("1=x\n2=y\n");
	}

	@Test
	void readingStopsAtTheBoundOfCallsAndGoesOnAtHalfOfIt() {
		this.executor = this.handlers::add;
		FakeConnection connection = open().receive(">>" + "1 Work.Later x\n".repeat(1500));
		assertThat(connection.isReading()).isFalse();
		assertThat(this.registry.callsInFlight()).isEqualTo(1024);
		runHandlers();
		this.work.later.complete("done");
		for (int i = 0; i < 3; i++) {
			connection.runTasks();
			runHandlers();
		}
		connection.runTasks();
		assertThat(connection.isReading()).isTrue();
		assertThat(connection.sent().lines()).hasSize(1500);
		assertThat(this.registry.callsInFlight()).isZero();
	}

	@Test
	void callsDoNotStartWhileTooManyBytesOfRepliesWait() {
		FakeConnection connection = open();
		connection.peerReads(false);
		connection.receive(">>" + "1 Work.Big x\n".repeat(20));
		assertThat(connection.isReading()).isFalse();
		assertThat(connection.unsentBytes()).isBetween(1L << 20, (1L << 20) + 400_000);
		assertThat(this.work.bigCalls).isLessThan(8);
		connection.takeUnsent(600_000);
		assertThat(connection.isReading()).isFalse();
		connection.peerReads(true);
		assertThat(connection.isReading()).isTrue();
		assertThat(this.work.bigCalls).isEqualTo(20);
		assertThat(connection.sent().lines()).hasSize(20);
	}

	@Test
	void acceptedCallsAreHeldBackWhileTooManyBytesOfRepliesWait() {
		this.executor = this.handlers::add;
		FakeConnection connection = open();
		connection.peerReads(false);
		connection.receive(">>" + "1 Work.Big x\n".repeat(20));
		runHandlers();
		connection.runTasks();
		assertThat(this.work.bigCalls).isLessThan(8);
		assertThat(connection.isReading()).isFalse();
		connection.peerReads(true);
		for (int i = 0; i < 10; i++) {
			runHandlers();
			connection.runTasks();
		}
		assertThat(this.work.bigCalls).isEqualTo(20);
		assertThat(connection.sent().lines()).hasSize(20);
		assertThat(connection.isReading()).isTrue();
	}

	@Test
	void heldBackCallsEndWhenTheirConnectionDoes() {
		this.executor = this.handlers::add;
		FakeConnection connection = open();
		connection.peerReads(false);
		connection.receive(">>" + "1 Work.Big x\n".repeat(20));
		runHandlers();
		connection.reset();
		runHandlers();
		assertThat(this.registry.callsInFlight()).isZero();
		assertThat(this.registry.drain()).isDone();
	}

	@Test
	void peerThatTakesNothingForThirtySecondsIsClosed() {
		FakeConnection connection = open();
		connection.peerReads(false);
		connection.receive(">>" + "1 Work.Big x\n".repeat(20));
		connection.advance(29, TimeUnit.SECONDS);
		connection.takeUnsent(connection.unsentBytes() - 1);
		connection.advance(30, TimeUnit.SECONDS);
		assertThat(connection.isClosed()).isFalse();
		connection.advance(30, TimeUnit.SECONDS);
		assertThat(connection.isClosed()).isTrue();
	}

	@Test
	void oldestSilentConnectionGoesFirstAtTheBound() {
		List<FakeConnection> connections = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			connections.add(open());
		}
		connections.get(0).receive(">>1 Work.Echo x\n");
		FakeConnection another = open();
		connections.get(1).runTasks();
		assertThat(another.isClosed()).isFalse();
		assertThat(connections).filteredOn(FakeConnection::isClosed).containsExactly(connections.get(1));
		assertThat(this.registry.count()).isEqualTo(10);
	}

	@Test
	void newConnectionIsRefusedWhereAllOthersHaveSpoken() {
		for (int i = 0; i < 10; i++) {
			open().receive(">>1 Work.Echo x\n");
		}
		assertThat(open().isClosed()).isTrue();
		assertThat(this.registry.count()).isEqualTo(10);
	}

	@Test
	void drainAnswersCallsUnderWayAndLetsSilentConnectionsEnd() {
		FakeConnection busy = open().receive(">>1 Work.Later x\n");
		FakeConnection idle = open();
		CompletableFuture<@Nullable Void> drained = this.registry.drain();
		busy.runTasks();
		idle.runTasks();
		idle.advance(1, TimeUnit.SECONDS);
		assertThat(idle.isGracefullyClosed()).isTrue();
		assertThat(busy.isGracefullyClosed()).isFalse();
		this.work.later.complete("done");
		busy.runTasks();
		assertThat(busy.sent()).isEqualTo("1=done\n");
		assertThat(busy.isGracefullyClosed()).isTrue();
		assertThat(drained).isNotDone();
		busy.close();
		busy.runTasks();
		idle.close();
		idle.runTasks();
		assertThat(drained).isDone();
	}

	@Test
	void callOfAClosedConnectionCountsUntilItEnds() {
		FakeConnection connection = open().receive(">>1 Work.Stubborn x\n");
		connection.reset();
		CompletableFuture<@Nullable Void> drained = this.registry.drain();
		assertThat(this.registry.callsInFlight()).isEqualTo(1);
		assertThat(drained).isNotDone();
		this.work.later.complete("done");
		assertThat(this.registry.callsInFlight()).isZero();
		assertThat(drained).isDone();
	}

	private void runHandlers() {
		while (!this.handlers.isEmpty()) {
			this.handlers.remove(0).run();
		}
	}

	private FakeConnection open() {
		return new FakeConnection(new ServerConnection(scope()), this.nanoTime);
	}

	private @Nullable ServerScope scope;

	private ServerScope scope() {
		if (this.scope == null) {
			CallRecorder.Factory recorders = (service, method,
					format) -> (code, nanos) -> this.records.add(service + "." + method + " " + format + " " + code);
			TextFormat format = new TextFormat();
			List<ServedFormat> formats = List.of(new ServedFormat(0, format, new BufferPool(format),
					recorders.recorder("unknown", "unknown", "text")));
			MethodTableReader reader = new MethodTableReader(List.of(), formats, recorders);
			reader.add(this.work, Work.class, null);
			this.scope = new ServerScope(reader.read(), new BuiltInMethods(formats), formats, ConnectPath.DEFAULT,
					new HandlerExecutor<>(this.executor, 200, this.queue,
							() -> new HandlerWorker(formats, null, Thread.currentThread()), new Unflushed<>(),
							OverloadLimits.DEFAULT, this.nanoTime::get),
					this.registry, ConnectionLimits.DEFAULT, new AsyncCalls(AsyncCalls.DEFAULT_MAX),
					new ByteTotal(ByteTotal.DEFAULT), new ByteTotal(ByteTotal.DEFAULT),
					new ByteTotal(ByteTotal.DEFAULT), new RefusalCounts(), new LongAdder(), null,
					new FailureLog(this.nanoTime::get), this.nanoTime::get, () -> 42);
		}
		return this.scope;
	}

	public static class Work {

		private final CompletableFuture<String> later = new CompletableFuture<>();

		private RpcContext context;

		private int bigCalls;

		public int multiply(int a, int b) {
			return a * b;
		}

		public String echo(String text) {
			return text;
		}

		public void nothing() {
		}

		public CompletableFuture<String> later(String text) {
			this.context = RpcContext.current();
			return this.later;
		}

		public CompletionStage<String> stubborn(String text) {
			return this.later.minimalCompletionStage();
		}

		public String fail(String message) {
			throw new RpcException(RpcCode.NOT_FOUND, message);
		}

		public CompletableFuture<String> failLater(String message) {
			return CompletableFuture.failedFuture(new RpcException(RpcCode.NOT_FOUND, message)).thenApply((o) -> "");
		}

		@RpcMethod("Break")
		public String breaks(String text) {
			throw new IllegalStateException("secret");
		}

		@RpcMethod("BreakHard")
		public String breaksHard(String text) {
			throw new StackOverflowError();
		}

		@RpcMethod("BreakMute")
		public String breaksMute(String text) {
			throw new IllegalStateException("mute") {

				@Override
				public String getMessage() {
					throw new IllegalStateException("no message");
				}

			};
		}

		public String failMute(String text) {
			throw new RpcException(RpcCode.NOT_FOUND, text) {

				@Override
				public String getMessage() {
					if ("null".equals(text)) {
						return null;
					}
					throw new IllegalStateException("no message");
				}

			};
		}

		public CompletableFuture<String> noStage(String text) {
			return null;
		}

		public String context(RpcContext context, String text) {
			assertThat(RpcContext.current()).isSameAs(context);
			return context.serviceMethod() + " of "
					+ ((InetSocketAddress) context.peer()).getAddress().getHostAddress();
		}

		@NonBlocking
		public String quick(String text) {
			return "quick";
		}

		public String big(String text) {
			this.bigCalls++;
			return "x".repeat(300_000);
		}

	}

}
