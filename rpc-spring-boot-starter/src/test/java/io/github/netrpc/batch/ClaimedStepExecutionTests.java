package io.github.netrpc.batch;

import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.dao.OptimisticLockingFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ClaimedStepExecutionTests {

	@Test
	void saysWhatIsStored() {
		StepExecution stored = stored(3);
		stored.setStatus(BatchStatus.STARTED);
		stored.setExitStatus(ExitStatus.EXECUTING);
		stored.setReadCount(1);
		stored.setWriteCount(2);
		stored.setFilterCount(3);
		stored.setCommitCount(4);
		stored.setRollbackCount(5);
		stored.setReadSkipCount(6);
		stored.setProcessSkipCount(7);
		stored.setWriteSkipCount(8);
		ExecutionContext context = new ExecutionContext();
		context.putInt("next", 12);
		stored.setExecutionContext(context);
		assertThat(new ClaimedStepExecution(stored)).usingRecursiveComparison().isEqualTo(stored);
	}

	@Test
	void versionThatSomebodyElseHasRaisedIsRefused() {
		StepExecution claimed = new ClaimedStepExecution(stored(3));
		assertThatExceptionOfType(OptimisticLockingFailureException.class).isThrownBy(() -> claimed.setVersion(5))
			.withMessageContaining("step execution 17 (importFile:2)")
			.withMessageContaining("version 5 (expected: 3)");
		assertThat(claimed.getVersion()).isEqualTo(3);
	}

	@Test
	void versionFollowsItsOwnCommitsAndRollbacks() {
		StepExecution claimed = new ClaimedStepExecution(stored(3));
		claimed.incrementVersion();
		claimed.setVersion(4);
		claimed.setVersion(3);
		assertThat(claimed.getVersion()).isEqualTo(3);
	}

	private static StepExecution stored(int version) {
		JobExecution job = new JobExecution(4, new JobInstance(2, "nightly"), new JobParameters());
		StepExecution stored = new StepExecution(17, "importFile:2", job);
		stored.setVersion(version);
		return stored;
	}

}
