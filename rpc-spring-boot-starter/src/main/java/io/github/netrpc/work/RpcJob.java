package io.github.netrpc.work;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collector;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;

/**
 * Many items of work in the hands of several nodes. <pre class="code">
 * RpcJob&lt;Long&gt; job = cluster.distribute(chunks, (arith, chunk) -&gt; arith.sumOfSquares(chunk)).start();
 * job.onProgress((progress) -&gt; bar.stepTo(progress.completed()));
 * long total = job.collect(Collectors.summingLong(Long::longValue));
 * </pre> Each item is run at least once, and counted once: if its node dies, freezes or
 * refuses it, another one gets it, and a result that comes late is not counted. Items are
 * pulled from their source as nodes have room, and results consumed as they arrive, so
 * neither is ever held as a whole.
 * <p>
 * A job begins with one window of items per node. It goes on while its one terminal
 * operation consumes the results: {@link #collect}, {@link #forEach}, {@link #stream} or
 * {@link #drain}, on the thread that calls it, which also pulls the items; who consumes
 * slowly slows the job down. Items that have failed for good are parked, and the
 * operation ends with an {@link RpcJobException} when all others are done, unless so many
 * were allowed. Thread-safe, but for the operation itself.
 *
 * @param <R> the type of the results
 * @since 0.1.0
 */
public final class RpcJob<R extends @Nullable Object> {

	private static final String COLLECT = "collect";

	private static final String STREAM = "stream";

	private static final String CLOSING = "closing the source of its items";

	private final String id;

	private final JobOptions options;

	private final JobContext context;

	private final ItemSource<?> source;

	private final JobScheduler<?, R> scheduler;

	private final JobLog log;

	/** The terminal operation that was called. */
	private final AtomicReference<@Nullable String> operation = new AtomicReference<>();

	/**
	 * A thread of the job's user is pulling items, or waiting for results: the one that
	 * begins it, or the consumer's.
	 */
	private volatile boolean inTurn;

	/** Somebody has given the job up, perhaps too late. */
	private volatile boolean unwanted;

	/** The end has been told. */
	private final AtomicBoolean told = new AtomicBoolean();

	private final List<Consumer<? super JobProgress>> listeners = new CopyOnWriteArrayList<>();

	private final CompletableFuture<JobProgress> future = new CompletableFuture<>();

	private <I extends @Nullable Object> RpcJob(JobOptions options, ItemSource<I> source, WorkerPool<I, R> pool,
			JobContext context) {
		this.id = context.ids().get();
		this.options = options;
		this.context = context;
		this.source = source;
		this.log = new JobLog("job " + options.name() + " (" + this.id + ")");
		this.scheduler = new JobScheduler<>(options, source, pool, context, new Ending());
	}

	static <I extends @Nullable Object, R extends @Nullable Object> RpcJob<R> start(JobOptions options,
			ItemSource<I> source, WorkerPool<I, R> pool, JobContext context) {
		RpcJob<R> job = new RpcJob<>(options, source, pool, context);
		if (!context.jobs().add(job)) {
			job.guarded(CLOSING, source::close);
			throw new RpcCallException(RpcCode.UNAVAILABLE, Known.NOT_RUN, job + ": the channel is closed", null);
		}
		job.begin();
		RpcContext serving = RpcContext.current();
		if (serving != null) {
			// Whoever consumes the results need not be a thread that the server can
			// interrupt.
			serving.onCancelled(() -> job.cancel("the call that it is part of was cancelled"));
		}
		return job;
	}

	/**
	 * Gives each worker what it has room for. Whoever ends the job meanwhile leaves it to
	 * this thread to tell the end, since the source is in its hands.
	 */
	private void begin() {
		this.inTurn = true;
		try {
			this.scheduler.start(this.log::begun);
		}
		catch (Throwable ex) {
			this.scheduler.fail(ex);
			throw ex;
		}
		finally {
			this.inTurn = false;
			finishUnattended();
		}
	}

