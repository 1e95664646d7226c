package io.github.netrpc.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.work.JobProgress.State;

/**
 * Gives items to workers that have room until each item has an outcome. <pre>
 * source -&gt; pulled -&gt; runs at a worker -&gt; result, taken by the consumer
 *                ^          |  failed, refused, took too long
 *                +----------+--&gt; parked, if it has failed for good
 * </pre> Workers pull: an item goes to whoever has room, never to a queue of a worker's
 * own. An item is run once or more, and its outcome counts once: the first attempt to
 * settle it decides, and every later word of it is refused.
 * <p>
 * The lock guards the state and is held for that only; items are begun and abandoned, the
 * source pulled and results consumed without it. One thread at a time begins items, and
 * goes on as long as there are any, so an item that ends at once does not nest. There is
 * no thread of its own: workers' threads bring outcomes, the consumer's pulls items, and
 * a tick of the timer looks for what nobody else would notice. Thread-safe.
 *
 * @param <I> the type of the items
 * @param <R> the type of the results
 */
final class JobScheduler<I extends @Nullable Object, R extends @Nullable Object> {

	private static final Logger logger = LoggerFactory.getLogger(JobScheduler.class);

	/** More parked items than this are no accident. */
	static final int MOST_PARKED = 1_000;

	/** Results that may wait for the consumer however few workers there are. */
	private static final int FEWEST_HELD = 64;

	/** How long a consumer that is busy is left alone. */
	private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/**
	 * Items are pulled for twice that time, so that workers have some when it is over.
	 */
	private static final long AHEAD_NANOS = 2 * CALM_NANOS;

	private static final int MOST_AHEAD = 1_024;

	/** Items that wait to run, however much room workers say they have. */
	private static final int MOST_PULLED = 65_536;

	/** A tick that comes so late was kept from coming: this process has slept. */
	private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final JobOptions options;

	private final ItemSource<I> source;

	private final WorkerPool<I, R> pool;

	private final ClientTimer timer;

	private final EndListener listener;

	private final JobTick tick;

	private final ReentrantLock lock = new ReentrantLock();

	/** Something has changed for the consumer. */
	private final Condition changed = this.lock.newCondition();

	// The rest is guarded by the lock.

	private final WorkerTable workers;

	private final RunningAttempts<I, R> running = new RunningAttempts<>();

	private final JobResults<R> results;

	private final JobCounts counts;

	private final Stragglers stragglers;

	private final WorkQueue<I> queue = new WorkQueue<>();

	private State state = State.RUNNING;

	private @Nullable Throwable failure;

	private @Nullable String misuse;

	/** Set when the consumer has all it will get. */
	private @Nullable JobProgress end;

	private boolean dispatching;

	private boolean ticked;

	/** The consumer waits for a result. */
	private boolean idle;

	/** The end has been told. */
	private boolean told;

	/** How many items may wait to run. */
	private int ahead = 1;

	private long lastSignNanos;

	private long renewedNanos;

	private long lookedNanos;

	private boolean slept;

	/**
	 * Creates a scheduler that has not begun.
	 * @param listener told of the end, and of what comes after it
	 */
	JobScheduler(JobOptions options, ItemSource<I> source, WorkerPool<I, R> pool, JobContext context,
			EndListener listener) {
		this.options = options;
		this.source = source;
		this.pool = pool;
		this.timer = context.timer();
		this.listener = listener;
		this.tick = new JobTick(context, this::tick);
		this.workers = new WorkerTable(options.window());
		this.results = new JobResults<>(options.ordered());
		this.stragglers = new Stragglers(options.speculate());
		this.lastSignNanos = this.timer.nanoTime();
		this.renewedNanos = this.lastSignNanos;
		this.lookedNanos = this.lastSignNanos;
		this.counts = new JobCounts(this.lastSignNanos);
	}

	/**
	 * Gives each worker what it has room for, and begins to tick.
	 * @param begins told before the first item is pulled
	 */
	void start(Consumer<? super JobProgress> begins) {
		look();
		begins.accept(progress());
		pull(totalWindow());
		this.tick.start();
	}

