package io.github.netrpc.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.work.JobProgress.State;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who runs which item, and what counts.
 */
class JobSchedulerTests {

	private static final Duration TICK = Duration.ofNanos(JobTick.NANOS);

	private final JobFixture fixture = new JobFixture();

	private final FakeWorkers workers = this.fixture.workers;

	@Test
	void beginsWithOneWindowPerWorkerAndPullsNoMore() {
		this.workers.with("a", 2).with("b", 3);
		this.fixture.scheduler(100);
		assertThat(this.workers.items("a")).hasSize(2);
		assertThat(this.workers.items("b")).hasSize(3);
		assertThat(this.fixture.pulled).isEqualTo(5);
	}

	@Test
	void whoHasRoomGetsTheNextItem() {
		this.workers.with("slow", 1).with("quick", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(20);
		for (int i = 0; i < 10; i++) {
			this.fixture.consume(job);
			this.workers.running.stream()
				.filter((run) -> run.worker.equals("quick"))
				.findFirst()
				.orElseThrow()
				.succeed();
		}
		assertThat(this.workers.begun).filteredOn((run) -> run.worker.equals("quick")).hasSize(11);
		assertThat(this.workers.begun).filteredOn((run) -> run.worker.equals("slow")).hasSize(1);
	}

	@Test
	void itemsOfALostWorkerRunElsewhere() {
		this.workers.with("a", 2).with("b", 2);
		JobScheduler<Integer, String> job = this.fixture.scheduler(4);
		List<Integer> lost = this.workers.items("a");
		List.copyOf(this.workers.running)
			.stream()
			.filter((run) -> run.worker.equals("a"))
			.forEach((run) -> run.fail(RpcCode.UNAVAILABLE, Known.MAYBE_RAN));
		this.workers.with("a", 2, Worker.State.AWAY);
		List.copyOf(this.workers.running).forEach(FakeWorkers.Run::succeed);
		assertThat(this.workers.items("b")).containsExactlyElementsOf(lost);
		List.copyOf(this.workers.running).forEach(FakeWorkers.Run::succeed);
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(new HashSet<>(this.fixture.consumed)).hasSize(4);
		assertThat(job.progress().reassigned()).isEqualTo(2);
		assertThat(job.progress().state()).isEqualTo(State.SUCCEEDED);
		assertThat(this.fixture.ended).isOne();
	}

	@Test
	void itemGoesToItsOwnWorkerAgainIfThereIsNoOther() {
		this.workers.with("a", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1);
		this.workers.of(0).fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED);
		this.workers.of(0).succeed();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(this.fixture.consumed).containsExactly("a:0");
	}

