package io.github.netrpc.work;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Chooses how a job is run, and begins it. Not thread-safe, and used once.
 *
 * @param <I> the type of the items
 * @param <R> the type of the results
 * @since 0.1.0
 */
public final class RpcJobBuilder<I extends @Nullable Object, R extends @Nullable Object> {

	/** How often an item may fail if nothing else is said. */
	public static final int DEFAULT_ATTEMPTS = 3;

	/** How long an attempt may take if nothing else is said. */
	public static final Duration DEFAULT_ITEM_TIMEOUT = Duration.ofMinutes(10);

	private final ItemSource<I> source;

	private final WorkerPool<I, R> pool;

	private final JobContext context;

	private final Map<String, String> labels = new TreeMap<>();

	private String name;

	private int attempts = DEFAULT_ATTEMPTS;

	private boolean speculate = true;

	private Duration itemTimeout = DEFAULT_ITEM_TIMEOUT;

	private int window;

	private boolean ordered;

	private int allowParked;

	private boolean started;

	/**
	 * Begins to choose.
	 * @param name what the job is called if nothing else is said
	 * @param source the items
	 * @param pool where they run
	 * @param context what the job needs beside it
	 */
	public RpcJobBuilder(String name, ItemSource<I> source, WorkerPool<I, R> pool, JobContext context) {
		this.name = name;
		this.source = source;
		this.pool = pool;
		this.context = context;
	}

	/**
	 * What the job is called in logs and metrics, where it is a tag value: one of a few.
	 * @param name the name, not empty
	 * @return this
	 */
	public RpcJobBuilder<I, R> name(String name) {
		if (name.isBlank()) {
			throw new IllegalArgumentException("name: \"" + name + "\" (expected: a word)");
		}
		this.name = name;
		return this;
	}

	/**
	 * Adds what else is to be known of the job, shown beside its progress.
	 * @param key what it is
	 * @param value its value
	 * @return this
	 */
	public RpcJobBuilder<I, R> label(String key, String value) {
		this.labels.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
		return this;
	}

	/**
	 * How often an item may fail before it is parked, 3 if nothing else is said. That a
	 * node had no room for it, or could not be reached, is no failure.
	 * @param attempts 1 or more
	 * @return this
	 */
	public RpcJobBuilder<I, R> attempts(int attempts) {
		this.attempts = positive("attempts", attempts);
		return this;
	}

	/**
	 * Whether items that take more than twice the median near the end are run a second
	 * time at another node: yes, if nothing else is said, where every method that the
	 * lambda has called is idempotent.
	 * @param speculate whether they are
	 * @return this
	 */
	public RpcJobBuilder<I, R> speculate(boolean speculate) {
		this.speculate = speculate;
		return this;
	}

	/**
	 * How long an attempt at an item may take, 10 minutes if nothing else is said. Its
	 * calls may take as long. Nodes that die or freeze are found much sooner.
	 * @param timeout more than 0
	 * @return this
	 */
	public RpcJobBuilder<I, R> itemTimeout(Duration timeout) {
		if (timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("itemTimeout: " + timeout + " (expected: more than 0)");
		}
		this.itemTimeout = timeout;
		return this;
	}

	/**
	 * How many items each node has at a time, from the beginning. If nothing is said, as
	 * many as its processors by two (those of this machine if it does not say how many it
	 * has) and no more than the capacity that it advertises; then twice as many whenever
	 * it has answered so many, up to that capacity, while nothing is refused and twice as
	 * much is left as all nodes may have.
	 * @param items 1 or more
	 * @return this
	 */
	public RpcJobBuilder<I, R> window(int items) {
		this.window = positive("window", items);
		return this;
	}

	/**
	 * Has the results come in the order of their items, and not as they arrive. An item
	 * that takes long holds up those behind it.
	 * @return this
	 */
	public RpcJobBuilder<I, R> ordered() {
		this.ordered = true;
		return this;
	}

	/**
	 * How many items may fail for good and the job still succeed, none if nothing is
	 * said.
	 * @param items 0 to 1,000
	 * @return this
	 */
	public RpcJobBuilder<I, R> allowParked(int items) {
		if (items < 0 || items > JobScheduler.MOST_PARKED) {
			throw new IllegalArgumentException(
					"allowParked: " + items + " (expected: 0 to " + JobScheduler.MOST_PARKED + ")");
		}
		this.allowParked = items;
		return this;
	}

	private static int positive(String what, int value) {
		if (value < 1) {
			throw new IllegalArgumentException(what + ": " + value + " (expected: 1 or more)");
		}
		return value;
	}

	/**
	 * Begins the job: each node gets what it has room for.
	 * @return the job, to be consumed by one terminal operation
	 * @throws IllegalStateException if it has begun before
	 */
	public RpcJob<R> start() {
		if (this.started) {
			throw new IllegalStateException("job " + this.name + ": started twice");
		}
		this.started = true;
		JobOptions options = new JobOptions(this.name, Map.copyOf(this.labels), this.attempts, this.speculate,
				nanos(this.itemTimeout), this.window, this.ordered, this.allowParked);
		return RpcJob.start(options, this.source, this.pool, this.context);
	}

	private static long nanos(Duration duration) {
		try {
			return Math.min(duration.toNanos(), Long.MAX_VALUE / 4);
		}
		catch (ArithmeticException ex) {
			return Long.MAX_VALUE / 4;
		}
	}

}
