package io.github.netrpc.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The calls that wait at a node: for a connection, or for room on one. When there is room
 * they are sent, oldest first, by one task; while they wait, calls that come queue behind
 * them.
 * <p>
 * The lock is the node's, since whether a call may wait depends on the node's state, and
 * a call that waits must be seen by whoever changes that. It is never held while a call
 * is sent or ended. So between {@link #first} and {@link #putBack} a call is neither here
 * nor on a connection: whoever ends it or looks for late calls then misses it, and
 * {@link #watch} makes up for that once it is here again.
 */
final class WaitingCalls {

	private final NodeClient node;

	private final ReentrantLock lock;

	private final NodeRoutes routes;

	private final NodeFailures failures;

	private final NodeListener listener;

	private final Completions completions;

	private final DeadlineWatch deadlines;

	private final int limit;

	private final Deque<ClientCall<?>> calls = new ArrayDeque<>();

	/** Calls wait although a connection is open. Written with the lock held. */
	private volatile boolean holding;

	/** A task is to send the calls that wait. */
	private boolean sending;

	/** The connections had no room; until all have been sent that wait, calls queue. */
	private boolean congested;

	/**
	 * Creates an empty queue.
	 * @param lock the node's
	 * @param deadlines looks for late calls, with {@link #addLate}
	 */
	WaitingCalls(NodeClient node, ReentrantLock lock, NodeRoutes routes, NodeFailures failures, NodeListener listener,
			ClientResources resources, DeadlineWatch deadlines) {
		this.node = node;
		this.lock = lock;
		this.routes = routes;
		this.failures = failures;
		this.listener = listener;
		this.completions = resources.completions();
		this.deadlines = deadlines;
		this.limit = resources.limits().waitingAtNode();
	}

	// With the lock held

	int count() {
		return this.calls.size();
	}

	boolean isFull() {
		return this.calls.size() >= this.limit;
	}

	/**
	 * Adds a call. To be followed by {@link #publish}, and without the lock by
	 * {@link #watch}.
	 */
	void add(ClientCall<?> call, @Nullable Object argument) {
		call.waitAt(this.node, argument);
		this.calls.addLast(call);
		this.congested |= this.routes.isReady();
	}

	/**
	 * Takes all calls out, of a node that does not send them.
	 */
	List<ClientCall<?>> takeAll() {
		List<ClientCall<?>> calls = new ArrayList<>(this.calls);
		this.calls.clear();
		return calls;
	}

	/**
	 * Finds the calls whose time is over, and leaves them here.
	 * @param late gets the calls
	 * @return when the next one's time is over, or {@link Long#MAX_VALUE}
	 */
	long addLate(long now, List<ClientCall<?>> late) {
		long earliest = Long.MAX_VALUE;
		for (ClientCall<?> call : this.calls) {
			if (call.deadlineNanos() <= now) {
				late.add(call);
			}
			else {
				earliest = Math.min(earliest, call.deadlineNanos());
			}
		}
		return earliest;
	}

	/**
	 * Says where calls go without the lock, when something has changed here or there.
	 */
	void publish() {
		boolean hold = this.routes.isReady() && !this.calls.isEmpty();
		this.congested &= hold;
		this.routes.publish(this.congested);
		this.holding = hold;
	}

	// Without the lock

	/**
	 * Sees to it that a call ends which has been added: in time, and out of here.
	 */
	void watch(ClientCall<?> call) {
		if (!call.isOpen()) {
			// Ended before it was here to be removed.
			remove(call);
			call.dropArgument();
		}
		// The sweep may have run before it was here to be found.
		this.deadlines.watch(call.deadlineNanos());
	}

	/**
	 * A call has ended that may be here.
	 */
	void remove(ClientCall<?> call) {
		this.lock.lock();
		try {
			if (this.calls.remove(call)) {
				publish();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Looks for room that may have come before the calls were here to be seen.
	 * @param mayEncode whether the current thread may send a call itself. One that has to
	 * wait sends the call that has waited longest: so calls that come do not outrun the
	 * one task that sends those that wait
	 */
	void sendIfRoom(boolean mayEncode) {
		if (mayEncode && this.holding && this.routes.anyRoom()) {
			ClientCall<?> call = first(false);
			if (call != null) {
				send(call, false);
			}
		}
		roomFreed();
	}

	/**
	 * A connection has room for a call, or may have. Has the calls sent by a thread that
	 * may take its time; until it comes to them they stay where their deadlines are
	 * watched.
	 */
	void roomFreed() {
		if (this.holding && this.routes.anyRoom() && claimSending()) {
			this.completions.executeInternal(this::sendAll);
		}
	}

	/**
	 * Takes on the task of sending.
	 * @return false if another thread has it, or there is nothing to send
	 */
	private boolean claimSending() {
		this.lock.lock();
		try {
			boolean claimed = !this.sending && this.routes.isReady() && !this.calls.isEmpty();
			this.sending |= claimed;
			return claimed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void sendAll() {
		boolean goOn = true;
		while (goOn) {
			ClientCall<?> call = first(true);
			goOn = call != null && send(call, true);
		}
	}

	/**
	 * Takes the call out that has waited longest.
	 * @param task whether the task of sending asks, which is over if there is none
	 */
	private @Nullable ClientCall<?> first(boolean task) {
		this.lock.lock();
		try {
			ClientCall<?> call = this.routes.isReady() ? this.calls.poll() : null;
			if (task) {
				this.sending = call != null;
			}
			publish();
			return call;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Sends a call that has waited.
	 * @return whether the task of sending is to go on
	 */
	private boolean send(ClientCall<?> call, boolean task) {
		try {
			Object argument = call.argument();
			call.waited(this.routes.waited(call));
			if (!call.isOpen() || this.routes.sendAhead(call, argument)) {
				return true;
			}
			return putBack(call, argument, task);
		}
		catch (Throwable ex) {
			// The calls behind it must still be sent.
			call.fail((sent) -> this.failures.notOffered(call, sent, ex));
			return true;
		}
	}

	/**
	 * Puts a call back for which there was no room.
	 * @return whether the task of sending is to go on, since there is room again
	 */
	private boolean putBack(ClientCall<?> call, @Nullable Object argument, boolean task) {
		boolean waits;
		call.waitAt(this.node, argument);
		this.lock.lock();
		try {
			waits = addFirst(List.of(call));
			this.congested |= waits && this.routes.isReady();
			if (task) {
				this.sending = false;
			}
			publish();
		}
		finally {
			this.lock.unlock();
		}
		if (!waits) {
			CallFailure refused = this.node.offerAgain(call);
			if (refused != null) {
				this.listener.returned(this.node, List.of(call), refused);
			}
			return task;
		}
		watch(call);
		return task && this.routes.anyRoom() && claimSending();
	}

	/**
	 * Puts calls in front of those that have come since. Needs the lock.
	 * @return false if calls do not wait here any more
	 */
	private boolean addFirst(List<ClientCall<?>> calls) {
		NodeState state = this.routes.state();
		if (state != NodeState.CONNECTING && state != NodeState.READY) {
			return false;
		}
		for (int i = calls.size() - 1; i >= 0; i--) {
			this.calls.addFirst(calls.get(i));
		}
		return true;
	}

	/**
	 * Gives the calls that wait for a connection to a node that is connected, but for
	 * those that are bound to this one. Those that the other does not take go on waiting
	 * here, if calls still do.
	 */
	void moveTo(NodeClient other) {
		List<ClientCall<?>> calls = takeUnbound();
		List<ClientCall<?>> refused = new ArrayList<>();
		CallFailure reason = null;
		for (ClientCall<?> call : calls) {
			try {
				CallFailure failure = other.offerAgain(call);
				if (failure != null) {
					refused.add(call);
					reason = failure;
				}
			}
			catch (Throwable ex) {
				call.fail((sent) -> this.failures.notOffered(call, sent, ex));
			}
		}
		if (reason != null && !goOnWaiting(refused)) {
			this.listener.returned(other, refused, reason);
		}
	}

	private List<ClientCall<?>> takeUnbound() {
		this.lock.lock();
		try {
			if (this.routes.isReady()) {
				return List.of();
			}
			List<ClientCall<?>> calls = takeAll();
			calls.stream().filter((call) -> call.options().node() != null).forEach(this.calls::add);
			calls.removeIf((call) -> call.options().node() != null);
			return calls;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean goOnWaiting(List<ClientCall<?>> calls) {
		this.lock.lock();
		try {
			if (!addFirst(calls)) {
				return false;
			}
			publish();
		}
		finally {
			this.lock.unlock();
		}
		calls.forEach(this::watch);
		roomFreed();
		return true;
	}

}
