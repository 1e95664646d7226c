package io.github.netrpc.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.netrpc.RpcContext;
import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for calls that are refused, for the built-in methods, which never are, and for
 * what handlers learn of a call (promise 6, S11).
 */
class RefusalTests {

	private static final String PING = ">>0;0;connection=00112233445566ff _goRPC_.Ping\n";

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	@Test
	void atTheBoundOfCallsAnExtendedPeerIsToldAndReadOn() {
		this.server.limits = ConnectionLimits.DEFAULT.withCalls(4);
		FakeConnection connection = extended().receive(calls(1, 6, ";0"));
		assertThat(connection.isReading()).isTrue();
		assertThat(connection.sent().lines()).hasSize(2)
			.allMatch((line) -> line.substring(1)
				.equals("!RESOURCE_EXHAUSTED NOT_RUN 4 calls of this connection are under way "
						+ "(limit: rpc.server.connection.max-calls = 4)"));
		assertThat(this.server.refused(RefusalReason.CONNECTION_FULL)).isEqualTo(2);
		connection.receive("7;0 _goRPC_.Ping\n");
		assertThat(connection.sent()).endsWith("7=null\n");
		assertThat(this.server.registry.callsInFlight()).isEqualTo(4);
		this.server.runHandlers();
		connection.forgetSent();
		connection.receive("8;0 Work.Echo x\n");
		this.server.runHandlers();
		assertThat(connection.sent()).isEqualTo("8=x\n");
	}

	@Test
	void atTheBoundOfCallsAStockPeerIsNotRead() {
		this.server.limits = ConnectionLimits.DEFAULT.withCalls(4);
		FakeConnection connection = this.server.open().receive(">>" + calls(1, 6, ""));
		assertThat(connection.isReading()).isFalse();
		assertThat(connection.sent()).isEmpty();
		this.server.runHandlers();
		connection.runTasks();
		this.server.runHandlers();
		assertThat(connection.sent().lines()).hasSize(6).noneMatch((line) -> line.contains("!"));
	}

	@Test
	void cutCallCountsAgainstTheBoundUntilItsWorkEnds() {
		this.server.limits = ConnectionLimits.DEFAULT.withCalls(1);
		FakeConnection connection = extended().receive("1;0 Work.Stubborn x\n");
		this.server.runHandlers();
		connection.receive("2;0 _goRPC_.Cancel 1\n3;0 Work.Echo x\n");
		assertThat(connection.sent().lines().map((line) -> line.substring(0, 5))).containsExactly("1!CAN", "2=nul",
				"3!RES");
		this.server.runHandlers();
		this.work.later.complete("done");
		connection.receive("4;0 Work.Echo x\n");
		this.server.runHandlers();
		assertThat(connection.sent()).endsWith("4=x\n");
	}

	@Test
	void cancelledWaitingCallsTakeRoomInTheQueueUntilTheyAreTakenOut() {
		this.server.queue = 4;
		FakeConnection connection = extended();
		for (int i = 1; i <= 6; i++) {
			connection.receive(i + ";0 Work.Echo x\n" + (100 + i) + ";0 _goRPC_.Cancel " + i + "\n");
		}
		assertThat(connection.sent().lines()).filteredOn((line) -> line.contains("CANCELLED")).hasSize(4);
		assertThat(connection.sent().lines()).filteredOn((line) -> line.contains("RESOURCE_EXHAUSTED")).hasSize(2);
		this.server.runHandlers();
		assertThat(this.work.calls).isZero();
	}

	@Test
	void pingsAreAnsweredWhileTheServerIsOverloadedAndCountNowhere() {
		this.server.queue = 2;
		FakeConnection connection = extended().receive(calls(1, 4, ";0"));
		assertThat(connection.sent().lines()).hasSize(2)
			.allMatch((line) -> line.endsWith("RESOURCE_EXHAUSTED NOT_RUN server is overloaded: 2 calls wait "
					+ "(limit: rpc.server.concurrency.queue = 2)"));
		connection.forgetSent();
		connection.receive("5;0 _goRPC_.Ping\n");
		assertThat(connection.sent()).isEqualTo("5=null\n");
		assertThat(this.server.registry.callsInFlight()).isEqualTo(2);
		assertThat(this.server.records).doesNotContain("unknown OK").hasSize(2);
	}

	@Test
	void callsForWhichThereIsNoRoomOrNoThreadAreCounted() {
		this.server.queue = 1;
		extended().receive(calls(1, 3, ";0"));
		assertThat(this.server.refused(RefusalReason.QUEUE_FULL)).isEqualTo(2);
		ManualServer exhausted = new ManualServer(this.work);
		exhausted.executor = (task) -> {
			throw new RejectedExecutionException();
		};
		FakeConnection connection = exhausted.open().receive(PING);
		connection.receive(calls(1, 3, ";0"));
		assertThat(connection.sent().lines().skip(1))
			.allMatch((line) -> line.contains("!RESOURCE_EXHAUSTED NOT_RUN server has no thread for the call"));
		assertThat(exhausted.refused(RefusalReason.NO_THREAD)).isEqualTo(3);
	}

	@Test
	void argumentOfARefusedCallIsNotRead() {
		this.server.queue = 1;
		FakeConnection connection = extended().receive("1;0 Work.Number 1\n2;0 Work.Number none\n");
		assertThat(connection.sent()).startsWith("2!RESOURCE_EXHAUSTED NOT_RUN");
	}

