package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RemoteMethod;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.interop.Shuffle.Question;
import io.github.netrpc.interop.Shuffle.Reply;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No reply ever reaches the wrong caller (reliability R7): 1,000 callers at once, sync on
 * threads and async, replies out of order, through a proxy that cuts, delays and resets.
 * Each reply names the caller and the number of its call.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RightReplyIntegrationTests {

	private static final long SEED = 20260113;

	private static final int CALLERS = 1000;

	/** Callers that wait on a thread of their own; the others only have a future. */
	private static final int THREADS = 200;

	/** Calls that one future-only caller has in flight. */
	private static final int IN_FLIGHT = 4;

	/** Channels, each with a proxy of its own. */
	private static final int CHANNELS = 4;

	private final Shuffle shuffle = new Shuffle();

	private final LongAdder checked = new LongAdder();

	private final LongAdder mixedUp = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder unexpected = new LongAdder();

	private RpcServer server;

	@BeforeEach
	void start() {
		this.server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(this.shuffle)
			.start();
	}

	@AfterEach
	void close() {
		this.server.close();
		this.shuffle.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void everyReplyReachesItsCaller(String codec) throws Exception {
		run(codec, 100_000, 2);
	}

	@Test
	@Tag("long")
	void tenMillionRepliesReachTheirCallers() throws Exception {
		run("gob", 7_000_000, 6);
		run("json", 3_300_000, 6);
		assertThat(this.checked.sum()).isGreaterThanOrEqualTo(10_000_000);
	}

	private void run(String codec, long calls, int resets) throws Exception {
		long before = this.checked.sum();
		long began = System.nanoTime();
		List<FaultProxy> proxies = new ArrayList<>();
		List<RpcChannel> channels = new ArrayList<>();
		try {
			for (int i = 0; i < CHANNELS; i++) {
				proxies.add(new FaultProxy(this.server.address(), SEED + i));
				channels.add(RpcChannel.builder()
					.name(codec + i)
					.target(proxies.get(i).address())
					.codec(codec)
					.timeout(Duration.ofMinutes(1))
					.callbackExecutor((i % 2 == 0) ? Runnable::run : null)
					.build());
			}
			AtomicInteger resetsLeft = new AtomicInteger(resets);
			Quota quota = new Quota(calls, calls / (resets + 1), () -> {
				if (resetsLeft.getAndDecrement() > 0) {
					proxies.forEach(FaultProxy::reset);
				}
			});
			List<CompletableFuture<?>> callers = new ArrayList<>();
			for (int caller = 0; caller < CALLERS; caller++) {
				RpcChannel channel = channels.get(caller % CHANNELS);
				FaultProxy proxy = proxies.get(caller % CHANNELS);
				callers.add((caller < THREADS) ? sync(channel, proxy, caller, quota)
						: async(channel, proxy, caller, quota));
			}
			CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get(14, TimeUnit.MINUTES);
			int resetConnections = proxies.stream().mapToInt(FaultProxy::resets).sum();
			long cuts = proxies.stream().mapToLong(FaultProxy::cuts).sum();
			long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
			long count = this.checked.sum() - before;
			System.out.printf(
					"R7 %s: %,d checked calls of %,d callers, %d mixed up; %,d failed in %d resets; %,d cuts; %,d/s%n",
					codec, count, CALLERS, this.mixedUp.sum(), this.failed.sum(), resetConnections, cuts,
					count / seconds);
			assertThat(this.mixedUp.sum()).isZero();
			assertThat(this.unexpected.sum()).isZero();
			assertThat(resetConnections).isPositive();
			assertThat(cuts).isPositive();
			assertThat(count).isGreaterThan(calls - CALLERS * IN_FLIGHT);
		}
		finally {
			channels.forEach(RpcChannel::close);
			for (FaultProxy proxy : proxies) {
				proxy.close();
			}
		}
	}

	private CompletableFuture<?> sync(RpcChannel channel, FaultProxy proxy, int caller, Quota quota) {
		RemoteMethod<Question, Reply> method = method(channel, caller);
		CompletableFuture<Void> done = new CompletableFuture<>();
		Runnable work = () -> {
			for (long number = quota.next(); number >= 0; number = quota.next()) {
				Question question = new Question(caller, number);
				try {
					check(question, method.call(question), null);
					quota.succeeded();
				}
				catch (RuntimeException ex) {
					check(question, null, ex);
					quota.giveBack();
					proxy.connected().join();
				}
			}
			done.complete(null);
		};
		executor(caller).execute(work);
		return done;
	}

	private CompletableFuture<?> async(RpcChannel channel, FaultProxy proxy, int caller, Quota quota) {
		CompletableFuture<?>[] chains = new CompletableFuture<?>[IN_FLIGHT];
		RemoteMethod<Question, Reply> method = method(channel, caller);
		for (int i = 0; i < IN_FLIGHT; i++) {
			CompletableFuture<Void> done = new CompletableFuture<>();
			new Chain(method, proxy, caller, quota, done).next();
			chains[i] = done;
		}
		return CompletableFuture.allOf(chains);
	}

	private static RemoteMethod<Question, Reply> method(RpcChannel channel, int caller) {
		String name = switch (caller % 5) {
			case 0, 1 -> "Shuffle.Later";
			case 2 -> "Shuffle.OnThread";
			default -> "Shuffle.Now";
		};
		return channel.method(name, Question.class, Reply.class);
	}

	// Every second caller on a virtual thread, where there are any.
	private static Executor executor(int caller) {
		return (task) -> {
			Thread thread = (caller % 2 == 0) ? new Thread(task) : VirtualThread.of(task);
			thread.setDaemon(true);
			thread.start();
		};
	}

	private void check(Question question, Reply reply, Throwable failure) {
		if (failure != null) {
			boolean known = failure instanceof RpcException || failure.getCause() instanceof RpcException;
			(known ? this.failed : this.unexpected).increment();
		}
		else {
			this.checked.increment();
			if (!Shuffle.answer(question).equals(reply)) {
				this.mixedUp.increment();
			}
		}
	}

	/**
	 * Calls one after another, without a thread.
	 */
	private final class Chain {

		private final RemoteMethod<Question, Reply> method;

		private final FaultProxy proxy;

		private final int caller;

		private final Quota quota;

		private final CompletableFuture<Void> done;

		private final AtomicInteger running = new AtomicInteger();

		Chain(RemoteMethod<Question, Reply> method, FaultProxy proxy, int caller, Quota quota,
				CompletableFuture<Void> done) {
			this.method = method;
			this.proxy = proxy;
			this.caller = caller;
			this.quota = quota;
			this.done = done;
		}

		// A loop rather than a recursion: calls may end before callAsync returns.
		void next() {
			if (this.running.getAndIncrement() != 0) {
				return;
			}
			do {
				long number = this.quota.next();
				if (number < 0) {
					this.done.complete(null);
					return;
				}
				Question question = new Question(this.caller, number);
				this.method.callAsync(question).whenComplete((reply, failure) -> {
					check(question, reply, failure);
					if (failure != null) {
						this.quota.giveBack();
						this.proxy.connected().thenRun(this::next);
					}
					else {
						this.quota.succeeded();
						next();
					}
				});
			}
			while (this.running.decrementAndGet() != 0);
		}

	}

	/**
	 * The calls to be answered, with an event each time so many have been.
	 */
	private static final class Quota {

		private final AtomicLong begun = new AtomicLong();

		private final AtomicLong succeeded = new AtomicLong();

		private final AtomicLong calls;

		private final long period;

		private final Runnable event;

		Quota(long calls, long period, Runnable event) {
			this.calls = new AtomicLong(calls);
			this.period = period;
			this.event = event;
		}

		// A call has failed: another one takes its place.
		void giveBack() {
			this.calls.incrementAndGet();
		}

		long next() {
			long number = this.begun.getAndIncrement();
			if (number >= this.calls.get()) {
				return -1;
			}
			return number;
		}

		void succeeded() {
			if (this.succeeded.incrementAndGet() % this.period == 0) {
				this.event.run();
			}
		}

	}

}
