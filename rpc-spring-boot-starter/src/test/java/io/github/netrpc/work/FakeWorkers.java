package io.github.netrpc.work;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;

/**
 * Workers whose every move a test makes by hand, or by a rule that it gives.
 */
final class FakeWorkers implements WorkerPool<Integer, String> {

	final Map<String, Worker> listed = new LinkedHashMap<>();

	/** What runs, in the order of its beginning. */
	final List<Run> running = new ArrayList<>();

	/** All that was begun. */
	final List<Run> begun = new ArrayList<>();

	/** Who was given a sign of life. */
	final List<String> renewed = new ArrayList<>();

	long renewalNanos;

	/** Told of whoever hears of the coordinator. */
	Consumer<String> heard = (worker) -> {
	};

	private Consumer<Run> rule = (run) -> {
	};

	FakeWorkers with(String id, int capacity) {
		return with(id, capacity, Worker.State.READY);
	}

	FakeWorkers with(String id, int capacity, Worker.State state) {
		this.listed.put(id, new Worker(id, capacity, state));
		return this;
	}

	/**
	 * A worker that is given few items at first.
	 */
	FakeWorkers growing(String id, int first, int capacity) {
		this.listed.put(id, new Worker(id, first, capacity, Worker.State.READY));
		return this;
	}

	/**
	 * What is done with each item as it is begun.
	 */
	FakeWorkers doing(Consumer<Run> rule) {
		this.rule = rule;
		return this;
	}

	@Override
	public List<Worker> workers() {
		return List.copyOf(this.listed.values());
	}

	@Override
	public String missing() {
		return "no nodes of test";
	}

	@Override
	public RunningItem begin(String worker, Integer item, long deadlineNanos, ItemListener<String> listener) {
		Run run = new Run(worker, item, deadlineNanos, listener);
		this.running.add(run);
		this.begun.add(run);
		this.heard.accept(worker);
		this.rule.accept(run);
		return run;
	}

	@Override
	public long renewalNanos() {
		return this.renewalNanos;
	}

	@Override
	public void renew(String worker) {
		this.renewed.add(worker);
		this.heard.accept(worker);
	}

	List<Integer> items(String worker) {
		return this.running.stream().filter((run) -> run.worker.equals(worker)).map((run) -> run.item).toList();
	}

	Run of(int item) {
		return this.running.stream().filter((run) -> run.item == item).findFirst().orElseThrow();
	}

	Run of(int item, String worker) {
		return this.running.stream()
			.filter((run) -> run.item == item && run.worker.equals(worker))
			.findFirst()
			.orElseThrow();
	}

	/** How many attempts at an item run. */
	long runningNow(int item) {
		return this.running.stream().filter((run) -> run.item == item).count();
	}

	long begunTimes(int item) {
		return this.begun.stream().filter((run) -> run.item == item).count();
	}

	final class Run implements RunningItem {

		final String worker;

		final int item;

		final long deadlineNanos;

		final ItemListener<String> listener;

		boolean mayRunTwice = true;

		boolean cannotBeAbandoned;

		String abandoned = "";

		Run(String worker, int item, long deadlineNanos, ItemListener<String> listener) {
			this.worker = worker;
			this.item = item;
			this.deadlineNanos = deadlineNanos;
			this.listener = listener;
		}

		void succeed() {
			FakeWorkers.this.running.remove(this);
			this.listener.succeeded(this.worker + ":" + this.item);
		}

		void fail(RpcCode code, Known known) {
			FakeWorkers.this.running.remove(this);
			this.listener.failed(new RpcCallException(code, known, this.worker + " says no", null));
		}

		@Override
		public boolean mayRunTwice() {
			return this.mayRunTwice;
		}

		@Override
		public void abandon(String why) {
			this.abandoned = why;
			FakeWorkers.this.heard.accept(this.worker);
			FakeWorkers.this.running.remove(this);
			if (this.cannotBeAbandoned) {
				throw new AssertionError("cannot be ended");
			}
		}

	}

}