	/**
	 * What tells the job from all others. That of the first job that a handler has begun
	 * is the id of the call that it serves, {@code 9f86d081884c7d65-42}; others of the
	 * same call have their number behind it, {@code 9f86d081884c7d65-42.2}.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * What the job is called in logs and metrics.
	 * @return the name
	 */
	public String name() {
		return this.options.name();
	}

	/**
	 * What else is to be known of the job.
	 * @return the labels, unmodifiable
	 */
	public Map<String, String> labels() {
		return this.options.labels();
	}

	// Terminal operations

	/**
	 * Folds the results together as they arrive.
	 * @param <A> the type of what they are folded into
	 * @param <X> the type of what becomes of it
	 * @param collector folds them, on this thread only
	 * @return what the collector makes of all results
	 * @throws RpcJobException if the job failed or was cancelled, or more items than were
	 * allowed have failed for good; has what the collector makes of the others
	 * @throws IllegalStateException if there was a terminal operation before
	 */
	public <A, X> X collect(Collector<? super R, A, X> collector) {
		claim(COLLECT);
		A container;
		BiConsumer<A, ? super R> fold;
		try {
			container = collector.supplier().get();
			fold = collector.accumulator();
		}
		catch (Throwable ex) {
			giveUp(COLLECT, ex);
			throw ex;
		}
		JobEnd end = consume(COLLECT, (result) -> fold.accept(container, result));
		X value;
		try {
			value = collector.finisher().apply(container);
		}
		catch (Throwable ex) {
			// What has gone wrong before says more.
			end.checkDespite(ex);
			throw ex;
		}
		end.check(value);
		return value;
	}

	/**
	 * Gives each result to a consumer as it arrives.
	 * @param consumer called on this thread only
	 * @throws RpcJobException if the job failed or was cancelled, or more items than were
	 * allowed have failed for good
	 * @throws IllegalStateException if there was a terminal operation before
	 */
	public void forEach(Consumer<? super R> consumer) {
		run("forEach", consumer).check(null);
	}

	/**
	 * Runs all items, whatever their results are.
	 * @return what became of the job
	 * @throws RpcJobException if the job failed or was cancelled, or more items than were
	 * allowed have failed for good
	 * @throws IllegalStateException if there was a terminal operation before
	 */
	public JobProgress drain() {
		JobEnd end = run("drain", (result) -> {
		});
		end.check(null);
		return end.progress();
	}

	/**
	 * The results as they arrive. The job goes on as the stream is read, and is cancelled
	 * when it is closed before its end. Its last element may be followed by an
	 * {@link RpcJobException}. Not parallel.
	 * @return a stream to be closed
	 * @throws IllegalStateException if there was a terminal operation before
	 */
	public Stream<R> stream() {
		claim(STREAM);
		Spliterator<R> results = new Spliterators.AbstractSpliterator<>(Long.MAX_VALUE,
				this.options.ordered() ? Spliterator.ORDERED : 0) {

			private Deque<JobResults.Slot<R>> batch = new ArrayDeque<>();

			private boolean last;

			@Override
			public boolean tryAdvance(Consumer<? super R> action) {
				while (this.batch.isEmpty() && !this.last) {
					JobScheduler.Turn<R> turn = turn();
					// Perhaps nobody reads what is left.
					finishUnattended();
					this.batch = turn.results();
					this.last = turn.last();
					if (this.last && this.batch.isEmpty()) {
						finish().check(null);
					}
				}
				JobResults.Slot<R> slot = this.batch.pollFirst();
				if (slot != null) {
					action.accept(slot.result());
					return true;
				}
				finish().check(null);
				return false;
			}

		};
		// Whoever reads it then tells the end, and closes the source, when that is done.
		return StreamSupport.stream(results, false).onClose(() -> cancel("its stream was closed"));
	}

	private JobEnd run(String name, Consumer<? super R> consumer) {
		claim(name);
		return consume(name, consumer);
	}

