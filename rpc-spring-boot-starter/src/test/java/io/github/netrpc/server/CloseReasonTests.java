package io.github.netrpc.server;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLHandshakeException;

import org.junit.jupiter.api.Test;

import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Each connection that the server closes of its own accord is counted, once, under one
 * reason.
 */
class CloseReasonTests {

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	@Test
	void whatPeersDoIsNotCounted() {
		this.server.open().receive(">>1 Work.Later x\n").reset();
		this.server.open().endInput();
		this.server.open();
		assertThat(counted()).isEmpty();
	}

	@Test
	void bytesThatAreNoRequestAreCounted() {
		this.server.open().receive("SSH-2.0-");
		this.server.open().receive(">>nonsense\n");
		this.server.open().receive(">>nonsense\n");
		assertThat(counted()).containsOnly(entry(CloseReason.UNKNOWN_PROTOCOL, 1L), entry(CloseReason.MALFORMED, 2L));
	}

	@Test
	void timesThatAreOverAreCounted() {
		this.server.limits = ConnectionLimits.DEFAULT.withRequests(70 * MILLI, 300 * MILLI)
			.withUnread(1024)
			.withStalled(200 * MILLI);
		this.server.open().receive(">>1 Wo").advance(70, TimeUnit.MILLISECONDS);
		assertThat(counted()).containsOnly(entry(CloseReason.REQUEST_TIMEOUT, 1L));
		FakeConnection slow = this.server.open();
		slow.peerReads(false);
		slow.receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		this.work.later.complete("y".repeat(1025));
		slow.runTasks();
		slow.receive("2 Work.Later x\n");
		slow.advance(200, TimeUnit.MILLISECONDS);
		assertThat(counted()).containsOnly(entry(CloseReason.REQUEST_TIMEOUT, 1L), entry(CloseReason.SLOW_READER, 1L));
	}

	@Test
	void connectionIsCountedOnceHoweverItEnds() {
		this.server.limits = ConnectionLimits.DEFAULT.withUnread(1024).withStalled(200 * MILLI);
		FakeConnection slow = this.server.open();
		slow.peerReads(false);
		slow.receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		this.work.later.complete("y".repeat(1025));
		slow.runTasks();
		slow.receive("nonsense\n");
		this.server.registry.drain();
		slow.runTasks();
		slow.advance(200, TimeUnit.MILLISECONDS);
		assertThat(counted().values()).containsExactly(1L);
	}

	@Test
	void idleAndOldConnectionsAreCounted() {
		this.server.limits = ConnectionLimits.DEFAULT.withIdle(Duration.ofMinutes(5).toNanos())
			.withMaxAge(Duration.ofMinutes(20).toNanos());
		FakeConnection idle = this.server.open().receive(">>1 Work.Echo x\n");
		this.server.runHandlers();
		idle.advance(6, TimeUnit.MINUTES);
		assertThat(counted()).containsOnly(entry(CloseReason.IDLE, 1L));
		FakeConnection busy = this.server.open().receive(">>1 Work.Later x\n");
		busy.advance(23, TimeUnit.MINUTES);
		assertThat(counted()).containsOnly(entry(CloseReason.IDLE, 1L), entry(CloseReason.MAX_AGE, 1L));
	}

	@Test
	void definitionsBeyondTheirSumAreCounted() {
		this.server.maxArguments = 64 * 1024;
		this.server.open().receive(">>+20000\n");
		assertThat(counted()).containsOnly(entry(CloseReason.DEFINITIONS, 1L));
	}

	@Test
	void faultsOfTheServersOwnAreCounted() {
		FakeConnection unread = this.server.open().receive(">>nonsense Work.Echo x\n");
		assertThat(counted()).containsOnly(entry(CloseReason.INTERNAL, 1L));
		unread.receive(">>1 Work.Echo x\n");
		FakeConnection untold = this.server.open().receive(">>" + TextFormat.NO_ERRORS + " Work.Fail x\n");
		assertThat(counted()).containsOnly(entry(CloseReason.INTERNAL, 1L));
		this.server.runHandlers();
		untold.runTasks();
		assertThat(counted()).containsOnly(entry(CloseReason.INTERNAL, 2L));
	}

	@Test
	void drainedAndCutConnectionsAreCounted() {
		FakeConnection answered = this.server.open().receive(">>1 Work.Echo x\n");
		FakeConnection cut = this.server.open().receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		this.server.registry.drain();
		answered.runTasks();
		cut.runTasks();
		this.server.registry.cut();
		cut.runTasks();
		assertThat(counted()).containsOnly(entry(CloseReason.SHUTDOWN, 2L));
	}

	@Test
	void failedHandshakesAreCountedAndThoseOfPeersThatHaveSpokenAreNone() {
		SSLHandshakeException late = new SSLHandshakeException("timed out");
		late.initCause(new TimeoutException());
		close(new SSLHandshakeException("no cipher suites in common"), false);
		close(late, false);
		close(new IOException("connection reset"), false);
		close(new SSLHandshakeException("bad record"), true);
		assertThat(counted()).containsOnly(entry(CloseReason.TLS, 1L), entry(CloseReason.TLS_TIMEOUT, 1L));
	}

	private void close(Throwable cause, boolean spoke) {
		ServerConnection connection = new ServerConnection(this.server.scope());
		FakeConnection fake = new FakeConnection(connection, this.server.nanoTime);
		if (spoke) {
			fake.receive(">>1 Work.Later x\n");
		}
		connection.closed(cause);
	}

	@Test
	void surplusConnectionsAreCounted() {
		ConnectionRegistry one = new ConnectionRegistry(1);
		assertThat(one.surplusReason(true)).isEqualTo(CloseReason.TOO_MANY_CONNECTIONS);
		assertThat(one.surplusReason(false)).isEqualTo(CloseReason.SILENT);
		one.closeAll();
		assertThat(one.surplusReason(true)).isEqualTo(CloseReason.SHUTDOWN);
	}

	private Map<CloseReason, Long> counted() {
		Map<CloseReason, Long> counted = new EnumMap<>(CloseReason.class);
		for (CloseReason reason : CloseReason.values()) {
			long count = this.server.registry.closes().of(reason);
			if (count > 0) {
				counted.put(reason, count);
			}
		}
		return counted;
	}

	@RpcService("Work")
	public static class Work {

		final CompletableFuture<String> later = new CompletableFuture<>();

		public String echo(String text) {
			return text;
		}

		public String fail(String text) {
			throw new IllegalStateException(text);
		}

		public CompletableFuture<String> later(String text) {
			return this.later;
		}

	}

}