	@Test
	void callsThatWaitTooLongAreShedWhileTheQueueStands() {
		FakeConnection connection = extended().receive(calls(1, 10, ";0"));
		connection.advance(250, TimeUnit.MILLISECONDS);
		assertThat(connection.sent().lines()).hasSize(10)
			.allMatch((line) -> line
				.matches("\\d+!RESOURCE_EXHAUSTED NOT_RUN server is overloaded: the call has waited 10[1-9] ms "
						+ "\\(limit: rpc.server.overload.max-wait = 100 ms\\)"));
		assertThat(this.server.refused(RefusalReason.WAITED_TOO_LONG)).isEqualTo(10);
		connection.forgetSent();
		connection.receive(calls(11, 13, ";0"));
		assertThat(connection.sent().lines()).as("one may wait")
			.hasSize(2)
			.allMatch((line) -> line
				.endsWith("!RESOURCE_EXHAUSTED NOT_RUN server is overloaded: 1 calls wait, and 1 are run within "
						+ "half of the longest wait (limit: rpc.server.overload.max-wait = 100 ms)"));
		assertThat(this.server.refused(RefusalReason.OVERLOAD)).isEqualTo(2);
		connection.forgetSent();
		this.server.runHandlers();
		connection.receive(calls(14, 30, ";0"));
		this.server.runHandlers();
		assertThat(connection.sent().lines()).as("handlers came").hasSize(18).noneMatch((line) -> line.contains("!"));
	}

	@Test
	void stockPeersCallTheBuiltInMethods() {
		FakeConnection connection = this.server.open()
			.receive(">>1 Work.Echo x\n2 _goRPC_.Ping anything\n3 _goRPC_.Cancel 1\n4 _goRPC_.Cancel one\n"
					+ "5 _goRPC_.Cancel 18446744073709551615\n6 _goRPC_.Nope x\n");
		assertThat(connection.sent().lines()).containsExactly("2=null", "1!the call was cancelled while it waited",
				"3=null", "4!\"one\" is no argument", "5=null", "6!rpc: can't find service _goRPC_.Nope");
	}

	@Test
	void serviceOfThatNameIsRefused() {
		assertThat(RpcServer.builder().service("_goRPC_", this.work)).satisfies((builder) -> {
			try {
				builder.start().close();
			}
			catch (RuntimeException ex) {
				assertThat(ex).hasMessageContaining("\"_goRPC_\" is the server's own");
				return;
			}
			assertThat(builder).as("no failure").isNull();
		});
	}

	@Test
	void callHasTheNameThatItsConnectionWasGiven() {
		this.server.executor = Runnable::run;
		extended().receive("42;0;tenant=acme Work.Remember x\n");
		assertThat(this.work.context.callId()).isEqualTo("00112233445566ff-42");
		assertThat(this.work.context.metadata()).isEqualTo(Map.of("tenant", "acme"));
	}

	@Test
	void connectionWithoutAProperNameGetsOneFromTheServer() {
		this.server.executor = Runnable::run;
		this.server.open().receive(">>0;0;connection=<script> _goRPC_.Ping\n7;0 Work.Remember x\n");
		assertThat(this.work.context.callId()).isEqualTo("000000000000002a-7");
		this.server.open().receive(">>0 _goRPC_.Ping x\n8 Work.Remember x\n");
		assertThat(this.work.context.callId()).isEqualTo("000000000000002a-8");
		assertThat(this.work.context.metadata()).isEmpty();
	}

	@Test
	void replyCarriesTheMetadataOfTheHandlerToExtendedPeersOnly() {
		this.server.executor = Runnable::run;
		assertThat(extended().receive("1;0 Work.Tell a\n").sent()).isEqualTo("1=told{key=a}\n");
		assertThat(this.server.open().receive(">>1 Work.Tell a\n").sent()).isEqualTo("1=told\n");
	}

	@Test
	void metadataOfAReplyHasNoControlCharactersAndItsBounds() {
		this.server.executor = Runnable::run;
		extended().receive("1;0 Work.Remember x\n");
		assertThatIllegalArgumentException().isThrownBy(() -> this.work.context.replyMetadata("a\nb", "c"))
			.withMessageContaining("control character");
		assertThatIllegalArgumentException().isThrownBy(() -> this.work.context.replyMetadata("a", "b\u0000"))
			.withMessageContaining("control character");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.work.context.replyMetadata("a", "x".repeat(8 * 1024)))
			.withMessageContaining("limit: 8192");
	}

	@Test
	void timeLeftGoesDown() {
		this.server.executor = Runnable::run;
		extended().receive("1;500 Work.Remember x\n");
		this.server.pass(Duration.ofMillis(200));
		assertThat(this.work.context.timeLeft()).isEqualTo(Duration.ofMillis(300));
	}

	private FakeConnection extended() {
		FakeConnection connection = this.server.open().receive(PING);
		connection.forgetSent();
		return connection;
	}

	private static String calls(int from, int to, String extension) {
		return IntStream.rangeClosed(from, to)
			.mapToObj((i) -> i + extension + " Work.Echo x\n")
			.collect(Collectors.joining());
	}

	@RpcService("Work")
	public static class Work {

		final CompletableFuture<String> later = new CompletableFuture<>();

		int calls;

		RpcContext context;

		public String echo(String text) {
			this.calls++;
			return text;
		}

		public int number(int number) {
			return number;
		}

		public CompletionStage<String> stubborn(String text) {
			return this.later.minimalCompletionStage();
		}

		public String remember(String text) {
			this.context = RpcContext.current();
			return text;
		}

		public String tell(String value, RpcContext context) {
			context.replyMetadata("key", value);
			return "told";
		}

	}

}
