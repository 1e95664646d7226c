package io.github.netrpc.client;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * Decides which failed calls of a channel are tried again, and when. Thread-safe. <pre>
 * the attempt       its code                         tried again
 * did not run       UNAVAILABLE                      always
 * did not run       RESOURCE_EXHAUSTED               always at another node, at the same if few are refused
 * may have run      UNAVAILABLE                      if the method is idempotent
 * </pre> A call that ran and failed is not: if its handler could not call a third
 * service, that call was tried again behind it, and attempts at several layers multiply.
 * Not beyond the deadline, the number of attempts or the budget. A call that was refused,
 * not lost, goes to another node at once if one is connected; every other retry waits
 * first.
 *
 * @since 0.1.0
 */
public final class Retries implements AutoCloseable {

	private static final long NO = -1;

	private final RetryLimits limits;

	private final ClientResources resources;

	private final Nodes nodes;

	private final RetryBudget budget;

	/** Null if no call is made at two nodes at the same time. */
	private final @Nullable Hedges hedges;

	/** The calls between their first failure and their end. */
	private final Set<RetriedCall> open = ConcurrentHashMap.newKeySet();

	private final LongAdder admitted = new LongAdder();

	private volatile boolean closed;

	/**
	 * Creates what decides for the calls of a channel.
	 * @param limits how often, how soon and how many
	 * @param resources what the nodes share
	 * @param nodes where retries go
	 */
	public Retries(RetryLimits limits, ClientResources resources, Nodes nodes) {
		this(limits, null, resources, nodes);
	}

	/**
	 * Creates what decides for the calls of a channel.
	 * @param limits how often, how soon and how many
	 * @param hedging when a second attempt is made beside the first, or null for never
	 * @param resources what the nodes share
	 * @param nodes where retries go
	 */
	public Retries(RetryLimits limits, @Nullable HedgingPolicy hedging, ClientResources resources, Nodes nodes) {
		this.limits = limits;
		this.resources = resources;
		this.nodes = nodes;
		this.budget = new RetryBudget(limits.budget(), limits.budgetFloor(), resources.timer().nanoTime());
		this.hedges = (hedging != null) ? new Hedges(hedging, resources.timer()) : null;
	}

	/**
	 * Has the calls of an idempotent method made at a second node when the first one
	 * takes long, if that is switched on.
	 * @param plan the plan of the method
	 * @param names what the method may be called in the configuration
	 * @return a plan for the same, or the same plan
	 */
	public CallPlan hedged(CallPlan plan, List<String> names) {
		return (this.hedges != null && isOn()) ? this.hedges.hedged(plan, names) : plan;
	}

	/**
	 * Watches a call that is about to be given to a node, for as long as it is under way.
	 * @param call the call, which no node has taken
	 * @param argument the argument
	 */
	public void watch(ClientCall<?> call, @Nullable Object argument) {
		if (this.hedges != null && call.mayRetry() && this.nodes.hasSeveral(call)) {
			this.hedges.watch(this, call, argument);
		}
	}

	/**
	 * What is known of second attempts beside the first.
	 * @return a snapshot, or null if there never are any
	 */
	public @Nullable HedgingSnapshot hedging() {
		return (this.hedges != null) ? this.hedges.snapshot() : null;
	}

	/**
	 * Counts a call that begins: the more there are, the more retries there may be.
	 */
	void begun(ClientCall<?> call) {
		this.budget.called(call.startNanos());
	}

	/**
	 * Whether calls are tried again at all.
	 */
	boolean isOn() {
		return this.limits.maxAttempts() > 1;
	}

	/**
	 * How many attempts there were after one that had failed, or are about to be.
	 * @return retries since the channel was built, without second attempts beside the
	 * first
	 */
	public long count() {
		return this.admitted.sum();
	}

	/**
	 * How many calls are between two attempts.
	 * @return calls that no node has
	 */
	public int pausing() {
		return (int) this.open.stream().filter(RetriedCall::isPausing).count();
	}

	/**
	 * Takes a call over whose first attempt has failed.
	 * @return false if it is not tried again
	 */
	boolean takeOver(ClientCall<?> call, CallFailure failure) {
		NodeClient node = call.node();
		long pause = admit(call, failure, 1, (node != null) ? List.of(node) : List.of());
		if (pause == NO) {
			return false;
		}
		RetriedCall retried = new RetriedCall(this, call, failure);
		this.open.add(retried);
		call.retryAs(retried);
		call.endIfCompleted();
		retried.pause(pause);
		return true;
	}

