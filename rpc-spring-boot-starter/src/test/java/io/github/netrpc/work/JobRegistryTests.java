package io.github.netrpc.work;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is known of jobs, and for how long.
 */
class JobRegistryTests {

	private final JobFixture fixture = new JobFixture();

	private final JobRegistry jobs = this.fixture.jobs;

	private RpcJob<String> begin(String name) {
		return this.fixture.job(3).name(name).label("team", "blue").allowParked(3).start();
	}

	@Test
	void jobThatHasEndedIsNotHeldButWhatBecameOfItIsKnown() {
		this.fixture.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		RpcJob<String> job = begin("sum");
		assertThat(this.jobs.jobs()).containsExactly(job);
		assertThat(this.jobs.snapshots()).singleElement()
			.satisfies((snapshot) -> assertThat(snapshot.progress().state()).isEqualTo(JobProgress.State.RUNNING));
		job.drain();
		assertThat(this.jobs.jobs()).isEmpty();
		assertThat(this.jobs.snapshots()).singleElement().satisfies((snapshot) -> {
			assertThat(snapshot.id()).isEqualTo("job-1");
			assertThat(snapshot.name()).isEqualTo("sum");
			assertThat(snapshot.labels()).containsEntry("team", "blue");
			assertThat(snapshot.progress()).isEqualTo(job.progress());
			assertThat(snapshot.progress().completed()).isEqualTo(3);
		});
	}

	@Test
	void lastTwentyThatHaveEndedAreShownTheNewestFirst() {
		this.fixture.workers.with("a", 2).doing(FakeWorkers.Run::succeed);
		for (int i = 0; i < 30; i++) {
			begin("job " + i).drain();
		}
		assertThat(this.jobs.snapshots()).extracting(JobSnapshot::name).hasSize(20).startsWith("job 29", "job 28");
	}

	@Test
	void totalsAddUpAllJobsOfAName() {
		this.fixture.workers.with("a", 3).doing((run) -> {
			if (run.item == 1) {
				run.fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN);
			}
			else {
				run.succeed();
			}
		});
		begin("sum").drain();
		begin("sum").drain();
		begin("other sum").drain();
		this.fixture.workers.doing((run) -> {
		});
		RpcJob<String> open = begin("sum");
		assertThat(this.jobs.totals("sum")).isEqualTo(new JobTotals(1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 2));
		open.cancel();
		assertThat(this.jobs.totals("sum")).isEqualTo(new JobTotals(0, 2, 0, 1, 0, 4, 0, 0, 0, 0, 2));
		assertThat(this.jobs.totals("nobody's")).isEqualTo(JobTotals.NONE);
	}

	@Test
	void answersAfterTheEndAreCountedOnce() {
		this.fixture.workers.with("a", 3);
		RpcJob<String> job = begin("sum");
		List<FakeWorkers.Run> runs = List.copyOf(this.fixture.workers.running);
		assertThat(runs).hasSize(3);
		job.cancel();
		assertThat(this.jobs.totals("sum").late()).isZero();
		runs.get(0).listener.succeeded("too late");
		assertThat(this.jobs.totals("sum").late()).isOne();
		runs.get(1).listener.late();
		assertThat(this.jobs.totals("sum").late()).isEqualTo(2);
		assertThat(job.progress().late()).isEqualTo(2);
	}

	@Test
	void namesAreToldOnceAndThereIsABoundOfThem() {
		this.fixture.workers.with("a", 3).doing(FakeWorkers.Run::succeed);
		begin("name 0").drain();
		List<String> told = new ArrayList<>();
		this.jobs.onName(told::add);
		for (int i = 0; i < 150; i++) {
			begin("name " + i).drain();
		}
		assertThat(told).hasSize(101).doesNotHaveDuplicates().startsWith("name 0", "name 1").endsWith("other");
		assertThat(this.jobs.totals("other").succeeded()).isEqualTo(50);
		assertThat(this.jobs.totals("name 0").succeeded()).isEqualTo(2);
	}

	@Test
	void listenerThatFailsKeepsNoJobFromRunning() {
		this.fixture.workers.with("a", 3).doing(FakeWorkers.Run::succeed);
		this.jobs.onName((name) -> {
			throw new IllegalStateException("no meters");
		});
		assertThat(begin("sum").drain().completed()).isEqualTo(3);
	}

}
