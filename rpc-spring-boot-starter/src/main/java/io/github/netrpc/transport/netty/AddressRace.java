package io.github.netrpc.transport.netty;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The order in which the addresses of one host name are tried, after RFC 8305: the next
 * one as soon as one has failed, or 250 ms after the one before without an answer, while
 * that one goes on. The first that is open wins, and the others are given up. So an
 * address that answers nothing costs a quarter of a second.
 * <p>
 * The two families take turns, since it is often one of them that does not work. The
 * first address stays the first. Not thread-safe: all on one thread.
 */
final class AddressRace {

	/** RFC 8305, section 8: the recommended connection attempt delay. */
	static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	private final Deque<InetSocketAddress> waiting;

	private final List<Attempt> running = new ArrayList<>();

	private final Starter starter;

	private final Timer timer;

	private final Runnable lost;

	private final long delayNanos;

	private @Nullable Runnable cancelNext;

	private boolean over;

	/**
	 * Creates a race that has not begun.
	 * @param addresses the addresses, the best one first
	 * @param timeoutNanos how long it may take; many addresses are tried faster, so that
	 * the last one has a chance, too
	 * @param starter begins attempts
	 * @param timer runs a task later on the thread of the race
	 * @param lost called when all addresses have failed
	 */
	AddressRace(List<InetSocketAddress> addresses, long timeoutNanos, Starter starter, Timer timer, Runnable lost) {
		this.waiting = interleaved(addresses);
		this.delayNanos = Math.min(DELAY_NANOS, timeoutNanos / Math.max(1, addresses.size()));
		this.starter = starter;
		this.timer = timer;
		this.lost = lost;
	}

	private static Deque<InetSocketAddress> interleaved(List<InetSocketAddress> addresses) {
		Deque<InetSocketAddress> first = new ArrayDeque<>();
		Deque<InetSocketAddress> second = new ArrayDeque<>();
		for (InetSocketAddress address : addresses) {
			Deque<InetSocketAddress> family = (isIpv4(address) == isIpv4(addresses.get(0))) ? first : second;
			family.add(address);
		}
		Deque<InetSocketAddress> turns = new ArrayDeque<>();
		while (!first.isEmpty() || !second.isEmpty()) {
			for (Deque<InetSocketAddress> family : List.of(first, second)) {
				InetSocketAddress address = family.poll();
				if (address != null) {
					turns.add(address);
				}
			}
		}
		return turns;
	}

	private static boolean isIpv4(InetSocketAddress address) {
		return address.getAddress() instanceof Inet4Address;
	}

	/**
	 * Begins the next attempt, if there is an address left.
	 */
	void next() {
		cancelNext();
		if (this.over) {
			return;
		}
		InetSocketAddress address = this.waiting.poll();
		if (address == null) {
			if (this.running.isEmpty()) {
				this.over = true;
				this.lost.run();
			}
			return;
		}
		Attempt attempt = new Attempt();
		this.running.add(attempt);
		if (!this.waiting.isEmpty()) {
			this.cancelNext = this.timer.schedule(this::next, this.delayNanos);
		}
		attempt.giveUp = this.starter.start(address, attempt);
	}

	/**
	 * Ends the race without a winner.
	 */
	void stop() {
		this.over = true;
		cancelNext();
		List<Attempt> others = List.copyOf(this.running);
		this.running.clear();
		others.forEach((attempt) -> attempt.giveUp.run());
	}

	private void cancelNext() {
		Runnable cancel = this.cancelNext;
		this.cancelNext = null;
		if (cancel != null) {
			cancel.run();
		}
	}

	/**
	 * One address that is being tried.
	 */
	final class Attempt {

		private Runnable giveUp = () -> {
		};

		/**
		 * The connection is open.
		 * @return whether it is the first; if not, it is not wanted
		 */
		boolean opened() {
			if (!AddressRace.this.running.remove(this) || AddressRace.this.over) {
				return false;
			}
			stop();
			return true;
		}

		/**
		 * There is no connection. Without effect when that is known.
		 */
		void failed() {
			if (AddressRace.this.running.remove(this)) {
				next();
			}
		}

	}

	/**
	 * Begins to connect.
	 */
	@FunctionalInterface
	interface Starter {

		/**
		 * Begins.
		 * @param address where to
		 * @param attempt told what becomes of it
		 * @return gives the attempt up when run
		 */
		Runnable start(InetSocketAddress address, Attempt attempt);

	}

	/**
	 * Runs tasks later.
	 */
	@FunctionalInterface
	interface Timer {

		/**
		 * Schedules a task.
		 * @param task the task
		 * @param delayNanos how long from now
		 * @return cancels the task when run
		 */
		Runnable schedule(Runnable task, long delayNanos);

	}

}
