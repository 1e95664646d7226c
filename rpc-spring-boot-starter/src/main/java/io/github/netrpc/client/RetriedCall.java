package io.github.netrpc.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcAttempt;
import io.github.netrpc.RpcCode;

/**
 * What is between a call and its further attempts. The call is what the caller holds; it
 * was the first attempt itself. Each further attempt is a {@link ClientCall} of its own
 * with the same deadline, which ends this and never anything else; the outcome of the
 * last one ends the call. Whoever ends the call first, an attempt, the deadline, the
 * caller or the channel, takes it from state {@code RETRYING}.
 * <p>
 * The second attempt may also be a hedge, beside the first one, which is still under way
 * in the call itself. Then the first good answer ends the call, and the failure of one
 * leaves it to the other; but what the first one would have ended the call with, had it
 * been alone, still does. From the first one's failure on the hedge is an attempt like
 * any other.
 * <p>
 * The lock is held for field accesses only.
 */
final class RetriedCall {

	private final Retries retries;

	private final ClientCall<?> call;

	private final @Nullable Object argument;

	/** Null if there is no hedge. */
	private final @Nullable HedgedMethod hedged;

	private final List<RpcAttempt> attempts = new ArrayList<>(3);

	private final List<NodeClient> tried = new ArrayList<>(3);

	private Known known = Known.NOT_RUN;

	private @Nullable CallFailure failure;

	private ClientCall<?> last;

	/** Between two attempts there is none. */
	private @Nullable ClientCall<?> current;

	/** Whether the first attempt is under way, and this a hedge. */
	private boolean firstOpen;

	/** Whether there is a hedge whose end was not told. */
	private boolean hedgeUntold;

	/** The answer, once an attempt has one and the call is about to end with it. */
	private @Nullable Answer answer;

	private boolean over;

	private @Nullable Runnable cancelPause;

	private @Nullable Runnable cancelDeadline;

	RetriedCall(Retries retries, ClientCall<?> call, CallFailure failure) {
		this.retries = retries;
		this.call = call;
		this.argument = call.argument();
		this.hedged = null;
		this.last = call;
		add(call, failure);
	}

	/**
	 * Holds a call whose first attempt is under way and which is about to have a hedge.
	 */
	RetriedCall(Retries retries, ClientCall<?> call, @Nullable Object argument, HedgedMethod hedged) {
		this.retries = retries;
		this.call = call;
		this.argument = argument;
		this.last = call;
		this.firstOpen = true;
		this.hedged = hedged;
		retries.opened(this);
	}

	private void add(ClientCall<?> attempt, CallFailure failure) {
		this.attempts.add(attempt.describe(failure, this.call.startNanos()));
		this.known = combine(this.known, failure.known());
		this.failure = failure;
		if (this.answer == null) {
			this.last = attempt;
		}
		if (attempt == this.current) {
			this.current = null;
		}
		NodeClient node = attempt.node();
		if (node != null) {
			this.tried.add(node);
		}
	}

	/**
	 * What two attempts leave open, the call leaves open.
	 */
	static Known combine(Known left, Known right) {
		if (left == Known.MAYBE_RAN || right == Known.MAYBE_RAN) {
			return Known.MAYBE_RAN;
		}
		return (left == Known.NOT_RUN) ? right : left;
	}

	/**
	 * Waits, then makes the next attempt. The deadline is watched as well, since the
	 * executor may have no thread for it.
	 */
	void pause(long nanos) {
		int failed;
		boolean first;
		synchronized (this) {
			failed = this.attempts.size();
			first = this.cancelDeadline == null;
		}
		ClientTimer timer = this.retries.timer();
		if (first) {
			onEnd(timer.schedule(this::late, Math.max(0, this.call.deadlineNanos() - timer.nanoTime())), true);
		}
		if (nanos == 0) {
			nextLater(failed);
		}
		else {
			onEnd(timer.schedule(() -> nextLater(failed), nanos), false);
		}
		if (this.retries.isClosed()) {
			close();
		}
	}

