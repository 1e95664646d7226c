package io.github.netrpc.work;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;

/**
 * One run of an item at a worker. The first word counts, be it the worker's or that the
 * attempt is given up; what comes later is refused by its scheduler.
 *
 * @param <I> the type of the item
 * @param <R> the type of the result
 */
final class ItemAttempt<I extends @Nullable Object, R extends @Nullable Object> implements WorkerPool.ItemListener<R> {

	private final JobScheduler<I, R> scheduler;

	final WorkItem<I> item;

	final WorkerLoad worker;

	/** 1 for the item's first attempt. */
	final int number;

	final long startNanos;

	/** Has ended, as far as its job is concerned. Guarded by the scheduler's lock. */
	boolean settled;

	/** Null until the worker has it. Guarded by the scheduler's lock. */
	WorkerPool.@Nullable RunningItem running;

	/** Neighbours among the attempts that run, in the order of their beginning. */
	@Nullable ItemAttempt<I, R> earlier;

	@Nullable ItemAttempt<I, R> later;

	ItemAttempt(JobScheduler<I, R> scheduler, WorkItem<I> item, WorkerLoad worker, int number, long startNanos) {
		this.scheduler = scheduler;
		this.item = item;
		this.worker = worker;
		this.number = number;
		this.startNanos = startNanos;
	}

	@Override
	public void succeeded(R result) {
		this.scheduler.succeeded(this, result);
	}

	@Override
	public void failed(RpcException failure) {
		this.scheduler.failed(this, failure);
	}

	@Override
	public boolean claim() {
		return !this.item.copied || this.scheduler.claim(this);
	}

	@Override
	public void late() {
		this.scheduler.late();
	}

	@Override
	public void misused(String why) {
		this.scheduler.misused(why);
	}

}