	private int totalWindow() {
		this.lock.lock();
		try {
			return this.workers.totalWindow();
		}
		finally {
			this.lock.unlock();
		}
	}

	// The consumer's side

	/**
	 * Pulls items, waits until there is something to consume, and hands it over. Called
	 * by one thread.
	 * @param wait false to come back with nothing rather than wait
	 */
	Turn<R> next(boolean wait) throws InterruptedException {
		for (boolean calm = true;; calm = false) {
			pull(Integer.MAX_VALUE);
			this.lock.lockInterruptibly();
			try {
				if (calm && wait && isUneventful()) {
					// Results come in their hundreds while this thread sleeps once.
					this.changed.awaitNanos(CALM_NANOS);
				}
				while (wait && isUneventful() && this.results.isEmpty()) {
					this.idle = true;
					this.changed.await();
				}
				boolean tick = this.ticked;
				if (!wait || tick || this.state != State.RUNNING || !this.results.isEmpty()) {
					this.ticked = false;
					return new Turn<>(this.results.take(), this.state != State.RUNNING, tick ? progressNow() : null);
				}
			}
			finally {
				this.idle = false;
				this.lock.unlock();
			}
		}
	}

	/**
	 * Whether there is nothing for the consumer to do, but for results.
	 */
	private boolean isUneventful() {
		return this.state == State.RUNNING && !this.ticked && wanted(1) == 0;
	}

	/**
	 * Pulls items until there are enough that wait to run.
	 * @param most how many at most
	 */
	private void pull(int most) {
		dispatch();
		int left = most;
		for (int wanted = wantedNow(left); wanted > 0; wanted = wantedNow(left)) {
			List<I> items = new ArrayList<>();
			boolean over = false;
			try {
				while (items.size() < wanted && !over && (items.isEmpty() || !isSomebodyFree())) {
					over = !this.source.hasNext();
					if (!over) {
						items.add(this.source.next());
					}
				}
			}
			catch (Throwable ex) {
				// Not ours. What came before it still counts for nothing: the job fails.
				fail(ex);
				return;
			}
			left -= items.size();
			taken(items, over);
			dispatch();
		}
	}

