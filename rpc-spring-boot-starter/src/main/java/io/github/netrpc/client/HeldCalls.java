package io.github.netrpc.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * Calls that wait until it is known which nodes there are: not more than may wait at a
 * node, and none longer than its deadline. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HeldCalls implements AutoCloseable {

	private final ClientResources resources;

	private final Supplier<String> awaited;

	private final DeadlineWatch deadlines;

	private final ReentrantLock lock = new ReentrantLock();

	// Guarded by the lock.
	private final Deque<ClientCall<?>> calls = new ArrayDeque<>();

	// Guarded by the lock.
	private boolean closed;

	/**
	 * Creates a place without calls.
	 * @param resources bounds the calls and tells the time
	 * @param awaited says what they wait for, as "no nodes of dns://arith:1234"
	 */
	public HeldCalls(ClientResources resources, Supplier<String> awaited) {
		this.resources = resources;
		this.awaited = awaited;
		this.deadlines = new DeadlineWatch(resources.timer(), this::expire);
	}

	/**
	 * Offers a call.
	 * @param call a call that no node has taken
	 * @param argument the argument; it must not change until the call has ended
	 * @return null if the call waits here from now on, else why it does not, and the call
	 * is the offerer's again
	 */
	public @Nullable CallFailure offer(ClientCall<?> call, @Nullable Object argument) {
		int limit = this.resources.limits().waitingAtNode();
		this.lock.lock();
		try {
			if (this.closed) {
				return CallFailure.unavailable(Known.NOT_RUN, call.plan() + ": the channel is closed", null);
			}
			if (this.calls.size() >= limit) {
				// Those that their callers have given up are here still.
				this.calls.removeIf((held) -> !held.isOpen());
			}
			if (this.calls.size() >= limit) {
				return CallFailure.notRun(RpcCode.RESOURCE_EXHAUSTED, call.plan() + ": " + this.calls.size()
						+ " calls wait, " + this.awaited.get() + " (limit: " + limit + ")");
			}
			call.keep(argument);
			this.calls.addLast(call);
		}
		finally {
			this.lock.unlock();
		}
		if (!call.isOpen()) {
			call.dropArgument();
		}
		this.deadlines.watch(call.deadlineNanos());
		return null;
	}

	/**
	 * Takes the calls out.
	 * @return the calls that have not ended, to be offered to nodes or rejected
	 */
	public List<ClientCall<?>> release() {
		this.lock.lock();
		try {
			List<ClientCall<?>> open = this.calls.stream().filter(ClientCall::isOpen).toList();
			this.calls.clear();
			long now = this.resources.timer().nanoTime();
			open.forEach((call) -> call.waited(CallWait.held(now, call.startNanos())));
			return open;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How many calls wait.
	 * @return those that have not ended
	 */
	public int count() {
		this.lock.lock();
		try {
			return (int) this.calls.stream().filter(ClientCall::isOpen).count();
		}
		finally {
			this.lock.unlock();
		}
	}

	private long expire(long now) {
		long earliest = Long.MAX_VALUE;
		List<ClientCall<?>> late = new ArrayList<>();
		this.lock.lock();
		try {
			this.calls.removeIf((call) -> !call.isOpen());
			for (ClientCall<?> call : this.calls) {
				if (call.deadlineNanos() <= now) {
					late.add(call);
				}
				else {
					earliest = Math.min(earliest, call.deadlineNanos());
				}
			}
			this.calls.removeAll(late);
		}
		finally {
			this.lock.unlock();
		}
		late.forEach((call) -> call.reject(CallFailure.notRun(RpcCode.DEADLINE_EXCEEDED, call.plan() + ": "
				+ this.awaited.get() + " within " + call.timeoutMillis() + " ms, not sent (phase: resolve)")));
		return earliest;
	}

	/**
	 * Fails the calls, and takes no others.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
		}
		finally {
			this.lock.unlock();
		}
		this.deadlines.close();
		release().forEach((call) -> call
			.reject(CallFailure.unavailable(Known.NOT_RUN, call.plan() + ": the channel was closed", null)));
	}

}