	/**
	 * Keeps what cancels a task until the call ends.
	 */
	private void onEnd(Runnable cancel, boolean deadline) {
		synchronized (this) {
			if (!this.over) {
				this.cancelDeadline = deadline ? cancel : this.cancelDeadline;
				this.cancelPause = deadline ? this.cancelPause : cancel;
				return;
			}
		}
		cancel.run();
	}

	/**
	 * Encoding may take long and run code of the application, so it is neither the
	 * timer's nor an I/O thread's.
	 */
	private void nextLater(int failed) {
		this.retries.completions().executeInternal(() -> next(failed));
	}

	private void next(int failed) {
		long now = this.retries.timer().nanoTime();
		if (now >= this.call.deadlineNanos()) {
			// What watches the deadline is about to say so.
			return;
		}
		ClientCall<?> attempt;
		List<NodeClient> tried;
		synchronized (this) {
			if (this.over || this.current != null || this.attempts.size() != failed) {
				return;
			}
			attempt = this.call.attempt(this, now);
			tried = List.copyOf(this.tried);
			this.current = attempt;
			this.last = attempt;
		}
		this.retries.start(attempt, this.argument, tried);
	}

	/**
	 * Makes the second attempt, beside the first one, at another node.
	 */
	void hedge(long now) {
		ClientCall<?> attempt;
		NodeClient node;
		synchronized (this) {
			node = this.call.node();
			if (this.over || !this.firstOpen || node == null || this.hedged == null) {
				return;
			}
			attempt = this.call.attempt(this, now);
			this.current = attempt;
			this.hedgeUntold = true;
		}
		this.hedged.hedged();
		this.retries.hedged(this.call);
		this.retries.startElsewhere(attempt, this.argument, List.of(node));
	}

	/**
	 * The first attempt has its answer, and so the call. A hedge that was not sent yet
	 * never will be: the caller may change the argument from now on.
	 */
	void firstAnswered() {
		abandon("the first attempt was answered");
	}

	/**
	 * The first attempt has failed beside a hedge.
	 * @return false if the call is given up, which ends it
	 */
	boolean firstFailed(CallFailure failure) {
		Answer answer;
		ClientCall<?> hedge;
		boolean leave;
		synchronized (this) {
			if (this.over) {
				return false;
			}
			answer = this.answer;
			hedge = this.current;
			leave = hedge != null && Retries.isRetryable(failure, true);
			add(this.call, failure);
			this.firstOpen = false;
			// Under the lock: whatever the hedge ends with next meets this state.
			this.call.retryAs(this);
			this.over = answer == null && hedge != null && !leave;
		}
		if (this.hedged != null && (leave || answer != null)) {
			// Neither recorded as the end of the call nor as what a retry follows.
			this.hedged.failed(failure.code());
		}
		this.call.endIfCompleted();
		if (answer != null) {
			this.call.endRetried(answer.value(), null);
		}
		else if (hedge == null) {
			goOn(failure);
		}
		else if (!leave) {
			// If it has just ended by itself, nobody knows how.
			Known known = hedge.giveUp("the first attempt has ended the call") ? known()
					: combine(known(), Known.MAYBE_RAN);
			this.call.endRetried(null, new CallFailure(failure.code(), known, failure.message(), failure.cause()));
		}
		return true;
	}

	/**
	 * An attempt has its answer.
	 */
	void succeeded(ClientCall<?> attempt, @Nullable Object value) {
		boolean beside;
		synchronized (this) {
			if (this.over) {
				return;
			}
			this.current = null;
			this.last = attempt;
			this.answer = new Answer(value);
			beside = this.firstOpen;
		}
		if (!beside || !this.call.overtake(this, value)) {
			// Without effect while the first attempt is just ending, which then sees the
			// answer.
			this.call.endRetried(value, null);
		}
	}

