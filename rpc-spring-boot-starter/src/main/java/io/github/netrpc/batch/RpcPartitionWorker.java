package io.github.netrpc.batch;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;

/**
 * Runs partitions for an {@link RpcPartitionHandler} elsewhere: a service that a node
 * offers beside its others. <pre class="code">
 * RpcServer.builder().service(new RpcPartitionWorker(repository, List.of(importStep)))
 * </pre> The request names a step and a step execution. The step execution is read from
 * the job repository, which has to be the coordinator's, and run only if it has not ended
 * and is at the version that the coordinator has given away: a request that comes late or
 * twice does nothing.
 * <p>
 * A partition ends after the chunk that it is at when its coordinator is gone, has given
 * it to another node, or this node is being stopped. Then another node goes on with it.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcPartitionWorker implements PartitionService, SmartLifecycle {

	/**
	 * Before the server waits for its calls to end, which partitions would not within its
	 * time.
	 */
	public static final int PHASE = DEFAULT_PHASE - 1023;

	private static final Logger logger = LoggerFactory.getLogger(RpcPartitionWorker.class);

	private final JobRepository repository;

	private final StepTable steps;

	private final Executor executor;

	private final Set<PartitionRun> running = ConcurrentHashMap.newKeySet();

	private volatile boolean stopping;

	private volatile boolean started;

	/**
	 * Creates a worker that gives each partition a thread.
	 * @param repository the job repository, which is the coordinator's, too
	 * @param steps the steps whose partitions may be run here
	 * @throws IllegalArgumentException if two steps have the same name
	 */
	public RpcPartitionWorker(JobRepository repository, Collection<? extends Step> steps) {
		this(repository, steps, PartitionThreads.each("rpc-batch-"));
	}

	/**
	 * Creates a worker.
	 * @param repository the job repository, which is the coordinator's, too
	 * @param steps the steps whose partitions may be run here
	 * @param executor runs partitions; stays the caller's to close
	 * @throws IllegalArgumentException if two steps have the same name
	 */
	public RpcPartitionWorker(JobRepository repository, Collection<? extends Step> steps, Executor executor) {
		this.repository = repository;
		this.steps = StepTable.of(steps);
		this.executor = executor;
	}

	@Override
	public CompletionStage<PartitionResult> run(PartitionRequest request) {
		PartitionRun run = new PartitionRun(request);
		this.running.add(run);
		if (this.stopping) {
			this.running.remove(run);
			throw stopping(request, "it is being stopped");
		}
		RpcContext context = RpcContext.current();
		if (context != null) {
			context.onCancelled(() -> {
				logger.info("{} ends after the chunk that it is at: its coordinator is gone or has given it up",
						request);
				run.stop("its coordinator has given it up");
			});
		}
		CompletableFuture<PartitionResult> result = new CompletableFuture<>();
		try {
			this.executor.execute(() -> complete(run, result));
		}
		catch (RuntimeException ex) {
			this.running.remove(run);
			throw ex;
		}
		return result;
	}

	private void complete(PartitionRun run, CompletableFuture<PartitionResult> result) {
		try {
			result.complete(run(run));
		}
		catch (Throwable ex) {
			result.completeExceptionally(ex);
		}
		finally {
			this.running.remove(run);
		}
	}

	private PartitionResult run(PartitionRun run) throws Exception {
		PartitionRequest request = run.request();
		Step step = this.steps.get(request.step());
		StepExecution stored = load(request);
		if (!stored.getStatus().isRunning()) {
			return PartitionResult.of(stored.getStatus());
		}
		StepExecution execution = claim(request, stored);
		run.begin(step, execution);
		try {
			step.execute(execution);
		}
		catch (OptimisticLockingFailureException ex) {
			throw lost(request, ex);
		}
		catch (JobInterruptedException ex) {
			execution.upgradeStatus(BatchStatus.STOPPED);
		}
		finally {
			run.end();
		}
		BatchStatus status = execution.getStatus();
		if (status == BatchStatus.UNKNOWN) {
			throw new RpcException(RpcCode.ABORTED, request
					+ ": how it ended could not be saved; another node has it, or the job repository cannot be reached");
		}
		String stopped = run.stopped();
		if (status == BatchStatus.STOPPED && stopped != null && !StepExecutions.jobEnds(execution)) {
			throw stopping(request, stopped);
		}
		return PartitionResult.of(status);
	}

	private StepExecution load(PartitionRequest request) {
		StepExecution stored = find(request.stepExecutionId());
		if (stored == null || !request.isOf(stored)) {
			throw new RpcException(RpcCode.FAILED_PRECONDITION,
					request + ": not in this node's job repository, which has to be that of the coordinator");
		}
		return stored;
	}

	private @Nullable StepExecution find(long id) {
		try {
			return this.repository.getStepExecution(id);
		}
		catch (EmptyResultDataAccessException ex) {
			return null;
		}
	}

	/**
	 * Makes the partition this node's own, at the version that it was given.
	 */
	private StepExecution claim(PartitionRequest request, StepExecution stored) {
		Integer version = stored.getVersion();
		if (version == null || version != request.version()) {
			throw lost(request, null);
		}
		StepExecution execution = new ClaimedStepExecution(stored);
		execution.setStatus(BatchStatus.STARTED);
		try {
			this.repository.update(execution);
		}
		catch (OptimisticLockingFailureException ex) {
			throw lost(request, ex);
		}
		return execution;
	}

	private static RpcException lost(PartitionRequest request, @Nullable Throwable cause) {
		return new RpcException(RpcCode.ABORTED, Known.RAN_AND_FAILED,
				request + ": it is no longer at version " + request.version() + ", another node has it", cause);
	}

	// What was committed stays, and the rest did not run: nothing speaks against another
	// attempt.
	private static RpcException stopping(PartitionRequest request, String why) {
		return new RpcException(RpcCode.UNAVAILABLE, Known.NOT_RUN, request + ": this node has stopped it, " + why,
				null);
	}

	// Lifecycle

	@Override
	public void start() {
		this.stopping = false;
		this.started = true;
	}

	/**
	 * Has all partitions end after the chunk that they are at. Does not wait for that:
	 * they are calls, which the server waits for.
	 */
	@Override
	public void stop() {
		this.started = false;
		this.stopping = true;
		if (!this.running.isEmpty()) {
			logger.info("{} end after the chunk that they are at: this node is being stopped",
					this.running.stream().map((run) -> run.request().partition()).sorted().toList());
		}
		this.running.forEach((run) -> run.stop("it is being stopped"));
	}

	@Override
	public boolean isRunning() {
		return this.started;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
