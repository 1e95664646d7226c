package io.github.netrpc.batch;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.work.ParkedItem;
import io.github.netrpc.work.RpcJob;
import io.github.netrpc.work.RpcJobException;

/**
 * Runs the partitions of steps on the nodes of a channel, whose job repository is that of
 * the coordinator. <pre class="code">
 * &#064;Bean
 * Step imports(JobRepository repository, Partitioner files, RpcPartitionHandler nodes) {
 *     return new StepBuilder("imports", repository).partitioner("import", files).partitionHandler(nodes).build();
 * }
 * </pre> The step that does the work, {@code import} here, is a bean of the nodes, which
 * have an {@link RpcPartitionWorker}. One handler serves any number of steps. Idle nodes
 * get partitions; those of a node that dies, freezes or is stopped go to another one,
 * which goes on from the last chunk that was committed.
 * <p>
 * The version of a partition's step execution, which Batch raises with each commit, says
 * who has it. It is raised before each further attempt, so that nothing that a former
 * worker still does is committed, where what the step writes and the job repository share
 * a transaction. A partition whose step has failed is not tried again: Batch's own
 * retries and the restart of the job are for that. One that no node could run fails with
 * the reasons. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcPartitionHandler implements PartitionHandler {

	private static final Logger logger = LoggerFactory.getLogger(RpcPartitionHandler.class);

	/** What a job bears of items that have failed for good. */
	private static final int MOST_FAILED = 1_000;

	private static final Duration STOP_INTERVAL = Duration.ofSeconds(1);

	private final RpcPartitionHandlerBuilder.Settings settings;

	private final RpcCluster<PartitionService> cluster;

	private final PartitionRepository repository;

	private final Executor executor;

	RpcPartitionHandler(RpcPartitionHandlerBuilder.Settings settings, RpcCluster<PartitionService> cluster,
			PartitionRepository repository, Executor executor) {
		this.settings = settings;
		this.cluster = cluster;
		this.repository = repository;
		this.executor = executor;
	}

	/**
	 * Begins to make a handler.
	 * @param channel leads to the nodes
	 * @param repository the job repository, which the nodes share
	 * @return chooses the rest
	 */
	public static RpcPartitionHandlerBuilder builder(RpcChannel channel, JobRepository repository) {
		return new RpcPartitionHandlerBuilder(channel, repository);
	}

	/**
	 * Splits a step and has its partitions run.
	 * @return all partitions that were not done before, as they ended
	 * @throws RpcJobException if no node was there, or the channel was closed; the
	 * partitions that had not ended have failed then
	 * @throws JobInterruptedException if the thread was interrupted; the partitions that
	 * had not ended are stopped then
	 */
	@Override
	public Collection<StepExecution> handle(StepExecutionSplitter splitter, StepExecution manager) throws Exception {
		Collection<StepExecution> partitions = splitter.split(manager, this.settings.gridSize());
		if (partitions.isEmpty()) {
			return partitions;
		}
		String step = splitter.getStepName();
		List<Partition> items = partitions.stream()
			.sorted(Comparator.comparingLong(StepExecution::getId))
			.map((partition) -> new Partition(step, partition, this.repository, this.executor))
			.toList();
		RpcJob<PartitionResult> job = start(step, manager.getJobExecution(), items);
		this.executor.execute(() -> endIfStopped(job, manager.getId()));
		RpcJobException failure = null;
		try {
			job.drain();
		}
		catch (RpcJobException ex) {
			failure = ex;
		}
		// A connection that is used by an interrupted thread may be closed for it, or its
		// whole database.
		boolean interrupted = Thread.interrupted();
		JobExecution ended;
		try {
			ended = end(manager, partitions, job, failure, interrupted);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
		if (interrupted) {
			throw new JobInterruptedException(job + ": the thread of its coordinator was interrupted");
		}
		if (failure != null && !StepExecutions.isEnding(ended)) {
			throw failure;
		}
		return partitions;
	}

	// A second run of a straggler would take the partition away from the first one.
	private RpcJob<PartitionResult> start(String step, JobExecution execution, List<Partition> items) {
		var job = this.cluster.distributeAsync(items, (node, partition) -> partition.runOn(node))
			.name(step)
			.label("job", execution.getJobInstance().getJobName())
			.label("jobExecution", String.valueOf(execution.getId()))
			.speculate(false)
			.attempts(this.settings.attempts())
			.itemTimeout(this.settings.partitionTimeout())
			.allowParked(Math.min(items.size(), MOST_FAILED));
		if (this.settings.window() > 0) {
			job.window(this.settings.window());
		}
		return job.start();
	}

	/**
	 * Ends the waiting for nodes when somebody stops the job. Nodes find that out by
	 * themselves.
	 */
	private void endIfStopped(RpcJob<PartitionResult> job, long manager) {
		try {
			while (!job.await(STOP_INTERVAL)) {
				if (job.progress().running() == 0 && this.repository.isJobEnding(manager)) {
					job.cancel();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			logger.warn("{}: whether it is to be stopped cannot be found out", job, ex);
		}
	}

	/**
	 * Has the partitions say what the job repository says, once it says of each how it
	 * ended.
	 * @return the job execution as it is now
	 */
	private JobExecution end(StepExecution manager, Collection<StepExecution> partitions, RpcJob<PartitionResult> job,
			@Nullable RpcJobException failure, boolean interrupted) {
		BatchStatus status = interrupted ? BatchStatus.STOPPED : BatchStatus.FAILED;
		String usual = (failure != null) ? failure.getMessage() : job + ": it was not run";
		Map<Long, String> reasons = new HashMap<>();
		for (ParkedItem parked : job.parked()) {
			if (parked.item() instanceof Partition partition) {
				String reason = reason(parked);
				reasons.put(partition.id(), reason);
				logger.warn("Partition {} of job {} could not be run: {}", partition,
						manager.getJobExecution().getJobInstance().getJobName(), reason);
			}
		}
		JobExecution execution = this.repository.job(manager.getJobExecutionId());
		Map<Long, StepExecution> stored = execution.getStepExecutions()
			.stream()
			.collect(Collectors.toMap(StepExecution::getId, Function.identity()));
		for (StepExecution partition : partitions) {
			StepExecution now = stored.get(partition.getId());
			if (now == null || StepExecutions.isUnfinished(now)) {
				now = this.repository.end(partition.getId(), status, reasons.getOrDefault(partition.getId(), usual));
			}
			StepExecutions.copy(now, partition);
		}
		return execution;
	}

	private static String reason(ParkedItem parked) {
		return parked.failures()
			.stream()
			.map((failure) -> failure + ": " + failure.message())
			.collect(Collectors.joining("; "));
	}

	@Override
	public String toString() {
		return "partitions over " + this.cluster;
	}

}