	/**
	 * A source may be slow: while workers wait, each item is handed over as it comes.
	 */
	private boolean isSomebodyFree() {
		this.lock.lock();
		try {
			return this.queue.fresh() == 0 && this.workers.queued() > 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	private int wantedNow(int most) {
		this.lock.lock();
		try {
			return wanted(most);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How many items the source is to be asked for: as many as run at a time, more if
	 * they are run in no time, and in one go when half of them are used up.
	 */
	private int wanted(int most) {
		if (this.counts.exhausted || this.state != State.RUNNING || this.queue.fresh() > this.ahead / 2 || isHeldUp()) {
			return 0;
		}
		return Math.min(most, this.ahead - this.queue.fresh());
	}

	private void taken(List<I> items, boolean over) {
		this.lock.lock();
		try {
			for (I item : items) {
				this.queue.add(new WorkItem<>(this.counts.pulled++, item));
			}
			this.counts.exhausted |= over;
			endIfDone();
		}
		finally {
			this.lock.unlock();
		}
		ended();
	}

	/**
	 * Whether the consumer has so much left to take that nothing new is begun.
	 */
	private boolean isHeldUp() {
		return this.results.held() >= FEWEST_HELD + 2 * this.ahead;
	}

	// Beginning items

	/**
	 * Begins items as long as there are any and workers have room.
	 */
	private void dispatch() {
		ItemAttempt<I, R> first;
		this.lock.lock();
		try {
			first = firstAttempt(this.timer.nanoTime());
		}
		finally {
			this.lock.unlock();
		}
		beginAll(first);
	}

	/**
	 * What this thread is to begin first, and then {@linkplain #beginAll whatever there
	 * is}. Null if another thread is at it, which looks again before leaving.
	 */
	private @Nullable ItemAttempt<I, R> firstAttempt(long now) {
		return this.dispatching ? null : nextAttempt(now);
	}

	private void beginAll(@Nullable ItemAttempt<I, R> first) {
		for (ItemAttempt<I, R> attempt = first; attempt != null;) {
			attempt = begin(attempt);
		}
	}

	/**
	 * Begins an attempt.
	 * @return the next one
	 */
	private @Nullable ItemAttempt<I, R> begin(ItemAttempt<I, R> attempt) {
		WorkerPool.RunningItem begun = null;
		try {
			begun = this.pool.begin(attempt.worker.id, attempt.item.value,
					attempt.startNanos + this.options.itemTimeoutNanos(), attempt);
		}
		catch (Throwable ex) {
			attempt.failed(new RpcCallException(RpcCode.INTERNAL, Known.MAYBE_RAN, "could not be begun: " + ex, ex));
		}
		this.lock.lock();
		try {
			attempt.running = begun;
			if (begun == null || !attempt.settled) {
				return nextAttempt(this.timer.nanoTime());
			}
		}
		finally {
			this.lock.unlock();
		}
		// It has ended, or its job has. Calls that it has left behind end with it.
		abandon(begun, "its job has ended it");
		this.lock.lock();
		try {
			return nextAttempt(this.timer.nanoTime());
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable ItemAttempt<I, R> nextAttempt(long now) {
		// Stays so only if there is an attempt, also after whatever goes wrong.
		this.dispatching = false;
		ItemAttempt<I, R> attempt = (this.state == State.RUNNING) ? assign(now) : null;
		this.dispatching = attempt != null;
		if (attempt == null && wanted(1) > 0) {
			this.changed.signalAll();
		}
		return attempt;
	}

	private @Nullable ItemAttempt<I, R> assign(long now) {
		if (!this.queue.hasAgain() && (this.queue.fresh() == 0 || isHeldUp())) {
			return null;
		}
		for (int looks = this.workers.queued(); looks > 0; looks--) {
			WorkerLoad worker = this.workers.poll(now);
			if (worker == null) {
				return null;
			}
			// First what has been begun before, but rather elsewhere.
			WorkItem<I> item = this.queue.takeAgain(worker, this.workers, this.running, now);
			item = (item == null && !isHeldUp()) ? this.queue.takeFresh() : item;
			if (item != null) {
				worker.begins();
				if (item.running > 0) {
					worker.speculated++;
					this.counts.speculated++;
				}
				item.running++;
				item.lastWorker = worker.id;
				ItemAttempt<I, R> attempt = new ItemAttempt<>(this, item, worker, ++item.begun, now);
				this.running.add(attempt);
				this.workers.offer(worker, now);
				return attempt;
			}
			this.workers.offer(worker, now);
		}
		return null;
	}

	// Outcomes

	/**
	 * An attempt has a result.
	 */
	void succeeded(ItemAttempt<I, R> attempt, R result) {
		if (!count(attempt, result)) {
			late();
		}
	}

	private boolean count(ItemAttempt<I, R> attempt, R result) {
		ItemAttempt<I, R> loser;
		ItemAttempt<I, R> first;
		boolean tells;
		// One turn of the lock for all, since there may be hundreds of thousands a
		// second.
		this.lock.lock();
		try {
			if (!settle(attempt)) {
				return false;
			}
			WorkItem<I> item = attempt.item;
			long now = this.timer.nanoTime();
			item.done = true;
			this.counts.completed++;
			this.lastSignNanos = now;
			this.counts.durations.add(now - attempt.startNanos);
			attempt.worker.succeeded(now - attempt.startNanos);
			this.workers.grow(attempt.worker, this.counts.left(this.source.total(), this.queue.fresh()));
			this.workers.offer(attempt.worker, now);
			this.results.add(item.index, result);
			loser = (item.running > 0) ? lose(item) : null;
			endIfDone();
			wakeForResults();
			first = (loser != null) ? null : firstAttempt(now);
			tells = loser == null && claimEnd();
		}
		finally {
			this.lock.unlock();
		}
		if (loser != null) {
			abandon(loser, "another attempt had its result");
			dispatch();
			ended();
		}
		beginAll(first);
		if (tells) {
			tellEnd();
		}
		return true;
	}

	/**
	 * There was an answer to an attempt that had been given up.
	 */
	void late() {
		boolean decided;
		this.lock.lock();
		try {
			this.counts.late++;
			decided = this.end != null;
		}
		finally {
			this.lock.unlock();
		}
		if (decided) {
			this.listener.late();
		}
	}

	private void wakeForResults() {
		if (this.idle && !this.results.isEmpty()) {
			this.changed.signalAll();
		}
	}

	private @Nullable ItemAttempt<I, R> lose(WorkItem<I> item) {
		ItemAttempt<I, R> loser = this.running.other(item);
		if (loser != null) {
			lose(loser);
		}
		return loser;
	}

	private void lose(ItemAttempt<I, R> loser) {
		settle(loser);
		this.workers.offer(loser.worker, this.timer.nanoTime());
	}

	/**
	 * An attempt at an item that has been copied is about to do what may be done once
	 * only. It goes on alone, if it goes on.
	 * @return whether it does
	 */
	boolean claim(ItemAttempt<I, R> attempt) {
		ItemAttempt<I, R> loser;
		this.lock.lock();
		try {
			if (attempt.settled) {
				return false;
			}
			loser = (attempt.item.running > 1) ? this.running.beside(attempt) : null;
			if (loser != null) {
				lose(loser);
			}
		}
		finally {
			this.lock.unlock();
		}
		if (loser != null) {
			// The next tick gives its worker something else: this thread is in the midst
			// of an item.
			abandon(loser, "another attempt does what may be done once only");
		}
		return true;
	}

	/**
	 * An attempt has failed.
	 */
	void failed(ItemAttempt<I, R> attempt, RpcException cause) {
		boolean tooMany;
		this.lock.lock();
		try {
			if (!settle(attempt)) {
				return;
			}
			tooMany = decide(attempt, cause.code(), cause.known(), String.valueOf(cause.getMessage()));
			endIfDone();
			wakeForResults();
		}
		finally {
			this.lock.unlock();
		}
		if (tooMany) {
			fail(tooManyParked());
		}
		dispatch();
		ended();
	}

	/**
	 * Takes an attempt out, if its outcome still counts.
	 */
	private boolean settle(ItemAttempt<I, R> attempt) {
		if (attempt.settled) {
			return false;
		}
		attempt.settled = true;
		this.running.remove(attempt);
		attempt.worker.running--;
		attempt.item.running--;
		return true;
	}

	/**
	 * What becomes of an item whose attempt has failed.
	 * @return true if more items are parked than any job bears
	 */
	private boolean decide(ItemAttempt<I, R> attempt, RpcCode code, Known known, String message) {
		long now = this.timer.nanoTime();
		WorkItem<I> item = attempt.item;
		Verdict verdict = Verdict.of(code, known);
		attempt.worker.failed(verdict, now);
		this.workers.offer(attempt.worker, now);
		ItemFailure failure = new ItemFailure(attempt.number, attempt.worker.id, code, known, message,
				Duration.ofNanos(now - attempt.startNanos));
		boolean hopeless = item.failed(verdict, failure, now, this.options);
		if (verdict.isRefusal()) {
			this.counts.refused++;
			attempt.worker.refused++;
		}
		if (item.running > 0) {
			// Its copy goes on, or the one that it is a copy of.
			return false;
		}
		if (hopeless) {
			item.done = true;
			this.counts.parked.add(item.parked());
			this.results.skip(item.index);
			return this.counts.parked.size() > MOST_PARKED;
		}
		if (!verdict.isRefusal()) {
			this.counts.reassigned++;
			attempt.worker.reassigned++;
		}
		this.queue.addAgain(item);
		return false;
	}

	private void abandon(ItemAttempt<I, R> attempt, String why) {
		WorkerPool.RunningItem begun;
		this.lock.lock();
		try {
			begun = attempt.running;
		}
		finally {
			this.lock.unlock();
		}
		// If it is only now being begun, who begins it sees that it has been settled.
		if (begun != null) {
			abandon(begun, why);
		}
	}

	/**
	 * Ends what nobody waits for. What runs the items is not ours, and whatever it throws
	 * must keep nothing else from going on, or from ending.
	 */
	private void abandon(WorkerPool.RunningItem begun, String why) {
		try {
			begun.abandon(why);
		}
		catch (Throwable ex) {
			logger.warn("{}: an item could not be ended ({})", this, why, ex);
		}
	}

	// The tick

	private void tick() {
		try {
			look();
			renew();
			expire();
			copyStragglers();
			dispatch();
		}
		catch (Throwable ex) {
			fail(ex);
		}
		ended();
	}

	/**
	 * Asks who the workers are.
	 */
	private void look() {
		List<Worker> listed = this.pool.workers();
		boolean stuck;
		this.lock.lock();
		try {
			long now = this.timer.nanoTime();
			noticeSleep(now);
			this.workers.update(listed, now);
			this.counts.mark(now);
			double soon = this.counts.perSecond(now) * AHEAD_NANOS / 1e9;
			this.ahead = Math.max(Math.max(1, Math.min(this.workers.totalWindow(), MOST_PULLED)),
					(int) Math.min(soon, MOST_AHEAD));
			this.ticked = true;
			this.changed.signalAll();
			if (this.running.size() > 0 || isHeldUp() || this.queue.isEmpty()) {
				this.lastSignNanos = now;
			}
			stuck = this.state == State.RUNNING && now - this.lastSignNanos >= this.options.itemTimeoutNanos();
		}
		finally {
			this.lock.unlock();
		}
		if (stuck) {
			fail(new RpcCallException(RpcCode.UNAVAILABLE, Known.MAYBE_RAN,
					this + ": nobody has taken an item for " + seconds(this.options.itemTimeoutNanos()) + " s: "
							+ (listed.isEmpty() ? this.pool.missing() : listed.size() + " nodes are not available"),
					null));
		}
	}

	/**
	 * The time that this process slept is nobody else's fault, and what has come
	 * meanwhile is not known yet. That is waited for once only: it may be so slow all the
	 * time.
	 */
	private void noticeSleep(long now) {
		long late = now - this.lookedNanos - JobTick.NANOS;
		this.slept = late > LATE_NANOS && !this.slept;
		if (late > LATE_NANOS) {
			this.lastSignNanos += late;
		}
		this.lookedNanos = now;
	}

	/**
	 * Tells workers now and then that their items are still wanted.
	 */
	private void renew() {
		long interval = this.pool.renewalNanos();
		List<String> busy;
		this.lock.lock();
		try {
			long now = this.timer.nanoTime();
			if (interval <= 0 || this.state != State.RUNNING || now - this.renewedNanos < interval) {
				return;
			}
			this.renewedNanos = now;
			busy = this.workers.busy();
		}
		finally {
			this.lock.unlock();
		}
		busy.forEach(this.pool::renew);
	}

	/**
	 * Gives attempts up that have taken too long.
	 */
	private void expire() {
		List<ItemAttempt<I, R>> expired = new ArrayList<>();
		boolean tooMany = false;
		this.lock.lock();
		try {
			if (this.slept) {
				return;
			}
			String within = "no result within " + seconds(this.options.itemTimeoutNanos()) + " s";
			for (ItemAttempt<I, R> attempt : this.running
				.begunUntil(this.timer.nanoTime() - this.options.itemTimeoutNanos() - JobTick.NANOS)) {
				settle(attempt);
				tooMany |= decide(attempt, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, within);
				expired.add(attempt);
			}
			endIfDone();
		}
		finally {
			this.lock.unlock();
		}
		expired.forEach((attempt) -> abandon(attempt, "its time is over"));
		if (tooMany) {
			fail(tooManyParked());
		}
	}

	private void copyStragglers() {
		this.lock.lock();
		try {
			if (this.state == State.RUNNING && this.counts.exhausted && this.queue.hasOnlyCopies()) {
				this.stragglers
					.find(this.running, this.counts.durations, this.timer.nanoTime(), this.counts.done(),
							this.counts.pulled)
					.forEach(this.queue::addAgain);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// The end

	private void endIfDone() {
		if (this.state == State.RUNNING && this.counts.isAllDone()) {
			boolean bearable = this.counts.parked.size() <= this.options.allowParked();
			decided(bearable ? State.SUCCEEDED : State.FAILED, null);
		}
	}

	private void decided(State outcome, @Nullable Throwable cause) {
		this.state = outcome;
		this.failure = cause;
		this.end = progressNow();
		this.queue.clear();
		this.changed.signalAll();
	}

	/**
	 * Ends the job since it cannot go on.
	 */
	void fail(Throwable cause) {
		end(State.FAILED, cause);
	}

	/**
	 * Ends the job since what runs the items is of the wrong kind.
	 */
	void misused(String why) {
		this.lock.lock();
		try {
			this.misuse = (this.misuse != null) ? this.misuse : why;
		}
		finally {
			this.lock.unlock();
		}
		fail(new IllegalArgumentException(why));
	}

	/**
	 * Why the job makes no sense, or null.
	 */
	@Nullable String misuse() {
		this.lock.lock();
		try {
			return this.misuse;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends the job since nobody wants it any more.
	 */
	void cancel(String why) {
		end(State.CANCELLED, new RpcCallException(RpcCode.CANCELLED, Known.MAYBE_RAN, this + ": " + why, null));
	}

	private void end(State outcome, Throwable cause) {
		List<ItemAttempt<I, R>> open;
		this.lock.lock();
		try {
			if (this.state != State.RUNNING) {
				return;
			}
			open = this.running.all();
			open.forEach(this::settle);
			decided(outcome, cause);
		}
		finally {
			this.lock.unlock();
		}
		open.forEach((attempt) -> abandon(attempt, "the job has ended"));
		ended();
	}

	/**
	 * Tidies up, once, when all is decided.
	 */
	private void ended() {
		boolean tells;
		this.lock.lock();
		try {
			tells = claimEnd();
		}
		finally {
			this.lock.unlock();
		}
		if (tells) {
			tellEnd();
		}
	}

	/**
	 * Whether it is up to this thread to {@linkplain #tellEnd tell the end}.
	 */
	private boolean claimEnd() {
		boolean claimed = this.state != State.RUNNING && !this.told;
		this.told |= claimed;
		return claimed;
	}

	private void tellEnd() {
		stopTicking();
		this.listener.ended();
	}

	void stopTicking() {
		this.tick.stop();
	}

	private RpcException tooManyParked() {
		return new RpcCallException(RpcCode.RESOURCE_EXHAUSTED, Known.MAYBE_RAN,
				this + ": more than " + MOST_PARKED + " items have failed for good", null);
	}

	/**
	 * Why the job has ended before its time.
	 */
	@Nullable Throwable failure() {
		this.lock.lock();
		try {
			return this.failure;
		}
		finally {
			this.lock.unlock();
		}
	}

	List<ParkedItem> parked() {
		this.lock.lock();
		try {
			return List.copyOf(this.counts.parked);
		}
		finally {
			this.lock.unlock();
		}
	}

	State state() {
		this.lock.lock();
		try {
			return this.state;
		}
		finally {
			this.lock.unlock();
		}
	}

	JobProgress progress() {
		this.lock.lock();
		try {
			JobProgress last = this.end;
			return (last != null) ? last.withLate(this.counts.late) : progressNow();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How far the job is, without the late answers of which the listener is told.
	 */
	JobProgress counted() {
		this.lock.lock();
		try {
			JobProgress last = this.end;
			return (last != null) ? last : progressNow();
		}
		finally {
			this.lock.unlock();
		}
	}

	private JobProgress progressNow() {
		return this.counts.progress(this.state, this.source.total(), this.running.size(), this.workers.progress(),
				this.timer.nanoTime());
	}

	private static long seconds(long nanos) {
		return TimeUnit.NANOSECONDS.toSeconds(nanos);
	}

	@Override
	public String toString() {
		return "job " + this.options.name();
	}

	/**
	 * Told of the end of a job.
	 */
	interface EndListener {

		/**
		 * All is decided. Told once.
		 */
		void ended();

		/**
		 * An answer has come when all was decided.
		 */
		default void late() {
		}

	}

	/**
	 * What the consumer gets at a time.
	 *
	 * @param results results in the order in which they are to be consumed
	 * @param last whether there will be no others
	 * @param progress how far the job is, now and then
	 */
	record Turn<R extends @Nullable Object>(Deque<JobResults.Slot<R>> results, boolean last,
			@Nullable JobProgress progress) {

	}

}
