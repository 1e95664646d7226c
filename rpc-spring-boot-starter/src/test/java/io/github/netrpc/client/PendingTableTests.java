package io.github.netrpc.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.ServiceMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PendingTable}.
 */
class PendingTableTests {

	private static final CallPlan PLAN = new CallPlan(ServiceMethod.of("S", "M"), FakeFormat.PLAN, FakeFormat.PLAN, 1,
			CallRecorder.NONE);

	private final Completions completions = new Completions(Runnable::run, new FakeTimer());

	private ClientCall<Object> call() {
		return ClientCall.future(PLAN, this.completions, 0);
	}

	@Test
	void holdsAsManyCallsAsItsCapacityAndNoMore() {
		PendingTable table = new PendingTable(256);
		for (int i = 0; i < 256; i++) {
			assertThat(table.add(call())).isTrue();
		}
		assertThat(table.add(call())).isFalse();
		assertThat(table.count()).isEqualTo(256);
	}

	@Test
	void numberOfAnEarlierCallFindsNothingAfterTheSlotHasANewOwner() {
		PendingTable table = new PendingTable(1);
		ClientCall<Object> first = call();
		table.add(first);
		table.remove(first);
		ClientCall<Object> second = call();
		table.add(second);
		assertThat(table.find(first.number())).isNull();
		assertThat(table.find(second.number())).isSameAs(second);
	}

	@Test
	void callThatItsSenderTakesOutWhileAllAreTakenGoesToOneOfThem() throws Exception {
		PendingTable table = new PendingTable(4);
		AtomicInteger taken = new AtomicInteger();
		int rounds = 5_000;
		CyclicBarrier round = new CyclicBarrier(2);
		Thread closer = new Thread(() -> {
			for (int i = 0; i < rounds; i++) {
				await(round);
				table.takeEach((call) -> taken.incrementAndGet());
				await(round);
			}
		});
		closer.start();
		for (int i = 0; i < rounds; i++) {
			ClientCall<Object> call = call();
			table.add(call);
			await(round);
			if (table.remove(call)) {
				taken.incrementAndGet();
			}
			await(round);
			assertThat(taken.getAndSet(0)).isEqualTo(1);
			assertThat(table.count()).isZero();
		}
		closer.join();
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await(10, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void removingACallTwiceDoesNotRemoveTheSlotsNextOwner() {
		PendingTable table = new PendingTable(1);
		ClientCall<Object> first = call();
		table.add(first);
		assertThat(table.remove(first)).isTrue();
		ClientCall<Object> second = call();
		table.add(second);
		assertThat(table.remove(first)).isFalse();
		assertThat(table.count()).isEqualTo(1);
	}

	@Test
	void tenThousandRandomInterleavingsNeverMixCalls() {
		for (int seed = 0; seed < 10_000; seed++) {
			Random random = new Random(seed);
			PendingTable table = new PendingTable(1 << random.nextInt(8));
			List<ClientCall<Object>> pending = new ArrayList<>();
			List<Long> gone = new ArrayList<>();
			Set<Long> numbers = new HashSet<>();
			for (int step = 0; step < 100; step++) {
				ClientCall<Object> call = call();
				if (random.nextInt(100) < 60 && table.add(call)) {
					assertThat(numbers.add(call.number())).as("seed %s: number is new", seed).isTrue();
					pending.add(call);
				}
				else if (!pending.isEmpty()) {
					ClientCall<Object> ended = pending.remove(random.nextInt(pending.size()));
					if (table.find(ended.number()) != ended || !table.remove(ended)) {
						throw new AssertionError("seed " + seed + ": call lost");
					}
					gone.add(ended.number());
				}
			}
			for (ClientCall<Object> each : pending) {
				if (table.find(each.number()) != each) {
					throw new AssertionError("seed " + seed + ": another caller's call");
				}
			}
			for (long number : gone) {
				if (table.find(number) != null) {
					throw new AssertionError("seed " + seed + ": late reply found a call");
				}
			}
			assertThat(table.count()).as("seed %s", seed).isEqualTo(pending.size());
		}
	}

	@Test
	void threadsThatAddAndRemoveNeverLoseACall() throws InterruptedException {
		PendingTable table = new PendingTable(128);
		AtomicInteger wrong = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(8);
		for (int t = 0; t < 8; t++) {
			new Thread(() -> {
				for (int i = 0; i < 50_000; i++) {
					ClientCall<Object> call = call();
					if (!table.add(call) || table.find(call.number()) != call || !table.remove(call)) {
						wrong.incrementAndGet();
					}
				}
				done.countDown();
			}).start();
		}
		done.await();
		assertThat(wrong).hasValue(0);
		assertThat(table.count()).isZero();
	}

}
