package io.github.netrpc.observation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The gauges of a server and of its client show what they are named after, and nothing of
 * it afterwards.
 */
@Timeout(60)
class ServerGaugesIntegrationTests {

	/** A machine that does other work must not make the server shed calls. */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ExecutorService handlers = Executors.newCachedThreadPool();

	private final Work work = new Work();

	// The registry itself does not keep them.
	private final ServerGauges serverGauges = new ServerGauges(() -> this.server);

	private final ClientGauges clientGauges = new ClientGauges(() -> List.of(this.channel));

	private RpcServer server;

	private RpcChannel channel;

	@BeforeEach
	void start() {
		this.server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.handlers(this.handlers, 1)
			.queue(1)
			.overload(PATIENCE, PATIENCE, PATIENCE)
			.service(this.work)
			.start();
		this.channel = RpcChannel.builder().target("127.0.0.1:" + this.server.port()).timeout(PATIENCE).build();
		this.serverGauges.bindTo(this.registry);
		this.clientGauges.bindTo(this.registry);
	}

	@AfterEach
	void stop() {
		this.work.release.countDown();
		this.channel.close();
		this.server.close();
		this.handlers.shutdownNow();
	}

	@Test
	void callsThatRunWaitAndAreRefusedAreCounted() {
		assertThat(gauge("server.in.flight")).isZero();
		CompletableFuture<String> running = call("Work.Hang");
		await("server.in.flight", 1);
		assertThat(gauge("client.in.flight")).isEqualTo(1);
		assertThat(gauge("server.queued")).isZero();
		CompletableFuture<String> waiting = call("Work.Hang");
		await("server.queued", 1);
		assertThat(gauge("server.in.flight")).isEqualTo(2);
		assertThat(refused("queue-full")).isZero();
		RpcException refused = (RpcException) call("Work.Hang").handle((reply, failure) -> failure).join();
		assertThat(refused("queue-full")).isPositive().isEqualTo(refused.attempts().size());
		assertThat(refused("shutdown")).isZero();
		assertThat(gauge("server.connections")).isEqualTo(1);
		assertThat(this.registry.get("rpc.client.connections").tag("state", "ready").gauge().value()).isEqualTo(1);
		this.work.release.countDown();
		assertThat(CompletableFuture.allOf(running, waiting)).succeedsWithin(PATIENCE);
		for (String name : new String[] { "server.in.flight", "server.queued", "client.in.flight" }) {
			await(name, 0);
		}
	}

	@Test
	void callsWithoutAResultYetAndThoseThatNobodyWaitsForAreCounted() {
		CompletableFuture<String> later = call("Work.Later");
		await("server.async", 1);
		this.work.result.complete("done");
		assertThat(later).succeedsWithin(PATIENCE);
		await("server.async", 0);
		CompletableFuture<String> running = call("Work.Hang");
		await("server.in.flight", 1);
		running.cancel(true);
		await("server.abandoned", 1);
		this.work.release.countDown();
		await("server.abandoned", 0);
		await("server.in.flight", 0);
		assertThat(gauge("server.hung")).isZero();
	}

	@Test
	void connectionsThatTheServerClosesAreCountedByReason() throws IOException {
		end("SSH-2.0-OpenSSH\r\n");
		end("GET / HTTP/1.1\r\n\r\n");
		end("{\"method\":\"Work.Hang\",,}");
		end("{\"params\":" + "[".repeat(100));
		end("{\"method\":\"Work.Nope\",\"params\":[],\"id\":1}\n");
		for (String reason : new String[] { "unknown-protocol", "http", "malformed", "limit" }) {
			await(() -> closed(reason) == 1);
		}
		assertThat(closed("request-timeout") + closed("internal") + closed("shutdown")).isZero();
		await("server.connections", 0);
	}

	private void end(String text) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
			socket.getInputStream().readAllBytes();
		}
		catch (SocketException ex) {
			// A reset, which is an end, too.
		}
	}

	private double closed(String reason) {
		return this.registry.get("rpc.server.connections.closed").tag("reason", reason).functionCounter().count();
	}

	private static void await(BooleanSupplier condition) {
		Awaitility.await().until(condition::getAsBoolean);
	}

	private CompletableFuture<String> call(String method) {
		return this.channel.callAsync(method, "x", String.class);
	}

	private void await(String name, double value) {
		Awaitility.await().untilAsserted(() -> assertThat(gauge(name)).as(name).isEqualTo(value));
	}

	private double gauge(String name) {
		return this.registry.get("rpc." + name).gauge().value();
	}

	private double refused(String reason) {
		return this.registry.get("rpc.server.refused").tag("reason", reason).functionCounter().count();
	}

	/**
	 * Ends its calls when the test says so, whatever their threads are told.
	 */
	@RpcService("Work")
	public static class Work {

		private final CountDownLatch release = new CountDownLatch(1);

		private final CompletableFuture<String> result = new CompletableFuture<>();

		public String hang(String text) {
			boolean interrupted = false;
			while (true) {
				try {
					this.release.await();
					break;
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
			return text;
		}

		public CompletableFuture<String> later(String text) {
			return this.result;
		}

	}

}