	/**
	 * An attempt has failed.
	 */
	void failed(ClientCall<?> attempt, CallFailure failure) {
		boolean over;
		boolean hedge;
		boolean goOn;
		synchronized (this) {
			over = this.over;
			hedge = this.hedgeUntold;
			add(attempt, failure);
			goOn = !over && !this.firstOpen;
		}
		if (hedge && this.hedged != null && !over) {
			if (!goOn) {
				// Otherwise it is counted as what a retry follows, or as the end of the
				// call.
				this.hedged.failed(failure.code());
			}
			tellHedge(false);
		}
		if (goOn) {
			goOn(failure);
		}
	}

	private void goOn(CallFailure failure) {
		int failed;
		List<NodeClient> tried;
		synchronized (this) {
			failed = this.attempts.size();
			tried = List.copyOf(this.tried);
		}
		long pause = this.retries.admit(this.call, failure, failed, tried);
		if (pause < 0) {
			end(failure.code(), failure.message(), failure.cause());
		}
		else {
			pause(pause);
		}
	}

	private void end(RpcCode code, String message, @Nullable Throwable cause) {
		this.call.endRetried(null, new CallFailure(code, known(), message, cause));
	}

	/**
	 * The deadline has come. An attempt under way is ended by its node, which knows more.
	 */
	private void late() {
		CallFailure failure = pausedAfter();
		if (failure != null) {
			end(RpcCode.DEADLINE_EXCEEDED, this.call.plan() + ": not tried again within " + this.call.timeoutMillis()
					+ " ms (phase: pause before a retry); before: " + failure.message(), failure.cause());
		}
	}

	/**
	 * The channel is closed. Closing the nodes has ended an attempt under way.
	 */
	void close() {
		CallFailure failure = pausedAfter();
		if (failure != null) {
			end(failure.code(), failure.message() + "; not tried again, the channel was closed", failure.cause());
		}
	}

	/**
	 * The caller has given the call up, and with it the attempt under way.
	 * @return what is known of all attempts
	 */
	Known abandon(String why) {
		ClientCall<?> current;
		synchronized (this) {
			this.over = true;
			this.answer = null;
			current = this.current;
		}
		over();
		if (current != null && !current.giveUp(why)) {
			// It has just ended, in whatever way.
			return combine(known(), Known.MAYBE_RAN);
		}
		return known();
	}

	/**
	 * The call has ended.
	 */
	void over() {
		Runnable cancelPause;
		Runnable cancelDeadline;
		boolean won;
		synchronized (this) {
			this.over = true;
			cancelPause = this.cancelPause;
			cancelDeadline = this.cancelDeadline;
			won = this.answer != null;
		}
		tellHedge(won);
		if (cancelPause != null) {
			cancelPause.run();
		}
		if (cancelDeadline != null) {
			cancelDeadline.run();
		}
		this.retries.forget(this);
	}

	/**
	 * Tells once how the hedge has ended, if there is one.
	 * @param won whether the call has its answer
	 */
	private void tellHedge(boolean won) {
		boolean untold;
		synchronized (this) {
			untold = this.hedgeUntold;
			this.hedgeUntold = false;
		}
		if (untold && this.hedged != null) {
			this.hedged.ended(won);
			this.retries.hedgeEnded(this.call, won);
		}
	}

	synchronized boolean isPausing() {
		return !this.over && !this.firstOpen && this.current == null && this.answer == null;
	}

	private synchronized @Nullable CallFailure pausedAfter() {
		return isPausing() ? this.failure : null;
	}

	private synchronized Known known() {
		return this.known;
	}

	synchronized ClientCall<?> last() {
		return this.last;
	}

	synchronized List<RpcAttempt> attempts() {
		return List.copyOf(this.attempts);
	}

	/**
	 * What an attempt was answered, which may be null.
	 */
	private record Answer(@Nullable Object value) {

	}

}