	/**
	 * Whether a call that failed again is tried once more.
	 * @return the pause in nanoseconds, negative for no
	 */
	long admit(ClientCall<?> call, CallFailure failure, int attempts, List<NodeClient> tried) {
		if (this.closed || attempts >= this.limits.maxAttempts() || !isRetryable(failure, call.plan().idempotent())) {
			return NO;
		}
		long now = this.resources.timer().nanoTime();
		boolean goOn = failure.known() == Known.NOT_RUN && this.nodes.hasOther(call, tried);
		if (!goOn && failure.code() == RpcCode.RESOURCE_EXHAUSTED && !this.budget.refused(now)) {
			return NO;
		}
		long pause = goOn ? 0
				: (long) (this.resources.random().getAsDouble() * this.limits.longestPauseNanos(attempts));
		if (now + pause >= call.deadlineNanos() || !this.budget.withdraw(now)) {
			return NO;
		}
		this.admitted.increment();
		try {
			call.plan().recorder().retried(failure.code());
		}
		catch (Throwable ex) {
			this.resources.completions().report("A retry of " + call.plan() + " could not be recorded", ex);
		}
		return pause;
	}

	/**
	 * Asks for a second attempt beside the first, which is one more attempt as a retry
	 * is.
	 * @return false if there have been enough of both
	 */
	boolean admitHedge(long now) {
		return this.budget.withdraw(now);
	}

	/**
	 * Whether an attempt with such an end leaves the call to another attempt.
	 */
	static boolean isRetryable(CallFailure failure, boolean idempotent) {
		return switch (failure.code()) {
			case UNAVAILABLE -> failure.known() == Known.NOT_RUN || (idempotent && failure.known() == Known.MAYBE_RAN);
			case RESOURCE_EXHAUSTED -> failure.known() == Known.NOT_RUN;
			default -> false;
		};
	}

	ClientTimer timer() {
		return this.resources.timer();
	}

	Completions completions() {
		return this.resources.completions();
	}

	Nodes nodes() {
		return this.nodes;
	}

	void start(ClientCall<?> attempt, @Nullable Object argument, List<NodeClient> tried) {
		try {
			this.nodes.startAgain(attempt, argument, tried);
		}
		catch (Throwable ex) {
			reject(attempt, ex);
		}
	}

	void startElsewhere(ClientCall<?> attempt, @Nullable Object argument, List<NodeClient> tried) {
		try {
			this.nodes.startElsewhere(attempt, argument, tried);
		}
		catch (Throwable ex) {
			reject(attempt, ex);
		}
	}

	private static void reject(ClientCall<?> attempt, Throwable ex) {
		attempt.reject(new CallFailure(RpcCode.INTERNAL, Known.NOT_RUN,
				attempt.plan() + " could not be tried again: " + ex, ex));
	}

	void hedged(ClientCall<?> call) {
		try {
			call.plan().recorder().hedged();
		}
		catch (Throwable ex) {
			this.resources.completions().report("A second attempt of " + call.plan() + " could not be recorded", ex);
		}
	}

	void hedgeEnded(ClientCall<?> call, boolean won) {
		try {
			call.plan().recorder().hedgeEnded(won);
		}
		catch (Throwable ex) {
			this.resources.completions().report("A second attempt of " + call.plan() + " could not be recorded", ex);
		}
	}

	/**
	 * Keeps a call that has begun to have further attempts.
	 */
	void opened(RetriedCall call) {
		this.open.add(call);
	}

	boolean isClosed() {
		return this.closed;
	}

	void forget(RetriedCall call) {
		this.open.remove(call);
	}

	/**
	 * Ends the calls that wait for their next attempt. To be called when all nodes are
	 * closed.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.open.forEach(RetriedCall::close);
	}

	/**
	 * Where retries go.
	 */
	public interface Nodes {

		/**
		 * Whether a node is connected that a call was not given to yet.
		 * @param call the call
		 * @param tried the nodes of its attempts
		 * @return whether there is another one
		 */
		boolean hasOther(ClientCall<?> call, List<NodeClient> tried);

		/**
		 * Gives an attempt to a node, or ends it.
		 * @param attempt the attempt
		 * @param argument the argument
		 * @param tried nodes to be avoided if there are others
		 */
		void startAgain(ClientCall<?> attempt, @Nullable Object argument, List<NodeClient> tried);

		/**
		 * Whether a call may go to one of several nodes that are connected.
		 * @param call the call
		 * @return false if there is but one
		 */
		boolean hasSeveral(ClientCall<?> call);

		/**
		 * Whether a node is connected that does its work, and that a call was not given
		 * to yet.
		 * @param call the call
		 * @param tried the nodes of its attempts
		 * @return whether there is another one, which is not left out for its failures
		 */
		boolean hasSound(ClientCall<?> call, List<NodeClient> tried);

		/**
		 * Gives an attempt to such a node at once, or ends it.
		 * @param attempt the attempt
		 * @param argument the argument
		 * @param tried the nodes that it must not be given to
		 */
		void startElsewhere(ClientCall<?> attempt, @Nullable Object argument, List<NodeClient> tried);

	}

}
