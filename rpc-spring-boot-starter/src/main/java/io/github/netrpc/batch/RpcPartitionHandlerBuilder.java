package io.github.netrpc.batch;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.work.RpcJobBuilder;

/**
 * Chooses how partitions are run. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcPartitionHandlerBuilder {

	/** How many partitions are asked for if nothing else is said: Batch's own number. */
	public static final int DEFAULT_GRID_SIZE = 6;

	/** How long an attempt at a partition may take if nothing else is said. */
	public static final Duration DEFAULT_PARTITION_TIMEOUT = Duration.ofHours(1);

	private final JobRepository repository;

	private RpcCluster<PartitionService> cluster;

	private int gridSize = DEFAULT_GRID_SIZE;

	private Duration partitionTimeout = DEFAULT_PARTITION_TIMEOUT;

	private int attempts = RpcJobBuilder.DEFAULT_ATTEMPTS;

	private int window;

	private @Nullable Executor executor;

	private Clock clock = Clock.system(ZoneId.systemDefault());

	RpcPartitionHandlerBuilder(RpcChannel channel, JobRepository repository) {
		this.repository = Objects.requireNonNull(repository, "repository");
		this.cluster = channel.cluster(PartitionService.class);
	}

	/**
	 * How many partitions the partitioner is asked for, 6 if nothing else is said. A
	 * restart has as many as there were.
	 * @param gridSize 1 or more
	 * @return this
	 */
	public RpcPartitionHandlerBuilder gridSize(int gridSize) {
		this.gridSize = atLeast("gridSize", gridSize, 1);
		return this;
	}

	/**
	 * Takes only nodes that have all of some tags.
	 * @param tags words that nodes have in their metadata
	 * @return this
	 */
	public RpcPartitionHandlerBuilder tags(Collection<String> tags) {
		this.cluster = this.cluster.withTags(tags.toArray(String[]::new));
		return this;
	}

	/**
	 * How long an attempt at a partition may take, an hour if nothing else is said. Then
	 * its node is told to stop, and another one goes on where it was. Also how long a
	 * step waits for a node to be there. Nodes that die or freeze are found much sooner.
	 * @param timeout more than 0
	 * @return this
	 */
	public RpcPartitionHandlerBuilder partitionTimeout(Duration timeout) {
		if (timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("partitionTimeout: " + timeout + " (expected: more than 0)");
		}
		this.partitionTimeout = timeout;
		return this;
	}

	/**
	 * How often a partition may be lost with its node before it has failed, 3 if nothing
	 * else is said. That a node has no room, cannot be reached or is being stopped does
	 * not count.
	 * @param attempts 1 or more
	 * @return this
	 */
	public RpcPartitionHandlerBuilder attempts(int attempts) {
		this.attempts = atLeast("attempts", attempts, 1);
		return this;
	}

	/**
	 * How many partitions each node has at a time. If nothing is said, as many as its
	 * processors by two (those of this machine if it does not say how many it has) and no
	 * more than the capacity that it advertises; then more, up to that capacity, if there
	 * are many more.
	 * @param partitions 1 or more; 0 for what holds if nothing is said
	 * @return this
	 */
	public RpcPartitionHandlerBuilder window(int partitions) {
		this.window = atLeast("window", partitions, 0);
		return this;
	}

	/**
	 * Where the job repository is asked about partitions that were lost. If nothing is
	 * said, each such question has a thread.
	 * @param executor the executor, which stays the caller's to close
	 * @return this
	 */
	public RpcPartitionHandlerBuilder executor(Executor executor) {
		this.executor = Objects.requireNonNull(executor, "executor");
		return this;
	}

	RpcPartitionHandlerBuilder clock(Clock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Makes the handler.
	 * @return a new handler
	 */
	public RpcPartitionHandler build() {
		return new RpcPartitionHandler(new Settings(this.gridSize, this.partitionTimeout, this.attempts, this.window),
				this.cluster, new PartitionRepository(this.repository, this.clock),
				(this.executor != null) ? this.executor : PartitionThreads.each("rpc-batch-coordinator-"));
	}

	private static int atLeast(String what, int value, int least) {
		if (value < least) {
			throw new IllegalArgumentException(what + ": " + value + " (expected: " + least + " or more)");
		}
		return value;
	}

	/**
	 * What was chosen.
	 *
	 * @param gridSize partitions to ask for
	 * @param partitionTimeout time of an attempt
	 * @param attempts of each partition
	 * @param window partitions of each node, or 0
	 */
	record Settings(int gridSize, Duration partitionTimeout, int attempts, int window) {

	}

}