	private JobEnd consume(String name, Consumer<? super R> consumer) {
		try {
			boolean last = false;
			while (!last) {
				JobScheduler.Turn<R> turn = turn();
				for (JobResults.Slot<R> slot : turn.results()) {
					consumer.accept(slot.result());
				}
				last = turn.last();
			}
			return finish();
		}
		catch (Throwable ex) {
			giveUp(name, ex);
			throw ex;
		}
	}

	/**
	 * Ends the job since its consumer has failed.
	 */
	private void giveUp(String name, Throwable cause) {
		cancel(name + " has failed: " + cause);
		finish();
	}

	private void claim(String name) {
		if (this.context.inIoThread().getAsBoolean()) {
			throw new RpcCallException(RpcCode.FAILED_PRECONDITION, Known.MAYBE_RAN,
					this + ": " + name + " on an I/O thread would block it", null);
		}
		String before = this.operation.compareAndExchange(null, name);
		if (before != null) {
			throw new IllegalStateException(
					this + ": " + name + " after " + before + " (expected: one terminal operation)");
		}
	}

	private JobScheduler.Turn<R> turn() {
		this.inTurn = true;
		try {
			JobScheduler.Turn<R> turn = this.scheduler.next(true);
			if (turn.progress() != null && !turn.last()) {
				tell(turn.progress());
			}
			return turn;
		}
		catch (InterruptedException ex) {
			cancel("the consuming thread was interrupted");
			Thread.currentThread().interrupt();
			return new JobScheduler.Turn<>(new ArrayDeque<>(), true, null);
		}
		finally {
			this.inTurn = false;
		}
	}

	private void tell(JobProgress progress) {
		this.log.progress(progress);
		tellListeners(progress);
	}

	private void tellListeners(JobProgress progress) {
		this.listeners.forEach((listener) -> guarded("a listener", () -> listener.accept(progress)));
	}