	@Test
	void threeFailuresParkAnItemWithItsHistory() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1);
		for (int i = 0; i < 3; i++) {
			this.workers.of(0).fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED);
		}
		assertThat(this.workers.running).isEmpty();
		assertThat(job.progress().state()).isEqualTo(State.FAILED);
		assertThat(job.parked()).singleElement().satisfies((parked) -> {
			assertThat(parked.index()).isZero();
			assertThat(parked.failures()).extracting(ItemFailure::attempt).containsExactly(1, 2, 3);
			assertThat(parked.failures()).extracting(ItemFailure::worker).containsExactly("a", "b", "a");
			assertThat(parked.failures()).extracting(ItemFailure::message).contains("a says no");
		});
	}

	@Test
	void whatCannotGetBetterIsParkedAtOnce() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1);
		this.workers.of(0).fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN);
		assertThat(job.parked()).hasSize(1);
		assertThat(this.workers.begun).hasSize(1);
	}

	@Test
	void refusalsAreNoFailures() {
		this.workers.with("a", 4).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1);
		for (int i = 0; i < 20; i++) {
			this.workers.of(0).fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN);
			this.fixture.timer.advance(Duration.ofSeconds(6));
		}
		this.workers.of(0).succeed();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(job.progress().state()).isEqualTo(State.SUCCEEDED);
		assertThat(job.parked()).isEmpty();
	}

	@Test
	void refusedForTheTimeOfAnItemIsParked() {
		this.workers.with("a", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1);
		this.fixture.consume(job);
		for (int i = 0; i < 200 && job.progress().state() == State.RUNNING; i++) {
			this.workers.of(0).fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN);
			this.fixture.timer.advance(Duration.ofSeconds(6));
		}
		assertThat(job.parked()).hasSize(1);
	}

	@Test
	void timeThatAnItemHasWaitedOrRunIsNoRefusal() {
		this.workers.with("a", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(2);
		this.fixture.consume(job);
		this.fixture.timer.advance(Duration.ofMinutes(9).plusSeconds(55));
		this.workers.of(0).succeed();
		this.fixture.timer.advance(Duration.ofSeconds(10));
		this.workers.of(1).fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN);
		this.fixture.timer.advance(Duration.ofSeconds(1));
		this.workers.of(1).succeed();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(job.parked()).isEmpty();
	}

	@Test
	void workerMayHaveMoreRoomThanThereWillEverBeItems() {
		this.workers.with("a", 2_000_000_000).with("b", 2_000_000_000).doing(FakeWorkers.Run::succeed);
		JobScheduler<Integer, String> job = this.fixture.scheduler(100_000);
		for (int i = 0; i < 1_000 && !this.fixture.consume(job).last(); i++) {
			this.fixture.timer.advance(TICK);
		}
		assertThat(this.fixture.consumed).hasSize(100_000);
	}

	@Test
	void itemsOfASlowSourceAreBegunAsTheyCome() {
		this.workers.with("a", 4);
		Iterator<Integer> source = new Iterator<>() {

			private int next;

			@Override
			public boolean hasNext() {
				assertThat(JobSchedulerTests.this.workers.begun).hasSize(Math.min(this.next, 4));
				return true;
			}

			@Override
			public Integer next() {
				return this.next++;
			}

		};
		JobScheduler<Integer, String> job = new JobScheduler<>(JobFixture.options(), ItemSource.of(source),
				this.workers, this.fixture.context, () -> {
				});
		JobFixture.begin(job);
		assertThat(this.workers.running).hasSize(4);
	}

	@Test
	void itemsThatDrainingWorkersHoldKeepNobodyFromWorking() {
		this.workers.with("a", 500).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(10_000);
		this.fixture.consume(job);
		this.workers.listed.remove("a");
		this.fixture.timer.advance(TICK);
		for (int i = 0; i < 1_000; i++) {
			this.workers.of(this.workers.items("b").get(0), "b").succeed();
			this.fixture.consume(job);
		}
		assertThat(this.fixture.consumed).hasSize(1_000);
	}

	@Test
	void workerWithoutRoomGetsFewerItemsAndMoreWhenItHasRoomAgain() {
		this.workers.with("a", 8);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1_000);
		for (int i = 0; i < 4; i++) {
			this.workers.running.get(this.workers.running.size() - 1).fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN);
		}
		assertThat(this.workers.running).hasSize(4);
		for (int i = 0; i < 100; i++) {
			this.fixture.consume(job);
			this.workers.running.get(0).succeed();
		}
		this.fixture.consume(job);
		assertThat(this.workers.running).hasSize(8);
	}

	@Test
	void workerThatJoinsGetsItemsWithinASecond() {
		this.workers.with("a", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(100);
		this.fixture.consume(job);
		this.workers.with("b", 2);
		this.fixture.timer.advance(TICK);
		this.fixture.consume(job);
		assertThat(this.workers.items("b")).hasSize(2);
	}

	@Test
	void workerThatJoinsASmallJobGetsItemsHoweverMuchRoomTheOthersHave() {
		this.workers.growing("a", 4, 1_000).growing("b", 4, 1_000);
		JobScheduler<Integer, String> job = this.fixture.scheduler(500);
		assertThat(this.workers.running).hasSize(8);
		for (int i = 0; i < 150; i++) {
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
			this.fixture.timer.advance(Duration.ofMillis(1));
		}
		this.workers.growing("c", 4, 1_000);
		this.fixture.timer.advance(TICK);
		this.fixture.consume(job);
		assertThat(this.workers.items("c")).hasSize(4);
		while (!this.workers.items("c").isEmpty()) {
			this.workers.of(this.workers.items("c").get(0)).succeed();
			this.fixture.consume(job);
		}
		assertThat(this.workers.begun).filteredOn((run) -> run.worker.equals("c")).hasSizeGreaterThan(50);
	}

	@Test
	void asMuchIsLeftForOthersAsWorkersHaveIfTheTotalIsKnown() {
		this.workers.growing("a", 4, 1_000).growing("b", 4, 1_000);
		JobScheduler<Integer, String> job = new JobScheduler<>(JobFixture.options(),
				ItemSource.of(IntStream.range(0, 500).boxed().toList()), this.workers, this.fixture.context, () -> {
				});
		JobFixture.begin(job);
		for (int i = 0; i < 240; i++) {
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
		}
		assertThat(this.workers.running).hasSizeBetween(64, 130);
	}

	@Test
	void workersThatAreGivenFewItemsAtFirstGetAllTheyHaveRoomForInALargeJob() {
		this.workers.growing("a", 4, 1_000).growing("b", 4, 1_000);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1_000_000);
		for (int i = 0; i < 2_500; i++) {
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
		}
		assertThat(this.workers.items("a")).hasSize(1_000);
		assertThat(this.workers.items("b")).hasSize(1_000);
	}

	@Test
	void workerThatHasNeverHadAWholeWindowGetsNoLargerOne() {
		this.workers.growing("a", 4, 1_000);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1_000_000);
		this.workers.with("a", 1_000, Worker.State.SUSPECT);
		this.fixture.timer.advance(TICK);
		for (int i = 0; i < 100; i++) {
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
		}
		this.workers.growing("a", 4, 1_000);
		this.fixture.timer.advance(TICK);
		this.fixture.consume(job);
		assertThat(this.workers.running).hasSize(8);
	}

	@Test
	void workerThatHasRefusedItemsGetsMoreOneByOne() {
		this.workers.growing("a", 4, 1_000);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1_000_000);
		for (int i = 0; i < 4 + 8 + 16; i++) {
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
		}
		assertThat(this.workers.running).hasSize(32);
		this.workers.running.get(31).fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN);
		assertThat(this.workers.running).hasSize(31);
		for (int i = 0; i < 31 + 32; i++) {
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
		}
		assertThat(this.workers.running).hasSize(33);
	}

	@Test
	void workerThatComesBackBeginsAnew() {
		this.workers.growing("a", 4, 1_000).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1_000_000);
		for (int i = 0; i < 500; i++) {
			this.workers.of(this.workers.items("a").get(0)).succeed();
			this.fixture.consume(job);
		}
		this.workers.with("a", 1_000, Worker.State.AWAY);
		this.fixture.timer.advance(TICK);
		while (!this.workers.items("a").isEmpty()) {
			this.workers.of(this.workers.items("a").get(0)).fail(RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		}
		this.workers.growing("a", 4, 1_000);
		this.fixture.timer.advance(TICK);
		this.fixture.consume(job);
		assertThat(this.workers.items("a")).hasSize(4);
	}

	@Test
	void windowThatIsChosenIsNeitherLessAtFirstNorMoreLater() {
		this.workers.growing("a", 4, 1_000);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1_000_000,
				new JobOptions("numbers", Map.of(), 3, true, Duration.ofMinutes(10).toNanos(), 7, false, 0));
		for (int i = 0; i < 1_000; i++) {
			assertThat(this.workers.running).hasSize(7);
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
		}
	}

	@Test
	void workersThatCameLaterThanTheJobGetItsItems() {
		JobScheduler<Integer, String> job = this.fixture.scheduler(10);
		this.fixture.consume(job);
		assertThat(this.workers.begun).isEmpty();
		this.workers.with("a", 3);
		this.fixture.timer.advance(TICK);
		this.fixture.consume(job);
		assertThat(this.workers.items("a")).hasSize(3);
	}

	@Test
	void workerOfWhichNothingIsKnownGetsOneItemUntilItHasSucceeded() {
		this.workers.with("a", 4, Worker.State.UNPROVEN);
		JobScheduler<Integer, String> job = this.fixture.scheduler(100);
		assertThat(this.workers.running).hasSize(1);
		this.workers.running.get(0).succeed();
		this.fixture.consume(job);
		assertThat(this.workers.running).hasSize(4);
	}

	@Test
	void workerThatIsAwayGetsNothingUntilItIsBack() {
		this.workers.with("a", 1).with("b", 1, Worker.State.AWAY);
		JobScheduler<Integer, String> job = this.fixture.scheduler(100);
		this.fixture.timer.advance(Duration.ofSeconds(5));
		this.fixture.consume(job);
		assertThat(this.workers.items("b")).isEmpty();
		this.workers.with("b", 1);
		this.fixture.timer.advance(TICK);
		this.fixture.consume(job);
		assertThat(this.workers.items("b")).hasSize(1);
	}

	@Test
	void workerThatFailsRestsLongerEachTime() {
		this.workers.with("a", 1, Worker.State.UNPROVEN);
		this.workers.doing((run) -> run.fail(RpcCode.UNAVAILABLE, Known.NOT_RUN));
		this.fixture.scheduler(1);
		this.fixture.timer.advance(Duration.ofSeconds(60));
		// 100, 200, 400 ms and so on up to 5 s
		assertThat(this.workers.begun).hasSizeBetween(12, 20);
	}

	@Test
	void workerThatIsGoneKeepsItsItemsAndGetsNoOthers() {
		this.workers.with("a", 2).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(100);
		this.workers.listed.remove("a");
		this.fixture.timer.advance(TICK);
		this.workers.of(this.workers.items("a").get(0)).succeed();
		this.fixture.consume(job);
		assertThat(this.workers.items("a")).hasSize(1);
		assertThat(job.progress().workers()).extracting(WorkerProgress::listed).containsExactly(false, true);
		assertThat(job.progress().completed()).isOne();
	}

	@Test
	void resultOfAnAttemptWhoseTimeIsOverIsRefusedAndCounted() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(2);
		FakeWorkers.Run frozen = this.workers.of(0);
		this.workers.of(1).succeed();
		this.fixture.timer.advance(Duration.ofMinutes(11));
		assertThat(frozen.abandoned).isEqualTo("its time is over");
		FakeWorkers.Run second = this.workers.of(0);
		assertThat(second.worker).isNotEqualTo(frozen.worker);
		frozen.listener.succeeded("late");
		second.succeed();
		frozen.listener.succeeded("later");
		this.fixture.consume(job);
		assertThat(this.fixture.consumed).hasSize(2).doesNotContain("late", "later");
		assertThat(job.progress().late()).isEqualTo(2);
	}

	@Test
	void timeOfAWorkerIsThatOfItsResults() {
		this.workers.with("a", 2);
		JobScheduler<Integer, String> job = this.fixture.scheduler(3);
		this.fixture.timer.advance(Duration.ofMillis(20));
		this.workers.of(0).succeed();
		this.fixture.timer.advance(Duration.ofMillis(30));
		this.workers.of(1).fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED);
		assertThat(job.progress().workers()).singleElement().satisfies((worker) -> {
			assertThat(worker.completed()).isOne();
			assertThat(worker.time()).isEqualTo(Duration.ofMillis(20));
		});
	}

	@Test
	void refusalIsNoReassignment() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(2);
		String first = this.workers.of(0).worker;
		this.workers.of(0).fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN);
		this.workers.of(1).fail(RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		JobProgress progress = job.progress();
		assertThat(progress.refused()).isOne();
		assertThat(progress.reassigned()).isOne();
		assertThat(progress.workers()).filteredOn((worker) -> worker.id().equals(first))
			.singleElement()
			.satisfies((worker) -> {
				assertThat(worker.refused()).isOne();
				assertThat(worker.reassigned()).isZero();
			});
	}

	@Test
	void itemThatWasOnlyRefusedIsNeverParkedForItsAttempts() {
		this.workers.with("a", 1).doing((run) -> run.fail(RpcCode.UNAVAILABLE, Known.NOT_RUN));
		JobScheduler<Integer, String> job = this.fixture.scheduler(1);
		this.fixture.timer.advance(Duration.ofMinutes(5));
		assertThat(job.progress().refused()).isGreaterThan(10);
		assertThat(job.progress().reassigned()).isZero();
		assertThat(job.parked()).isEmpty();
	}

	@Test
	void workerThatHasFailedTooOftenGetsOneItemAtATimeUntilItIsTrusted() {
		this.workers.with("a", 4);
		JobScheduler<Integer, String> job = this.fixture.scheduler(100);
		List.copyOf(this.workers.running).forEach(FakeWorkers.Run::succeed);
		this.fixture.consume(job);
		this.workers.with("a", 4, Worker.State.SUSPECT);
		this.fixture.timer.advance(TICK);
		for (int i = 0; i < 10; i++) {
			List.copyOf(this.workers.running).forEach(FakeWorkers.Run::succeed);
			this.fixture.consume(job);
			assertThat(this.workers.running).hasSize(1);
		}
		this.workers.with("a", 4);
		this.fixture.timer.advance(TICK);
		this.fixture.consume(job);
		assertThat(this.workers.running).hasSize(4);
	}

	@Test
	void workersThatHaveItemsHearOfTheirJobAsOftenAsTheyWant() {
		this.workers.renewalNanos = Duration.ofSeconds(3).toNanos();
		this.workers.with("a", 1).with("b", 1).with("idle", 1, Worker.State.AWAY);
		JobScheduler<Integer, String> job = this.fixture.scheduler(2);
		this.fixture.timer.advance(Duration.ofMillis(2_900));
		assertThat(this.workers.renewed).isEmpty();
		this.fixture.timer.advance(Duration.ofMillis(200));
		assertThat(this.workers.renewed).containsExactlyInAnyOrder("a", "b");
		this.workers.listed.remove("a");
		this.workers.of(this.workers.items("b").get(0)).succeed();
		this.fixture.timer.advance(Duration.ofSeconds(3));
		assertThat(this.workers.renewed).as("has an item, though it is not listed").hasSize(3).endsWith("a");
		job.cancel("enough");
		this.fixture.timer.advance(Duration.ofMinutes(1));
		assertThat(this.workers.renewed).hasSize(3);
	}

	@Test
	void coordinatorThatSleptReadsWhatHasComeFirst() {
		this.workers.with("a", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1);
		FakeWorkers.Run run = this.workers.of(0);
		this.fixture.timer.pass(Duration.ofHours(1));
		this.fixture.timer.advance(Duration.ZERO);
		assertThat(run.abandoned).isEmpty();
		run.succeed();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(this.fixture.consumed).containsExactly("a:0");
	}

	@Test
	void sleepOfTheCoordinatorIsNotTheFaultOfItsNodes() {
		this.workers.with("a", 1, Worker.State.AWAY);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1);
		this.fixture.consume(job);
		this.fixture.timer.pass(Duration.ofHours(1));
		this.fixture.timer.advance(Duration.ofSeconds(1));
		assertThat(job.failure()).isNull();
		this.fixture.timer.advance(Duration.ofMinutes(10));
		assertThat(job.failure()).isNotNull();
	}

	@Test
	void workersThatWantToHearNothingDoNot() {
		this.workers.with("a", 1);
		this.fixture.scheduler(2);
		this.fixture.timer.advance(Duration.ofMinutes(1));
		assertThat(this.workers.renewed).isEmpty();
	}

	@Test
	void attemptsKnowWhenTheyHaveToBeOver() {
		this.workers.with("a", 1);
		long now = this.fixture.timer.nanoTime();
		this.fixture.scheduler(1);
		assertThat(this.workers.of(0).deadlineNanos).isEqualTo(now + Duration.ofMinutes(10).toNanos());
	}

	@Test
	void stragglerIsCopiedOnceAndTheFirstResultCounts() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		int slow = this.workers.items("b").get(0);
		completeAllOf("a", job);
		this.fixture.timer.advance(Duration.ofSeconds(1));
		FakeWorkers.Run original = this.workers.of(slow, "b");
		FakeWorkers.Run copy = this.workers.of(slow, "a");
		this.fixture.timer.advance(Duration.ofSeconds(10));
		assertThat(this.workers.begunTimes(slow)).isEqualTo(2);
		copy.succeed();
		assertThat(original.abandoned).isEqualTo("another attempt had its result");
		original.listener.succeeded("late");
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(new HashSet<>(this.fixture.consumed)).hasSize(40).doesNotContain("late");
		assertThat(job.progress().speculated()).isOne();
		assertThat(job.progress().reassigned()).isZero();
	}

	@Test
	void originalMayWinAgainstItsCopy() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		int slow = this.workers.items("b").get(0);
		completeAllOf("a", job);
		this.fixture.timer.advance(Duration.ofSeconds(1));
		FakeWorkers.Run copy = this.workers.of(slow, "a");
		this.workers.of(slow, "b").succeed();
		assertThat(copy.abandoned).isNotEmpty();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(this.fixture.consumed).hasSize(40);
	}

	@Test
	void failureOfOneOfTwoLeavesTheOtherToGoOn() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		int slow = this.workers.items("b").get(0);
		completeAllOf("a", job);
		this.fixture.timer.advance(Duration.ofSeconds(1));
		this.workers.of(slow, "b").fail(RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		assertThat(this.workers.items("a")).containsExactly(slow);
		assertThat(this.workers.running).hasSize(1);
		this.workers.of(slow, "a").succeed();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(this.fixture.consumed).hasSize(40);
	}

	@Test
	void whatIsNotIdempotentIsNotCopied() {
		this.workers.with("a", 1).with("b", 1).doing((run) -> run.mayRunTwice = false);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		completeAllOf("a", job);
		this.fixture.timer.advance(Duration.ofMinutes(1));
		assertThat(this.workers.running).hasSize(1);
	}

	/**
	 * Has worker b take so long with its first item that worker a gets a copy.
	 */
	private int copiedItem(JobScheduler<Integer, String> job) {
		int slow = this.workers.items("b").get(0);
		completeAllOf("a", job);
		this.fixture.timer.advance(Duration.ofSeconds(1));
		assertThat(this.workers.items("a")).containsExactly(slow);
		return slow;
	}

	@Test
	void originalThatDoesWhatMayBeDoneOnceGoesOnAlone() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		int slow = copiedItem(job);
		FakeWorkers.Run original = this.workers.of(slow, "b");
		FakeWorkers.Run copy = this.workers.of(slow, "a");
		assertThat(original.listener.claim()).isTrue();
		assertThat(copy.abandoned).isNotEmpty();
		assertThat(copy.listener.claim()).isFalse();
		copy.listener.succeeded("the copy's");
		assertThat(original.listener.claim()).isTrue();
		this.fixture.timer.advance(Duration.ofSeconds(10));
		assertThat(this.workers.running).containsExactly(original);
		original.succeed();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(this.fixture.consumed).hasSize(40).doesNotContain("the copy's");
		assertThat(job.progress().late()).isOne();
	}

	@Test
	void copyThatDoesWhatMayBeDoneOnceGoesOnAlone() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		int slow = copiedItem(job);
		FakeWorkers.Run original = this.workers.of(slow, "b");
		FakeWorkers.Run copy = this.workers.of(slow, "a");
		assertThat(copy.listener.claim()).isTrue();
		assertThat(original.abandoned).isNotEmpty();
		assertThat(original.listener.claim()).isFalse();
		copy.succeed();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(this.fixture.consumed).hasSize(40).endsWith("a:" + slow);
	}

	@Test
	void itemWhoseAttemptFailsAfterItHasGoneOnAloneRunsAgain() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		int slow = copiedItem(job);
		assertThat(this.workers.of(slow, "b").listener.claim()).isTrue();
		this.workers.of(slow, "b").fail(RpcCode.UNAVAILABLE, Known.NOT_RUN);
		FakeWorkers.Run again = this.workers.of(slow, "a");
		assertThat(again.listener.claim()).isTrue();
		again.succeed();
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(this.fixture.consumed).hasSize(40);
	}

	@Test
	void copyThatIsJustBeingBegunIsGivenUpToo() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		int slow = this.workers.items("b").get(0);
		FakeWorkers.Run original = this.workers.of(slow, "b");
		List<Boolean> claims = new ArrayList<>();
		this.workers.doing((run) -> {
			if (run.item == slow) {
				claims.add(original.listener.claim());
				claims.add(run.listener.claim());
			}
		});
		completeAllOf("a", job);
		this.fixture.timer.advance(Duration.ofSeconds(1));
		assertThat(claims).containsExactly(true, false);
		assertThat(this.workers.running).containsExactly(original);
		assertThat(this.workers.begun.get(40).abandoned).isNotEmpty();
	}

	@Test
	void copyThatWaitsForRoomIsNotBegunWhenTheOriginalDoesWhatMayBeDoneOnce() {
		this.workers.with("a", 1).with("b", 1);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		int slow = this.workers.items("b").get(0);
		for (int i = 0; i < 39; i++) {
			this.fixture.consume(job);
			this.workers.of(this.workers.items("a").get(0), "a").succeed();
		}
		this.fixture.consume(job);
		this.workers.with("a", 1, Worker.State.AWAY);
		this.fixture.timer.advance(TICK);
		FakeWorkers.Run original = this.workers.of(slow, "b");
		original.mayRunTwice = false;
		assertThat(original.listener.claim()).isTrue();
		this.workers.with("a", 1);
		this.fixture.timer.advance(Duration.ofSeconds(1));
		assertThat(this.workers.running).containsExactly(original);
		assertThat(job.progress().speculated()).isZero();
	}

	@Test
	void itemsWithoutACopyDoWhatTheyLike() {
		this.workers.with("a", 1);
		this.fixture.scheduler(2);
		assertThat(this.workers.of(0).listener.claim()).isTrue();
		assertThat(this.workers.of(0).abandoned).isEmpty();
	}

	@Test
	void atMostATenthIsCopied() {
		this.workers.with("a", 1).with("b", 8);
		JobScheduler<Integer, String> job = this.fixture.scheduler(40);
		completeAllOf("a", job);
		for (int i = 0; i < 20; i++) {
			this.fixture.timer.advance(Duration.ofSeconds(1));
			this.workers.running.stream()
				.filter((run) -> run.worker.equals("a"))
				.findFirst()
				.ifPresent(FakeWorkers.Run::succeed);
		}
		assertThat(job.progress().speculated()).isEqualTo(4);
	}

	@Test
	void resultsComeInTheOrderOfTheItemsIfWanted() {
		this.workers.with("a", 4);
		JobScheduler<Integer, String> job = this.fixture.scheduler(4, JobFixture.ordered());
		this.workers.of(2).succeed();
		this.workers.of(1).fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN);
		this.workers.of(3).succeed();
		assertThat(this.fixture.consume(job).results()).isEmpty();
		this.workers.of(0).succeed();
		this.fixture.consume(job);
		assertThat(this.fixture.consumed).containsExactly("a:0", "a:2", "a:3");
	}

	@Test
	void slowConsumerSlowsThePull() {
		this.workers.with("a", 4).doing(FakeWorkers.Run::succeed);
		JobScheduler<Integer, String> job = this.fixture.scheduler(1_000_000);
		for (int i = 0; i < 100; i++) {
			this.fixture.timer.advance(TICK);
		}
		assertThat(this.fixture.pulled).isLessThan(10);
		this.fixture.consume(job);
		assertThat(this.fixture.pulled).isLessThan(200);
	}

	@Test
	void sourceThatFailsEndsTheJob() {
		this.workers.with("a", 1);
		JobScheduler<Integer, String> job = new JobScheduler<>(JobFixture.options(),
				ItemSource.of(IntStream.range(0, 10).map((number) -> 5 / (3 - number)).boxed()), this.workers,
				this.fixture.context, () -> this.fixture.ended++);
		JobFixture.begin(job);
		for (int i = 0; i < 4 && !this.workers.running.isEmpty(); i++) {
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
		}
		assertThat(job.failure()).isInstanceOf(ArithmeticException.class);
		assertThat(this.workers.running).isEmpty();
		assertThat(this.fixture.ended).isOne();
	}

	@Test
	void cancelReachesWhatRuns() {
		this.workers.with("a", 2);
		JobScheduler<Integer, String> job = this.fixture.scheduler(10);
		List<FakeWorkers.Run> running = List.copyOf(this.workers.running);
		job.cancel("enough");
		assertThat(running).allMatch((run) -> !run.abandoned.isEmpty());
		assertThat(job.progress().state()).isEqualTo(State.CANCELLED);
		assertThat(this.fixture.consume(job).last()).isTrue();
		assertThat(this.fixture.timer.scheduled()).isZero();
	}

	@Test
	void itemsThatCannotBeEndedKeepTheJobFromNothing() {
		this.workers.with("a", 2).doing((run) -> run.cannotBeAbandoned = true);
		JobScheduler<Integer, String> job = this.fixture.scheduler(10);
		List<FakeWorkers.Run> running = List.copyOf(this.workers.running);
		job.cancel("enough");
		assertThat(running).hasSize(2).allMatch((run) -> !run.abandoned.isEmpty());
		assertThat(this.fixture.ended).isOne();
		assertThat(this.fixture.consume(job).last()).isTrue();
	}

	@Test
	void itemThatEndsAtOnceAndCannotBeEndedKeepsNobodyFromWorking() {
		this.workers.with("a", 1).doing((run) -> {
			run.cannotBeAbandoned = true;
			run.succeed();
		});
		JobScheduler<Integer, String> job = this.fixture.scheduler(3);
		while (!this.fixture.consume(job).last()) {
			assertThat(this.workers.begun).hasSizeLessThan(4);
		}
		assertThat(this.fixture.consumed).containsExactly("a:0", "a:1", "a:2");
	}

	@Test
	void jobThatNobodyTakesItemsOfFails() {
		JobScheduler<Integer, String> job = this.fixture.scheduler(10);
		this.fixture.consume(job);
		this.fixture.timer.advance(Duration.ofMinutes(9));
		assertThat(job.failure()).isNull();
		this.workers.with("a", 1, Worker.State.AWAY);
		this.fixture.timer.advance(Duration.ofMinutes(2));
		assertThat(job.failure()).isInstanceOfSatisfying(RpcException.class, (ex) -> {
			assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE);
			assertThat(ex).hasMessageContaining("nobody has taken an item for 600 s");
		});
	}

	@Test
	void moreThanAThousandParkedItemsEndTheJob() {
		this.workers.with("a", 1).doing((run) -> run.fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN));
		JobScheduler<Integer, String> job = this.fixture.scheduler(100_000);
		for (int i = 0; i < 2_000 && !this.fixture.consume(job).last(); i++) {
			this.fixture.timer.advance(TICK);
		}
		assertThat(job.parked()).hasSize(1_001);
		assertThat(job.failure()).hasMessageContaining("more than 1000 items");
	}

	@Test
	void itemsThatEndAtOnceDoNotNest() {
		this.workers.with("a", 1).doing(FakeWorkers.Run::succeed);
		JobScheduler<Integer, String> job = this.fixture.scheduler(200_000);
		while (!this.fixture.consume(job).last()) {
			assertThat(job.failure()).isNull();
		}
		assertThat(this.fixture.consumed).hasSize(200_000);
	}

	@Test
	void timeLeftIsEstimatedWhenTheTotalIsKnown() {
		this.workers.with("a", 1);
		JobScheduler<Integer, String> job = new JobScheduler<>(JobFixture.options(),
				ItemSource.of(IntStream.range(0, 100).boxed().toList()), this.workers, this.fixture.context, () -> {
				});
		JobFixture.begin(job);
		for (int i = 0; i < 20; i++) {
			this.fixture.timer.advance(Duration.ofMillis(500));
			this.workers.running.get(0).succeed();
			this.fixture.consume(job);
		}
		JobProgress progress = job.progress();
		assertThat(progress.total()).hasValue(100);
		assertThat(progress.completed()).isEqualTo(20);
		assertThat(progress.rate()).isBetween(1.8, 2.2);
		assertThat(progress.timeLeft()).isBetween(Duration.ofSeconds(35), Duration.ofSeconds(45));
		assertThat(progress.toString()).startsWith("20 of 100 items (20 %), 1 running");
	}

	/**
	 * Has a worker do all that there is for the first time.
	 */
	private void completeAllOf(String worker, JobScheduler<Integer, String> job) {
		for (int i = 0; i < 1_000; i++) {
			this.fixture.timer.advance(Duration.ofMillis(10));
			this.fixture.consume(job);
			List<Integer> items = this.workers.items(worker);
			if (items.isEmpty() || this.workers.begunTimes(items.get(0)) > 1) {
				return;
			}
			this.workers.of(items.get(0), worker).succeed();
		}
		throw new AssertionError("no end");
	}

}
