package io.github.netrpc.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;

/**
 * The calls that the interceptors of one call have begun: which have not ended, what is
 * known of all of them, and whether there may be more. A call that may have been sent is
 * never left out: from before it begins until it is here it counts as one that may have
 * run. Thread-safe; no call is begun or ended under the lock.
 */
final class BegunCalls {

	/** Those that have not ended. Its lock guards all the fields. */
	private final List<ClientCall<?>> running = new ArrayList<>(1);

	/** How many calls are about to be among them, and may have been sent. */
	private int beginning;

	/** What is known of those that were among them. */
	private Known settled = Known.NOT_RUN;

	/** No more calls begin. So what is said to not have run never will. */
	private boolean refusing;

	/**
	 * Whether no more calls begin.
	 */
	boolean isRefusing() {
		synchronized (this.running) {
			return this.refusing;
		}
	}

	/**
	 * Announces a call. To be followed by {@link #begun}, whatever comes of it.
	 * @return false if no more calls begin
	 */
	boolean begin() {
		synchronized (this.running) {
			this.beginning += this.refusing ? 0 : 1;
			return !this.refusing;
		}
	}

	/**
	 * Leaves an announced call to what is known of it.
	 * @param call was {@link #add added}, or null if beginning it has failed
	 * @return false if nobody wants it any more
	 */
	boolean begun(@Nullable ClientCall<?> call) {
		synchronized (this.running) {
			this.beginning--;
			this.settled = (call != null) ? this.settled : Known.MAYBE_RAN;
			return !this.refusing;
		}
	}

	void add(ClientCall<?> call) {
		synchronized (this.running) {
			this.running.add(call);
		}
	}

	void ended(ClientCall<?> call) {
		synchronized (this.running) {
			this.running.remove(call);
			this.settled = RetriedCall.combine(this.settled, call.known());
		}
	}

	/**
	 * Lets no further call begin.
	 * @return those that have not ended
	 */
	List<ClientCall<?>> refuseMore() {
		synchronized (this.running) {
			this.refusing = true;
			return List.copyOf(this.running);
		}
	}

	/**
	 * What is known of all of them, at least.
	 */
	Known known() {
		synchronized (this.running) {
			Known known = this.settled;
			for (ClientCall<?> call : this.running) {
				known = RetriedCall.combine(known, call.known());
			}
			return (this.beginning > 0) ? Known.MAYBE_RAN : known;
		}
	}

}
