package io.github.netrpc.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.observation.ServerGauges;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.transport.memory.MemoryTransport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the gauges show of a server that has something to show.
 */
class GaugesOfARunningServerTests {

	private static final int MEBIBYTE = 1 << 20;

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	/** Meters do not hold what they show. */
	private ServerGauges gauges;

	@BeforeEach
	void bind() throws Exception {
		Transport transport = new MemoryTransport();
		Listener nobodyConnects = transport.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
				() -> new ServerConnection(this.server.scope()));
		RpcServer running = new RpcServer(this.server.scope(), nobodyConnects, false, transport, true, null);
		this.gauges = new ServerGauges(() -> running);
		this.gauges.bindTo(this.registry);
	}

	@Test
	void repliesThatNobodyReadsAreUnsent() {
		FakeConnection connection = this.server.open();
		connection.peerReads(false);
		connection.receive(">>1 Work.Large x\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(gauge("unsent")).isBetween(1.0 * MEBIBYTE, 1.1 * MEBIBYTE);
		connection.peerReads(true);
		assertThat(gauge("unsent")).isZero();
	}

	@Test
	void argumentsOfCallsAndOfHalfARequestAreCounted() {
		String large = "x".repeat(MEBIBYTE);
		FakeConnection connection = this.server.open().receive(">>1 Work.Later " + large + "\n2 Work.Later " + large);
		assertThat(gauge("arguments")).isBetween(2.0 * MEBIBYTE, 2.1 * MEBIBYTE);
		connection.receive("\n");
		assertThat(gauge("arguments")).isBetween(2.0 * MEBIBYTE, 2.1 * MEBIBYTE);
		this.server.runHandlers();
		this.work.later.complete("done");
		assertThat(gauge("arguments")).isZero();
	}

	@Test
	void handlerThatHasWorkedForMoreThanAMinuteHangs() {
		this.server.open().receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		this.server.pass(Duration.ofSeconds(59));
		assertThat(gauge("hung")).isZero();
		this.server.pass(Duration.ofSeconds(2));
		assertThat(gauge("hung")).isEqualTo(1);
		assertThat(gauge("async")).isEqualTo(1);
		assertThat(gauge("in.flight")).isEqualTo(1);
		this.work.later.complete("done");
		assertThat(gauge("hung")).isZero();
	}

	@Test
	void cancelledCallWhoseHandlerGoesOnIsAbandoned() {
		FakeConnection connection = this.server.open().receive(">>1;0 Work.Later x\n");
		this.server.runHandlers();
		connection.receive("2;0 _goRPC_.Cancel 1\n");
		assertThat(gauge("abandoned")).isEqualTo(1);
		this.work.later.complete("done");
		assertThat(gauge("abandoned")).isZero();
	}

	private double gauge(String name) {
		return this.registry.get("rpc.server." + name).gauge().value();
	}

	@RpcService("Work")
	public static class Work {

		final CompletableFuture<String> later = new CompletableFuture<>();

		public CompletableFuture<String> later(String text) {
			return this.later;
		}

		public String large(String text) {
			return "x".repeat(MEBIBYTE);
		}

	}

}
