package io.github.netrpc.interop;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.interop.Coordinator.Held;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.work.RpcJob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Coordinators of jobs that are killed, stopped, or cut off from their nodes (F28).
 */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class CoordinatorIntegrationTests {

	private static final int ITEMS = 4;

	private final Node node = new Node();

	private final RpcServer server = RpcServer.builder()
		.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
		.service(this.node)
		.start();

	private Process process;

	private BufferedReader output;

	private RpcChannel caller;

	@AfterEach
	void stop() throws Exception {
		if (this.process != null) {
			this.process.destroyForcibly().waitFor();
			this.caller.close();
		}
		this.node.goOn.countDown();
		this.server.close();
	}

	/**
	 * Has a process coordinate a job whose items do not end.
	 * @return the call of whoever wants it done
	 */
	private CompletableFuture<Long> begin() throws IOException {
		this.process = new ProcessBuilder(
				System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-cp",
				System.getProperty("java.class.path"), Coordinator.class.getName(), "127.0.0.1:" + this.server.port())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		this.output = new BufferedReader(new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
		this.caller = RpcChannel.builder()
			.target("127.0.0.1:" + line(Coordinator.PORT))
			.timeout(Duration.ofMinutes(1))
			.build();
		CompletableFuture<Long> sum = this.caller.callAsync("Sums.Sum", (long) ITEMS, Long.class);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.node.running.get() == ITEMS);
		return sum;
	}

	@Test
	void nodesOfAKilledCoordinatorDropItsItemsAndItsCallerKnowsTheJob() throws Exception {
		CompletableFuture<Long> sum = begin();
		String job = line(Coordinator.JOB);
		this.process.destroyForcibly();
		await().atMost(Duration.ofSeconds(5)).until(() -> this.node.cancelled.get() == ITEMS);
		try {
			throw new AssertionError("succeeded: " + sum.get(10, TimeUnit.SECONDS));
		}
		catch (ExecutionException ex) {
			assertThat(ex.getCause()).isInstanceOfSatisfying(RpcException.class, (failure) -> {
				assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
				assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
				assertThat(failure.callId()).isEqualTo(job);
			});
		}
	}

	@Test
	void nodesOfAStoppedCoordinatorDropItsItemsAndNotBefore() throws Exception {
		CompletableFuture<Long> sum = begin();
		// Twice the lease: it is renewed.
		await().during(Coordinator.LEASE.lease().multipliedBy(2))
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.node.cancelled.get() == 0);
		signal("STOP");
		long stopped = System.nanoTime();
		await().atMost(Duration.ofSeconds(20)).until(() -> this.node.cancelled.get() == ITEMS);
		assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(10));
		assertThat(this.node.running).hasValue(0);
		this.node.goOn.countDown();
		signal("CONT");
		assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(LongStream.range(0, ITEMS).sum());
	}

	@Test
	void nodesThatAreCutOffDropTheirItemsAndTheJobEndsWhenTheNetworkIsBack() throws Exception {
		try (FaultProxy proxy = new FaultProxy(this.server.address(), 1);
				RpcChannel channel = RpcChannel.builder().target(proxy.address()).jobLease(Coordinator.LEASE).build()) {
			RpcJob<Long> job = channel.cluster(Held.class)
				.distribute(LongStream.range(0, ITEMS).boxed(), Held::hold)
				.window(ITEMS)
				.start();
			CompletableFuture<Long> sum = CompletableFuture
				.supplyAsync(() -> job.collect(Collectors.summingLong(Long::longValue)));
			await().atMost(Duration.ofSeconds(30)).until(() -> this.node.running.get() == ITEMS);
			proxy.silent(true);
			await().atMost(Duration.ofSeconds(10)).until(() -> this.node.cancelled.get() == ITEMS);
			this.node.goOn.countDown();
			proxy.silent(false);
			assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(LongStream.range(0, ITEMS).sum());
			assertThat(job.progress().completed()).isEqualTo(ITEMS);
		}
	}

	/**
	 * Reads up to a line of a kind.
	 */
	private String line(String kind) throws IOException {
		for (String line = this.output.readLine(); line != null; line = this.output.readLine()) {
			if (line.startsWith(kind)) {
				return line.substring(kind.length());
			}
		}
		throw new IOException("the process has ended");
	}

	private void signal(String signal) throws Exception {
		assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(this.process.pid())).start().waitFor())
			.isZero();
	}

	/**
	 * A node whose work does not end before it is told to.
	 */
	private static final class Node implements Held {

		final AtomicInteger running = new AtomicInteger();

		final AtomicInteger cancelled = new AtomicInteger();

		final CountDownLatch goOn = new CountDownLatch(1);

		@Override
		public long hold(long item) {
			this.running.incrementAndGet();
			try {
				this.goOn.await();
				return item;
			}
			catch (InterruptedException ex) {
				if (RpcContext.current().cancelled()) {
					this.cancelled.incrementAndGet();
				}
				throw new IllegalStateException("interrupted", ex);
			}
			finally {
				this.running.decrementAndGet();
			}
		}

	}

}