	/**
	 * What is not the job's own must not end it, nor hide its result.
	 */
	private void guarded(String what, Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			this.log.failed(what, ex);
		}
	}

	/**
	 * Tells the end, once: last of all to those that wait for it. When they hear of it,
	 * the source is closed and the listeners have been told.
	 */
	private JobEnd finish() {
		JobEnd end = new JobEnd(this.scheduler.failure(), this.scheduler.progress(), this.scheduler.parked());
		if (!this.told.compareAndSet(false, true)) {
			return end;
		}
		// The thread that has decided it may not have come so far.
		this.scheduler.stopTicking();
		this.context.jobs().ended(this);
		guarded(CLOSING, this.source::close);
		this.log.ended(end.progress());
		tellListeners(end.progress());
		if (end.progress().state() == JobProgress.State.SUCCEEDED) {
			this.future.complete(end.progress());
		}
		else {
			this.future.completeExceptionally(end.exception(null));
		}
		return end;
	}

	// What anybody may ask

	/**
	 * Completes when the job has ended and nothing of it goes on: its results are
	 * consumed, its source is closed, and its listeners have been told.
	 * @return completes with what became of the job, or with an {@link RpcJobException};
	 * a copy, so that cancelling it has no effect on the job
	 */
	public CompletableFuture<JobProgress> future() {
		return this.future.copy();
	}

	/**
	 * The items that have failed for good so far.
	 * @return the items, 1,000 at most, in the order in which they failed
	 */
	public List<ParkedItem> parked() {
		return this.scheduler.parked();
	}

	/**
	 * How far the job is.
	 * @return the progress of this moment
	 */
	public JobProgress progress() {
		return this.scheduler.progress();
	}

	/**
	 * Has somebody told of the progress, ten times a second at most and at the end, on
	 * the thread of the terminal operation. The {@link #future} completes when all have
	 * been told of the end.
	 * @param listener told of it; must not wait for the end
	 * @return this
	 */
	public RpcJob<R> onProgress(Consumer<? super JobProgress> listener) {
		this.listeners.add(listener);
		return this;
	}

	/**
	 * Ends the job: what runs is cancelled on its nodes, and the terminal operation ends
	 * with an {@link RpcJobException}. Has no effect on a job that has ended.
	 */
	public void cancel() {
		cancel("cancelled by its caller");
	}

	private void cancel(String why) {
		this.unwanted = true;
		this.scheduler.cancel(why);
		finishUnattended();
	}

	/**
	 * Ends the job since its channel is closed.
	 */
	void closed() {
		this.unwanted = true;
		this.scheduler
			.fail(new RpcCallException(RpcCode.UNAVAILABLE, Known.MAYBE_RAN, this + ": the channel was closed", null));
		finishUnattended();
	}

	/**
	 * All is decided, by any thread.
	 */
	private void decided() {
		this.context.jobs().ended(this);
		if (isUnattended()) {
			this.context.spare().execute(this::finishUnattended);
		}
	}

	/**
	 * Tells the end of a job where nobody else would. A terminal operation that goes on
	 * now finds that the job has ended, and neither pulls nor tells anything.
	 */
	private void finishUnattended() {
		if (isUnattended()) {
			finish();
		}
	}

	/**
	 * Whether the job came to nothing, or had succeeded when it was cancelled, and there
	 * is no terminal operation, or a stream that nobody is reading.
	 */
	private boolean isUnattended() {
		JobProgress.State state = this.scheduler.state();
		if (state == JobProgress.State.RUNNING || (state == JobProgress.State.SUCCEEDED && !this.unwanted)) {
			return false;
		}
		String attending = this.operation.get();
		return (attending == null || attending.equals(STREAM)) && !this.inTurn;
	}

	/**
	 * What the job adds to the sums of its registry, which counts answers itself that
	 * come after its end.
	 */
	JobProgress counted() {
		return this.scheduler.counted();
	}

	/**
	 * What is known of the job.
	 */
	JobSnapshot snapshot() {
		return new JobSnapshot(this.id, name(), labels(), progress());
	}

	/**
	 * Waits until the {@link #future} has completed, as it does when the terminal
	 * operation of another thread has come to its end.
	 * @param most how long to wait
	 * @return whether it has ended
	 * @throws InterruptedException if the thread was interrupted; the job goes on
	 */
	public boolean await(Duration most) throws InterruptedException {
		try {
			this.future.get(nanos(most), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

	private static long nanos(Duration duration) {
		try {
			return duration.toNanos();
		}
		catch (ArithmeticException ex) {
			return duration.isNegative() ? 0 : Long.MAX_VALUE;
		}
	}

	@Override
	public String toString() {
		return "job " + this.options.name();
	}

	/**
	 * Hears of the end.
	 */
	private final class Ending implements JobScheduler.EndListener {

		@Override
		public void ended() {
			decided();
		}

		@Override
		public void late() {
			RpcJob.this.context.jobs().late(RpcJob.this);
		}

	}

	/**
	 * How a job ended.
	 */
	private final class JobEnd {

		private final @Nullable Throwable failure;

		private final JobProgress progress;

		private final List<ParkedItem> parked;

		JobEnd(@Nullable Throwable failure, JobProgress progress, List<ParkedItem> parked) {
			this.failure = failure;
			this.progress = progress;
			this.parked = parked;
		}

		JobProgress progress() {
			return this.progress;
		}

		/**
		 * As {@link #check}, of a job whose results cannot be finished either.
		 */
		void checkDespite(Throwable failure) {
			try {
				check(null);
			}
			catch (RpcJobException ex) {
				ex.addSuppressed(failure);
				throw ex;
			}
		}

		void check(@Nullable Object partial) {
			String misuse = RpcJob.this.scheduler.misuse();
			if (misuse != null) {
				throw new IllegalArgumentException(misuse);
			}
			if (this.progress.state() != JobProgress.State.SUCCEEDED) {
				throw exception(partial);
			}
		}

		RpcJobException exception(@Nullable Object partial) {
			return RpcJobException.of(RpcJob.this.toString(), this.failure, partial, this.progress, this.parked);
		}

	}

}
