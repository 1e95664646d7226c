package io.github.netrpc.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a worker makes of a request. How it gets on with real steps and databases is
 * tested elsewhere.
 */
class RpcPartitionWorkerTests {

	private final StoredPartition repository = new StoredPartition();

	private final List<StepExecution> executed = new ArrayList<>();

	private Consumer<StepExecution> work = (execution) -> execution.setStatus(BatchStatus.COMPLETED);

	private final Deque<Runnable> tasks = new ArrayDeque<>();

	private final RpcPartitionWorker worker = new RpcPartitionWorker(this.repository, List.of(step("importFile")),
			this.tasks::add);

	@BeforeEach
	void start() {
		this.worker.start();
	}

	@Test
	void runsThePartitionAtItsVersion() {
		assertThat(run(request(3)).join()).isEqualTo(new PartitionResult("COMPLETED"));
		assertThat(this.executed).singleElement().satisfies((execution) -> assertThat(execution.getId()).isEqualTo(17));
		// It is taken before it is run, so nobody else can take it at that version.
		assertThat(this.repository.version).isEqualTo(4);
	}

	@Test
	void requestThatComesLateOrTwiceRunsNothing() {
		run(request(3)).join();
		assertThat(failure(run(request(3))).code()).isEqualTo(RpcCode.ABORTED);
		assertThat(failure(run(request(2)))).hasMessageContaining("no longer at version 2");
		assertThat(this.executed).hasSize(1);
	}

	@Test
	void requestThatLosesTheRaceRunsNothing() {
		CompletableFuture<PartitionResult> result = this.worker.run(request(3)).toCompletableFuture();
		this.repository.beforeUpdate = () -> this.repository.version++;
		this.tasks.remove().run();
		assertThat(failure(result).code()).isEqualTo(RpcCode.ABORTED);
		assertThat(this.executed).isEmpty();
	}

	@Test
	void partitionThatHasEndedIsAnsweredAndNotRun() {
		for (BatchStatus ended : List.of(BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.ABANDONED)) {
			this.repository.status = ended;
			assertThat(run(request(3)).join().status()).isEqualTo(ended.name());
		}
		assertThat(this.executed).isEmpty();
	}

	@Test
	void repositoryOfSomebodyElseIsNoticed() {
		for (PartitionRequest other : List.of(new PartitionRequest("importFile", "importFile:2", 18, 4, "nightly", 3),
				new PartitionRequest("importFile", "importFile:3", 17, 4, "nightly", 3),
				new PartitionRequest("importFile", "importFile:2", 17, 5, "nightly", 3),
				new PartitionRequest("importFile", "importFile:2", 17, 4, "weekly", 3))) {
			RpcException failure = failure(run(other));
			assertThat(failure.code()).isEqualTo(RpcCode.FAILED_PRECONDITION);
			assertThat(failure).hasMessageContaining(other.partition())
				.hasMessageContaining("has to be that of the coordinator");
		}
		assertThat(this.executed).isEmpty();
	}

	@Test
	void unknownStepIsNamedBesideThoseThatThereAre() {
		assertThat(failure(run(new PartitionRequest("export", "export:2", 17, 4, "nightly", 3))))
			.hasMessage("step export: not on this node (its steps: importFile)");
	}

	@Test
	void stepsOfOneNameAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RpcPartitionWorker(this.repository, List.of(step("one"), step("one"))))
			.withMessageContaining("two steps are named \"one\"");
	}

	@Test
	void stoppingNodeEndsItsPartitionsAndTakesNoMore() {
		this.work = (execution) -> {
			this.worker.stop();
			execution.setStatus(execution.isTerminateOnly() ? BatchStatus.STOPPED : BatchStatus.COMPLETED);
		};
		RpcException failure = failure(run(request(3)));
		assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> this.worker.run(request(4)))
			.satisfies((refused) -> assertThat(refused.known()).isEqualTo(Known.NOT_RUN));
	}

	@Test
	void partitionThatIsStoppedBeforeItBeginsKnowsItFromTheStart() {
		CompletableFuture<PartitionResult> result = this.worker.run(request(3)).toCompletableFuture();
		this.worker.stop();
		List<Boolean> told = new ArrayList<>();
		this.work = (execution) -> {
			told.add(execution.isTerminateOnly());
			execution.setStatus(BatchStatus.STOPPED);
		};
		this.tasks.remove().run();
		assertThat(told).containsExactly(true);
		assertThat(failure(result).code()).isEqualTo(RpcCode.UNAVAILABLE);
	}

	@Test
	void stoppedJobIsNoFailureOfTheNode() {
		this.work = (execution) -> {
			execution.getJobExecution().setStatus(BatchStatus.STOPPING);
			execution.setStatus(BatchStatus.STOPPED);
		};
		assertThat(run(request(3)).join().status()).isEqualTo("STOPPED");
	}

	@Test
	void failedStepIsAResult() {
		this.work = (execution) -> execution.setStatus(BatchStatus.FAILED);
		assertThat(run(request(3)).join().status()).isEqualTo("FAILED");
	}

	@Test
	void endThatCouldNotBeSavedIsNoResult() {
		this.work = (execution) -> execution.setStatus(BatchStatus.UNKNOWN);
		assertThat(failure(run(request(3))).code()).isEqualTo(RpcCode.ABORTED);
	}

	private CompletableFuture<PartitionResult> run(PartitionRequest request) {
		CompletableFuture<PartitionResult> result = this.worker.run(request).toCompletableFuture();
		this.tasks.remove().run();
		return result;
	}

	private static PartitionRequest request(int version) {
		return new PartitionRequest("importFile", "importFile:2", 17, 4, "nightly", version);
	}

	private static RpcException failure(CompletableFuture<PartitionResult> result) {
		try {
			throw new AssertionError("expected a failure: " + result.join());
		}
		catch (CompletionException ex) {
			assertThat(ex).hasCauseInstanceOf(RpcException.class);
			return (RpcException) ex.getCause();
		}
	}

	private Step step(String name) {
		return new Step() {

			@Override
			public String getName() {
				return name;
			}

			@Override
			public void execute(StepExecution execution) {
				RpcPartitionWorkerTests.this.executed.add(execution);
				RpcPartitionWorkerTests.this.work.accept(execution);
			}

		};
	}

	/**
	 * Has one partition, whose version decides as in a database.
	 */
	private static final class StoredPartition extends ResourcelessJobRepository {

		private int version = 3;

		private BatchStatus status = BatchStatus.STARTING;

		private Runnable beforeUpdate = () -> {
		};

		@Override
		public StepExecution getStepExecution(long id) {
			if (id != 17) {
				throw new EmptyResultDataAccessException(1);
			}
			JobExecution job = new JobExecution(4, new JobInstance(2, "nightly"), new JobParameters());
			job.setStatus(BatchStatus.STARTED);
			StepExecution stored = new StepExecution(17, "importFile:2", job);
			stored.setVersion(this.version);
			stored.setStatus(this.status);
			return stored;
		}

		@Override
		public void update(StepExecution execution) {
			this.beforeUpdate.run();
			if (execution.getVersion() != this.version) {
				throw new OptimisticLockingFailureException("version " + this.version);
			}
			this.version++;
			execution.incrementVersion();
		}

	}

}
