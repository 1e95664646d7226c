package io.github.netrpc.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The workers of a job, and whose turn it is. Finding one that has room takes no longer
 * for many workers than for few. Guarded by its scheduler's lock.
 */
final class WorkerTable {

	private final int chosenWindow;

	private final Map<String, WorkerLoad> loads = new LinkedHashMap<>();

	/** Those that had room when they were last looked at. */
	private final Deque<WorkerLoad> free = new ArrayDeque<>();

	private int totalWindow;

	/**
	 * Creates a table without workers.
	 * @param chosenWindow how many items each gets at a time, 0 for what it says itself
	 */
	WorkerTable(int chosenWindow) {
		this.chosenWindow = chosenWindow;
	}

	/**
	 * Takes over what is known of the workers now.
	 */
	void update(List<Worker> workers, long now) {
		Set<String> listed = new HashSet<>();
		for (Worker worker : workers) {
			listed.add(worker.id());
			boolean chosen = this.chosenWindow > 0;
			this.loads.computeIfAbsent(worker.id(), WorkerLoad::new)
				.update(worker.state(), chosen ? this.chosenWindow : worker.first(),
						chosen ? this.chosenWindow : worker.capacity());
		}
		long windows = 0;
		for (WorkerLoad load : this.loads.values()) {
			if (!listed.contains(load.id)) {
				load.gone();
			}
			offer(load, now);
			windows += load.isAvailable(now) ? load.window() : 0;
		}
		this.totalWindow = (int) Math.min(windows, Integer.MAX_VALUE);
	}

	/**
	 * Gives a worker more at a time if it has earned it.
	 * @param left how many items have not begun
	 */
	void grow(WorkerLoad load, long left) {
		// Whoever joins is to find work, too: as much as all the others have together.
		if (load.mayGrow(left >= 2L * this.totalWindow)) {
			this.totalWindow = (int) Math.min((long) this.totalWindow + load.grow(), Integer.MAX_VALUE);
		}
	}

	/**
	 * How many items all workers together may have.
	 */
	int totalWindow() {
		return this.totalWindow;
	}

	/**
	 * Queues a worker if it has room.
	 */
	void offer(WorkerLoad load, long now) {
		if (!load.queued && load.hasRoom(now)) {
			load.queued = true;
			this.free.addLast(load);
		}
	}

	/**
	 * Takes a worker that has room out of the queue. Who gives it an item offers it
	 * again.
	 * @return a worker, or null if none has room
	 */
	@Nullable WorkerLoad poll(long now) {
		WorkerLoad load = this.free.pollFirst();
		while (load != null) {
			load.queued = false;
			if (load.hasRoom(now)) {
				return load;
			}
			load = this.free.pollFirst();
		}
		return null;
	}

	int queued() {
		return this.free.size();
	}

	/**
	 * Whether another worker than this could take an item, now or as soon as it has room.
	 */
	boolean hasOther(String id, long now) {
		for (WorkerLoad load : this.loads.values()) {
			if (!load.id.equals(id) && load.isAvailable(now)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Those that have items, listed or not.
	 */
	List<String> busy() {
		return this.loads.values().stream().filter((load) -> load.running > 0).map((load) -> load.id).toList();
	}

	int listed() {
		return (int) this.loads.values().stream().filter(WorkerLoad::isListed).count();
	}

	List<WorkerProgress> progress() {
		return this.loads.values().stream().map(WorkerLoad::progress).toList();
	}

}
