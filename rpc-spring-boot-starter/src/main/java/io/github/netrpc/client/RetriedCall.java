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
 * The lock is held for field accesses only.
 */
final class RetriedCall {

	private final Retries retries;

	private final ClientCall<?> call;

	private final @Nullable Object argument;

	private final List<RpcAttempt> attempts = new ArrayList<>(3);

	private final List<NodeClient> tried = new ArrayList<>(3);

	private Known known = Known.NOT_RUN;

	private CallFailure failure;

	private ClientCall<?> last;

	/** Between two attempts there is none. */
	private @Nullable ClientCall<?> current;

	private boolean over;

	private @Nullable Runnable cancelPause;

	private @Nullable Runnable cancelDeadline;

	RetriedCall(Retries retries, ClientCall<?> call, CallFailure failure) {
		this.retries = retries;
		this.call = call;
		this.argument = call.argument();
		this.failure = failure;
		this.last = call;
		add(call, failure);
	}

	private void add(ClientCall<?> attempt, CallFailure failure) {
		this.attempts.add(attempt.describe(failure, this.call.startNanos()));
		this.known = combine(this.known, failure.known());
		this.failure = failure;
		this.current = null;
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
		synchronized (this) {
			failed = this.attempts.size();
		}
		ClientTimer timer = this.retries.timer();
		if (failed == 1) {
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
	 * An attempt has its answer.
	 */
	void succeeded(@Nullable Object value) {
		this.call.endRetried(value, null);
	}

	/**
	 * An attempt has failed.
	 */
	void failed(ClientCall<?> attempt, CallFailure failure) {
		int failed;
		List<NodeClient> tried;
		synchronized (this) {
			add(attempt, failure);
			if (this.over) {
				return;
			}
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
		if (isPausing()) {
			end(RpcCode.DEADLINE_EXCEEDED,
					this.call.plan() + ": not tried again within " + this.call.timeoutMillis()
							+ " ms (phase: pause before a retry); before: " + lastFailure().message(),
					lastFailure().cause());
		}
	}

	/**
	 * The channel is closed. Closing the nodes has ended an attempt under way.
	 */
	void close() {
		if (isPausing()) {
			CallFailure failure = lastFailure();
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
		synchronized (this) {
			this.over = true;
			cancelPause = this.cancelPause;
			cancelDeadline = this.cancelDeadline;
		}
		if (cancelPause != null) {
			cancelPause.run();
		}
		if (cancelDeadline != null) {
			cancelDeadline.run();
		}
		this.retries.forget(this);
	}

	synchronized boolean isPausing() {
		return !this.over && this.current == null;
	}

	private synchronized Known known() {
		return this.known;
	}

	private synchronized CallFailure lastFailure() {
		return this.failure;
	}

	synchronized ClientCall<?> last() {
		return this.last;
	}

	synchronized List<RpcAttempt> attempts() {
		return List.copyOf(this.attempts);
	}

}
