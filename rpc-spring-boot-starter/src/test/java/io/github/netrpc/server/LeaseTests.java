package io.github.netrpc.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.netrpc.RpcContext;
import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that are wanted only as long as their caller gives signs of life (F28).
 */
class LeaseTests {

	private static final String CUT = "!CANCELLED null nothing was heard of the caller for the time of its lease\n";

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	private FakeConnection open() {
		this.server.executor = Runnable::run;
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping\n");
		connection.forgetSent();
		return connection;
	}

	@Test
	void callOfASilentCallerIsCutAtTheEndOfItsLease() {
		FakeConnection connection = open().receive("7;0;rpc-lease=9000 Work.Later x\n");
		connection.advance(8_999, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).isEmpty();
		assertThat(this.work.context.cancelled()).isFalse();
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).isEqualTo("7" + CUT);
		assertThat(this.work.context.cancelled()).isTrue();
		assertThat(connection.timers()).isZero();
		assertThat(connection.isClosed()).isFalse();
	}

	@Test
	void callThatWaitsForAHandlerIsCutToo() {
		FakeConnection connection = open();
		this.server.executor = this.server.handlers::add;
		connection.receive("7;0;rpc-lease=9000 Work.Later x\n");
		connection.advance(9, TimeUnit.SECONDS);
		assertThat(connection.sent()).isEqualTo("7!CANCELLED NOT_RUN the call was cancelled while it waited\n");
		this.server.runHandlers();
		assertThat(this.work.calls).isZero();
	}

	@Test
	void anyBytesRenewTheLease() {
		FakeConnection connection = open().receive("7;0;rpc-lease=9000 Work.Later x\n");
		for (int i = 0; i < 20; i++) {
			connection.advance(3, TimeUnit.SECONDS);
			connection.receive((8 + i) + ";0 _goRPC_.Ping\n");
		}
		assertThat(this.work.context.cancelled()).isFalse();
		connection.receive("9");
		connection.advance(8_999, TimeUnit.MILLISECONDS);
		assertThat(this.work.context.cancelled()).isFalse();
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(this.work.context.cancelled()).isTrue();
	}

	@Test
	void callsWithoutALeaseGoOn() {
		FakeConnection connection = open().receive("7;0 Work.Later x\n8;0;rpc-lease=1000 Work.Later y\n"
				+ "9;0;rpc-lease=5000 Work.Later z\n10;0;rpc-lease=soon Work.Later z\n");
		connection.advance(1, TimeUnit.SECONDS);
		assertThat(connection.sent()).isEqualTo("8" + CUT);
		connection.advance(1, TimeUnit.HOURS);
		assertThat(connection.sent()).isEqualTo("8" + CUT + "9" + CUT);
		assertThat(this.server.registry.callsInFlight()).isEqualTo(4);
	}

	@Test
	void callsWithoutALeaseNeedNoTimer() {
		FakeConnection connection = open().receive("7;0;tenant=acme Work.Later x\n");
		assertThat(connection.timers()).isZero();
	}

	@Test
	void serverThatSleptReadsFirst() {
		FakeConnection connection = open().receive("7;0;rpc-lease=9000 Work.Later x\n");
		this.server.pass(Duration.ofSeconds(60));
		connection.advance(0, TimeUnit.SECONDS);
		connection.advance(499, TimeUnit.MILLISECONDS);
		connection.receive("8;0 _goRPC_.Ping\n");
		connection.advance(8_999, TimeUnit.MILLISECONDS);
		assertThat(this.work.context.cancelled()).isFalse();
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(this.work.context.cancelled()).isTrue();
	}

	@Test
	void connectionThatIsFinishingEndsItsCallsByItself() {
		FakeConnection connection = open().receive("7;0;rpc-lease=9000 Work.Later x\nout of step\n");
		connection.advance(1, TimeUnit.MINUTES);
		assertThat(this.work.context.cancelled()).isFalse();
		assertThat(connection.timers()).isZero();
	}

	@RpcService("Work")
	public static class Work {

		volatile int calls;

		volatile RpcContext context;

		public CompletableFuture<String> later(String text) {
			this.calls++;
			this.context = RpcContext.current();
			return new CompletableFuture<>();
		}

	}

}
