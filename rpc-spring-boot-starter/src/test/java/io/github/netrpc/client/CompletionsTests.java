package io.github.netrpc.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.ServiceMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Completions}.
 */
class CompletionsTests {

	private static final CallPlan PLAN = new CallPlan(ServiceMethod.of("S", "M"), FakeFormat.PLAN, FakeFormat.PLAN, 1,
			CallRecorder.NONE);

	private final List<Runnable> tasks = new ArrayList<>();

	private Completions queued() {
		Completions completions = new Completions(this.tasks::add, new FakeTimer());
		this.tasks.clear();
		return completions;
	}

	private static List<ClientCall<Object>> submit(Completions completions, int count) {
		List<ClientCall<Object>> calls = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ClientCall<Object> call = ClientCall.future(PLAN, completions, 0);
			if (i > 0) {
				calls.get(i - 1).next = call;
			}
			calls.add(call);
		}
		completions.submit(calls.get(0), calls.get(count - 1), count);
		return calls;
	}

	@Test
	void oneTaskCompletesAllThatIsQueued() {
		Completions completions = queued();
		List<ClientCall<Object>> calls = submit(completions, 10);
		calls.addAll(submit(completions, 10));
		assertThat(this.tasks).hasSize(1);
		this.tasks.remove(0).run();
		assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
	}

	@Test
	void oneTaskIsEnoughWhileNoCallbackBlocks() {
		Completions completions = queued();
		submit(completions, 10);
		this.tasks.remove(0).run();
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void callsBehindACallbackThatBlocksGetATaskOfTheirOwn() {
		FakeTimer timer = new FakeTimer();
		Completions completions = new Completions(this.tasks::add, timer);
		this.tasks.clear();
		ClientCall<Object> first = ClientCall.future(PLAN, completions, 0);
		ClientCall<Object> second = ClientCall.future(PLAN, completions, 0);
		first.next = second;
		first.whenComplete((value, failure) -> {
			timer.advance(Duration.ofMillis(3));
			assertThat(this.tasks).hasSize(1);
			this.tasks.remove(0).run();
			assertThat(second).isDone();
		});
		completions.submit(first, second, 2);
		this.tasks.remove(0).run();
		assertThat(first).isDone();
		assertThat(second).isDone();
		assertThat(first).isCompletedWithValue(null);
	}

	@Test
	void singleCompletionStartsNoSecondTask() {
		Completions completions = queued();
		submit(completions, 1);
		this.tasks.remove(0).run();
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void blockedCallbackHoldsUpNobodyElse() throws Exception {
		ExecutorService executor = Executors.newCachedThreadPool();
		CountDownLatch blocked = new CountDownLatch(1);
		try (ClientTimer timer = new ThreadClientTimer("test", System::nanoTime, InstantSource.system())) {
			Completions completions = new Completions(executor, timer);
			ClientCall<Object> first = ClientCall.future(PLAN, completions, 0);
			first.whenComplete((value, failure) -> {
				try {
					blocked.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			List<ClientCall<Object>> others = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				others.add(ClientCall.future(PLAN, completions, 0));
			}
			first.next = others.get(0);
			for (int i = 1; i < 5; i++) {
				others.get(i - 1).next = others.get(i);
			}
			completions.submit(first, others.get(4), 6);
			for (ClientCall<Object> other : others) {
				other.get(5, TimeUnit.SECONDS);
			}
			ClientCall<Object> later = ClientCall.future(PLAN, completions, 0);
			completions.submit(later);
			later.get(5, TimeUnit.SECONDS);
		}
		finally {
			blocked.countDown();
			executor.shutdown();
		}
	}

	@Test
	void executorThatRefusesLosesNoCall() {
		AtomicBoolean refuse = new AtomicBoolean();
		Completions completions = new Completions((task) -> {
			if (refuse.get()) {
				throw new RejectedExecutionException();
			}
		}, new FakeTimer(), Runnable::run, () -> false);
		refuse.set(true);
		assertThat(submit(completions, 100)).allSatisfy((call) -> assertThat(call).isDone());
	}

	@Test
	void callbackThatTheExecutorRefusesRunsOnASpareThread() throws Exception {
		AtomicBoolean refuse = new AtomicBoolean();
		CountDownLatch release = new CountDownLatch(1);
		try (ClientTimer timer = new ThreadClientTimer("test-timer", System::nanoTime, InstantSource.system())) {
			Completions completions = new Completions((task) -> {
				if (refuse.get()) {
					throw new RejectedExecutionException();
				}
			}, timer, CallbackThreads.executor("test-spare-"), () -> false);
			refuse.set(true);
			ClientCall<Object> call = ClientCall.future(PLAN, completions, 0);
			CompletableFuture<String> thread = new CompletableFuture<>();
			call.whenComplete((value, failure) -> {
				thread.complete(Thread.currentThread().getName());
				awaitRelease(release);
			});
			CompletableFuture<String> task = new CompletableFuture<>();
			timer.schedule(() -> completions.submit(call), 0);
			timer.schedule(() -> completions.execute(() -> task.complete(Thread.currentThread().getName())), 1);
			assertThat(thread.get(10, TimeUnit.SECONDS)).startsWith("test-spare-");
			assertThat(task.get(10, TimeUnit.SECONDS)).startsWith("test-spare-");
		}
		finally {
			release.countDown();
		}
	}

	@Test
	void callsThatFindNoSpareThreadWaitForOneAndTheIoThreadGoesOn() throws Exception {
		AtomicBoolean refuse = new AtomicBoolean();
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Completions completions = new Completions((task) -> {
			if (refuse.get()) {
				throw new RejectedExecutionException();
			}
		}, new FakeTimer(), CallbackThreads.threads("test-spare-", null, 1, true), () -> true);
		refuse.set(true);
		completions.execute(() -> {
			entered.countDown();
			awaitRelease(release);
		});
		assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
		ClientCall<Object> call = ClientCall.future(PLAN, completions, 0);
		CompletableFuture<String> thread = new CompletableFuture<>();
		call.whenComplete((value, failure) -> thread.complete(Thread.currentThread().getName()));
		completions.submit(call);
		assertThat(call).isNotDone();
		release.countDown();
		assertThat(thread.get(10, TimeUnit.SECONDS)).startsWith("test-spare-");
	}

	@Test
	void executorThatRunsTasksInTheCallerWhenItIsFullRunsNoneOnAnIoThread() {
		AtomicBoolean full = new AtomicBoolean();
		List<Runnable> queue = new ArrayList<>();
		Completions completions = new Completions((task) -> {
			if (full.get()) {
				task.run();
			}
			else {
				queue.add(task);
			}
		}, new FakeTimer(), this.tasks::add, () -> true);
		queue.clear();
		full.set(true);
		List<ClientCall<Object>> calls = submit(completions, 2);
		assertThat(calls).noneMatch(ClientCall::isDone);
		assertThat(this.tasks).hasSize(1);
		this.tasks.remove(0).run();
		assertThat(calls).allMatch(ClientCall::isDone);
		full.set(false);
		calls = submit(completions, 1);
		assertThat(queue).hasSize(1);
		queue.remove(0).run();
		assertThat(calls).allMatch(ClientCall::isDone);
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void callsBehindACallbackThatBlocksGetATaskWhenTheTimerEnds() {
		FakeTimer timer = new FakeTimer();
		List<Runnable> spare = new ArrayList<>();
		Completions completions = new Completions(this.tasks::add, timer, spare::add, () -> false);
		this.tasks.clear();
		ClientCall<Object> first = ClientCall.future(PLAN, completions, 0);
		List<ClientCall<Object>> behind = new ArrayList<>();
		CompletableFuture<Object> callback = first.whenComplete((value, failure) -> {
			behind.addAll(submit(completions, 1));
			assertThat(this.tasks).isEmpty();
			completions.close();
			timer.close();
			assertThat(spare).hasSize(1);
			spare.remove(0).run();
			assertThat(behind.get(0)).isDone();
			behind.addAll(submit(completions, 1));
			assertThat(spare).hasSize(1);
			spare.remove(0).run();
		});
		completions.submit(first);
		this.tasks.remove(0).run();
		assertThat(callback).isCompletedWithValue(null);
		assertThat(behind).hasSize(2).allSatisfy((call) -> assertThat(call).isDone());
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void callsThatWaitForAnExecutorWhenTheTimerEndsGetSpareThreads() {
		FakeTimer timer = new FakeTimer();
		List<Runnable> spare = new ArrayList<>();
		Completions completions = new Completions(this.tasks::add, timer, spare::add, () -> false);
		this.tasks.clear();
		ClientCall<Object> first = ClientCall.future(PLAN, completions, 0);
		ClientCall<Object> second = ClientCall.future(PLAN, completions, 0);
		first.next = second;
		CompletableFuture<Object> callback = first.whenComplete((value, failure) -> {
			assertThat(spare).as("the callback may block").hasSize(1);
			spare.remove(0).run();
			assertThat(second).isDone();
		});
		completions.submit(first, second, 2);
		assertThat(this.tasks).as("the executor is busy").hasSize(1);
		completions.close();
		timer.close();
		assertThat(spare).as("the executor may drop its task now").hasSize(1);
		spare.remove(0).run();
		assertThat(callback).isCompletedWithValue(null);
		AtomicBoolean ran = new AtomicBoolean();
		completions.execute(() -> ran.set(true));
		spare.remove(0).run();
		assertThat(ran).isTrue();
		assertThat(this.tasks).hasSize(1);
	}

	@Test
	void runnerThatGetsNoSpareThreadCompletesAllByItself() {
		Completions completions = new Completions(this.tasks::add, new FakeTimer(), (task) -> {
			throw new OutOfMemoryError("unable to create native thread");
		}, () -> false);
		this.tasks.clear();
		completions.close();
		assertThat(submit(completions, 100_000)).allSatisfy((call) -> assertThat(call).isDone());
	}

	@Test
	void callsBehindACallbackThatBlocksGetASpareThreadIfTheExecutorRefuses() {
		FakeTimer timer = new FakeTimer();
		List<Runnable> spare = new ArrayList<>();
		AtomicBoolean refuse = new AtomicBoolean();
		Completions completions = new Completions((task) -> {
			if (refuse.get()) {
				throw new RejectedExecutionException();
			}
			this.tasks.add(task);
		}, timer, spare::add, () -> false);
		this.tasks.clear();
		ClientCall<Object> first = ClientCall.future(PLAN, completions, 0);
		CompletableFuture<Object> callback = first.whenComplete((value, failure) -> {
			refuse.set(true);
			List<ClientCall<Object>> behind = submit(completions, 1);
			assertThat(spare).as("the callback may not block").isEmpty();
			timer.advance(Duration.ofMillis(100));
			assertThat(spare).as("one, however late it is").hasSize(1);
			spare.remove(0).run();
			assertThat(behind).allSatisfy((call) -> assertThat(call).isDone());
		});
		completions.submit(first);
		this.tasks.remove(0).run();
		assertThat(callback).isCompletedWithValue(null);
		refuse.set(false);
		List<ClientCall<Object>> later = submit(completions, 1);
		assertThat(this.tasks).as("asked again").hasSize(1);
		this.tasks.remove(0).run();
		assertThat(later).allSatisfy((call) -> assertThat(call).isDone());
	}

	@Test
	void executorThatDropsATaskInSilenceLosesNoCall() {
		FakeTimer timer = new FakeTimer();
		List<Runnable> spare = new ArrayList<>();
		AtomicBoolean drop = new AtomicBoolean();
		Completions completions = new Completions((task) -> {
			if (!drop.get()) {
				this.tasks.add(task);
			}
		}, timer, spare::add, () -> false);
		this.tasks.clear();
		drop.set(true);
		List<ClientCall<Object>> calls = submit(completions, 1);
		timer.advance(Duration.ofMillis(100));
		calls.addAll(submit(completions, 3));
		timer.advance(Duration.ofMillis(350));
		assertThat(spare).as("the executor may only be busy").isEmpty();
		timer.advance(Duration.ofMillis(100));
		assertThat(spare).hasSize(1);
		spare.remove(0).run();
		assertThat(calls).hasSize(4).allSatisfy((call) -> assertThat(call).isDone());
		drop.set(false);
		// The executor may have been asked ahead of need, and have dropped that, too.
		timer.advance(Duration.ofSeconds(10));
		calls = submit(completions, 1);
		assertThat(this.tasks).as("asked again").hasSize(1);
		this.tasks.remove(0).run();
		assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
		timer.advance(Duration.ofSeconds(10));
		assertThat(spare).isEmpty();
		assertThat(timer.scheduled()).as("looks while nothing is under way").isZero();
	}

	@Test
	void everyStartIsLookedAtForItself() {
		FakeTimer timer = new FakeTimer();
		List<Runnable> spare = new ArrayList<>();
		Completions completions = new Completions(this.tasks::add, timer, spare::add, () -> false);
		this.tasks.clear();
		// The executor takes its time, and never too much of it.
		for (int i = 0; i < 40; i++) {
			List<ClientCall<Object>> calls = submit(completions, 1);
			timer.advance(Duration.ofMillis(51));
			assertThat(this.tasks).hasSize(1);
			this.tasks.remove(0).run();
			assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
			assertThat(spare).isEmpty();
		}
	}

	@Test
	void taskThatTheExecutorHadNotDroppedAfterAllChangesNothing() {
		FakeTimer timer = new FakeTimer();
		List<Runnable> spare = new ArrayList<>();
		Completions completions = new Completions(this.tasks::add, timer, spare::add, () -> false);
		this.tasks.clear();
		List<ClientCall<Object>> calls = submit(completions, 2);
		timer.advance(Duration.ofSeconds(1));
		spare.remove(0).run();
		assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
		while (!this.tasks.isEmpty()) {
			this.tasks.remove(0).run();
		}
		timer.advance(Duration.ofSeconds(10));
		calls = submit(completions, 2);
		assertThat(this.tasks).hasSize(1);
		this.tasks.remove(0).run();
		assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
		assertThat(spare).isEmpty();
	}

	@Test
	void callsThatAnExecutorHadWhenItWasShutDownAtOnceAreCompleted() throws Exception {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				new ThreadPoolExecutor.DiscardPolicy());
		CountDownLatch release = new CountDownLatch(1);
		FakeTimer timer = new FakeTimer();
		List<Runnable> spare = new ArrayList<>();
		try {
			Completions completions = new Completions(executor, timer, spare::add, () -> false);
			executor.execute(() -> awaitRelease(release));
			List<ClientCall<Object>> calls = submit(completions, 2);
			executor.shutdownNow();
			timer.advance(Duration.ofNanos(Completions.LOOK_NANOS));
			assertThat(spare).hasSize(1);
			spare.remove(0).run();
			assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
			calls = submit(completions, 1);
			assertThat(spare).as("not asked again").hasSize(1);
			spare.remove(0).run();
			assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
		}
		finally {
			release.countDown();
		}
	}

	private static void awaitRelease(CountDownLatch release) {
		try {
			release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void executorThatThrowsAnythingLosesNoCallAndIsUsedAgain() {
		AtomicBoolean fail = new AtomicBoolean();
		Completions completions = new Completions((task) -> {
			if (fail.get()) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			this.tasks.add(task);
		}, new FakeTimer(), Runnable::run, () -> false);
		this.tasks.clear();
		fail.set(true);
		assertThat(submit(completions, 10)).allSatisfy((call) -> assertThat(call).isDone());
		AtomicBoolean ran = new AtomicBoolean();
		completions.execute(() -> ran.set(true));
		assertThat(ran).isTrue();
		fail.set(false);
		List<ClientCall<Object>> calls = submit(completions, 10);
		assertThat(this.tasks).hasSize(1);
		this.tasks.remove(0).run();
		assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
	}

	@Test
	void executorThatThrowsWhileACallbackBlocksLeavesNoCallWaiting() {
		AtomicBoolean fail = new AtomicBoolean();
		FakeTimer timer = new FakeTimer();
		Completions completions = new Completions((task) -> {
			if (fail.get()) {
				throw new IllegalStateException("no threads");
			}
			this.tasks.add(task);
		}, timer, Runnable::run, () -> false);
		this.tasks.clear();
		ClientCall<Object> first = ClientCall.future(PLAN, completions, 0);
		ClientCall<Object> second = ClientCall.future(PLAN, completions, 0);
		first.next = second;
		first.whenComplete((value, failure) -> {
			fail.set(true);
			timer.advance(Duration.ofMillis(3));
			fail.set(false);
		});
		completions.submit(first, second, 2);
		this.tasks.remove(0).run();
		assertThat(second).isDone();
		List<ClientCall<Object>> later = submit(completions, 1);
		assertThat(this.tasks).hasSize(1);
		this.tasks.remove(0).run();
		assertThat(later.get(0)).isDone();
	}

	@Test
	void executorThatRunsInTheCallerCompletesInOrder() {
		Completions completions = new Completions(Runnable::run, new FakeTimer());
		List<ClientCall<Object>> calls = submit(completions, 100_000);
		assertThat(calls).allSatisfy((call) -> assertThat(call).isDone());
	}

}
