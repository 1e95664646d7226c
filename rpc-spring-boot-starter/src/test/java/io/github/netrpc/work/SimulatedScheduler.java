package io.github.netrpc.work;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.test.util.ReflectionTestUtils;

/**
 * A job for a simulation, in which nobody can wait for results: whoever consumes them
 * comes now and then, and takes what there is.
 *
 * @param <I> the type of the items
 * @param <R> the type of the results
 */
public final class SimulatedScheduler<I, R> {

	private final JobScheduler<I, R> scheduler;

	private int ends;

	/**
	 * Creates a job that has not begun.
	 * @param builder knows the items, and where they run
	 * @param window how many items each worker has at a time
	 */
	public SimulatedScheduler(RpcJobBuilder<I, R> builder, int window, boolean speculate, boolean ordered,
			Duration itemTimeout) {
		JobOptions options = new JobOptions("simulated", Map.of(), RpcJobBuilder.DEFAULT_ATTEMPTS, speculate,
				itemTimeout.toNanos(), window, ordered, JobScheduler.MOST_PARKED);
		this.scheduler = new JobScheduler<>(options, of(builder, "source"), of(builder, "pool"), of(builder, "context"),
				() -> this.ends++);
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" }) // a field of the
																		// builder
	private static <F> F of(RpcJobBuilder<?, ?> builder, String field) {
		return (F) Objects.requireNonNull(ReflectionTestUtils.getField(builder, field), field);
	}

	public void start() {
		this.scheduler.start((progress) -> {
		});
	}

	/**
	 * Consumes what there is.
	 * @return whether there will be no more
	 */
	public boolean consume(Consumer<? super R> consumer) {
		try {
			JobScheduler.Turn<R> turn = this.scheduler.next(false);
			turn.results().forEach((slot) -> consumer.accept(slot.result()));
			return turn.last();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public void cancel() {
		this.scheduler.cancel("no longer wanted");
	}

	public JobProgress progress() {
		return this.scheduler.progress();
	}

	public List<ParkedItem> parked() {
		return this.scheduler.parked();
	}

	public @Nullable Throwable failure() {
		return this.scheduler.failure();
	}

	/**
	 * How often the end was told.
	 */
	public int ends() {
		return this.ends;
	}

}
