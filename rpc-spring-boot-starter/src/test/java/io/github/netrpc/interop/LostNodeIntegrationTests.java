package io.github.netrpc.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A node is lost under load: all its connections are reset, and it accepts no others.
 */
@Timeout(60)
class LostNodeIntegrationTests {

	private static final int CALLERS = 32;

	private static final int CALLS_BEFORE = 4_000;

	private static final int CALLS = 12_000;

	private final Bookings bookings = new Bookings();

	private final List<RpcServer> servers = new ArrayList<>();

	private final AtomicInteger retries = new AtomicInteger();

	private final CountDownLatch held = new CountDownLatch(1);

	private final CountDownLatch reset = new CountDownLatch(1);

	private FaultProxy lost;

	private RpcChannel channel;

	@BeforeEach
	void start() throws IOException {
		for (int i = 0; i < 3; i++) {
			this.servers.add(RpcServer.builder()
				.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
				.service((i == 0) ? new Held() : this.bookings)
				.start());
		}
		this.lost = new FaultProxy(this.servers.get(0).address(), 1);
		this.channel = RpcChannel.builder()
			.target(this.lost.address() + "," + name(1) + "," + name(2))
			.recorders((service, method, format) -> new CallRecorder() {

				@Override
				public void record(RpcCode code, long nanos) {
				}

				@Override
				public void retried(RpcCode reason) {
					LostNodeIntegrationTests.this.retries.incrementAndGet();
				}

			})
			.build();
	}

	private String name(int server) {
		InetSocketAddress address = this.servers.get(server).address();
		return address.getAddress().getHostAddress() + ":" + address.getPort();
	}

	@AfterEach
	void stop() throws IOException {
		this.reset.countDown();
		this.channel.close();
		this.lost.close();
		this.servers.forEach(RpcServer::close);
	}

	private Queue<RpcException> callWhileANodeIsLost(Call call) throws Exception {
		Queue<RpcException> failures = new ConcurrentLinkedQueue<>();
		AtomicLong ids = new AtomicLong();
		CountDownLatch warm = new CountDownLatch(CALLS_BEFORE);
		List<Thread> callers = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			callers.add(new Thread(() -> {
				for (long id = ids.getAndIncrement(); id < CALLS; id = ids.getAndIncrement()) {
					try {
						assertThat(call.make(id)).isEqualTo(id);
					}
					catch (RpcException ex) {
						failures.add(ex);
						this.bookings.failed.put(id, ex.known());
					}
					warm.countDown();
				}
			}, "caller-" + i));
		}
		callers.forEach(Thread::start);
		warm.await();
		assertThat(this.held.await(30, TimeUnit.SECONDS)).as("a call is at the node that is lost").isTrue();
		this.lost.close();
		this.lost.reset();
		this.reset.countDown();
		for (Thread caller : callers) {
			caller.join(Duration.ofSeconds(30).toMillis());
			assertThat(caller.isAlive()).isFalse();
		}
		return failures;
	}

	@Test
	void callsOfIdempotentMethodsAllSucceed() throws Exception {
		Ledger ledger = this.channel.proxy(Ledger.class);
		Queue<RpcException> failures = callWhileANodeIsLost(ledger::look);
		assertThat(failures).isEmpty();
		assertThat(this.retries.get()).isBetween(1, CALLS / 10);
		assertThat(this.channel.inFlight()).isZero();
	}

	@Test
	void callsOfOtherMethodsThatFailAreLabelledAndNoneRunsTwice() throws Exception {
		Ledger ledger = this.channel.proxy(Ledger.class);
		Queue<RpcException> failures = callWhileANodeIsLost(ledger::book);
		assertThat(failures).isNotEmpty().hasSizeLessThanOrEqualTo(CALLERS).allSatisfy((failure) -> {
			assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
			assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
			assertThat(failure.node()).isEqualTo(this.lost.address());
			assertThat(failure.retryable()).isFalse();
		});
		for (long id = 0; id < CALLS; id++) {
			int ran = this.bookings.runs.getOrDefault(id, new AtomicInteger()).get();
			if (this.bookings.failed.containsKey(id)) {
				assertThat(ran).as("runs of failed call " + id).isLessThanOrEqualTo(1);
			}
			else {
				assertThat(ran).as("runs of call " + id).isEqualTo(1);
			}
		}
	}

	@FunctionalInterface
	private interface Call {

		long make(long id);

	}

	@RpcService
	public interface Ledger {

		long book(long id);

		@Idempotent
		long look(long id);

	}

	/**
	 * The node that is lost, with calls under way.
	 */
	private final class Held implements Ledger {

		private final Bookings bookings = LostNodeIntegrationTests.this.bookings;

		private long hold(long id) {
			if (id >= CALLS_BEFORE) {
				LostNodeIntegrationTests.this.held.countDown();
				try {
					LostNodeIntegrationTests.this.reset.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return id;
		}

		@Override
		public long book(long id) {
			return hold(this.bookings.book(id));
		}

		@Override
		public long look(long id) {
			return hold(id);
		}

	}

	private static final class Bookings implements Ledger {

		private final Map<Long, AtomicInteger> runs = new ConcurrentHashMap<>();

		private final Map<Long, Known> failed = new ConcurrentHashMap<>();

		@Override
		public long book(long id) {
			this.runs.computeIfAbsent(id, (absent) -> new AtomicInteger()).incrementAndGet();
			return id;
		}

		@Override
		public long look(long id) {
			return id;
		}

	}

}
