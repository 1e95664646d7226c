package io.github.netrpc.cluster;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.RpcException;
import io.github.netrpc.client.ClientTimer;

/**
 * What an operation does at one node, from the lambda's beginning to its one outcome.
 * Thread-safe.
 *
 * @param <T> the client interface
 * @param <R> the type of the result
 */
final class NodePart<T, R extends @Nullable Object> {

	private final ClusterNode node;

	private final Owner<R> owner;

	private final NodeLambda<T, R> lambda;

	private final T proxy;

	private final CallScope scope;

	private final ClientTimer timer;

	// The rest is guarded by this.

	private boolean begun;

	private boolean ended;

	/** Null until it has ended by itself. */
	private @Nullable NodeOutcome<R> outcome;

	private long startNanos;

	/** The thread that a lambda blocks. */
	private @Nullable Thread runner;

	private boolean interrupted;

	private @Nullable CompletionStage<?> stage;

	/**
	 * Creates a part that has not begun.
	 * @param owner told of the outcome
	 * @param lambda the work
	 * @param proxy what the lambda gets
	 * @param scope the calls of that proxy
	 */
	NodePart(ClusterNode node, Owner<R> owner, NodeLambda<T, R> lambda, T proxy, CallScope scope, ClientTimer timer) {
		this.node = node;
		this.owner = owner;
		this.lambda = lambda;
		this.proxy = proxy;
		this.scope = scope;
		this.timer = timer;
	}

	/**
	 * Begins the work.
	 * @param executor runs the lambda, or null for this thread
	 */
	void begin(@Nullable Executor executor) {
		long now = this.timer.nanoTime();
		synchronized (this) {
			this.begun = true;
			this.startNanos = now;
		}
		if (executor == null) {
			run();
			return;
		}
		try {
			executor.execute(this::run);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// No thread to be had, for now.
			fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN, "no thread for the lambda: " + ex.getMessage(), ex);
		}
		catch (Throwable ex) {
			fail(RpcCode.INTERNAL, Known.NOT_RUN, "the executor has failed: " + ex, ex);
		}
	}

	private void run() {
		if (!enter()) {
			return;
		}
		Object returned = null;
		Throwable thrown = null;
		RpcContext serving = this.scope.serving();
		RpcContextSlot slot = (serving != null) ? RpcContextSlot.ofCurrentThread() : null;
		RpcContext before = (slot != null) ? slot.get() : null;
		try {
			if (slot != null) {
				slot.set(serving);
			}
			returned = this.lambda.on(this.proxy);
		}
		catch (Throwable ex) {
			thrown = ex;
		}
		finally {
			if (slot != null) {
				slot.set(before);
			}
			leave();
		}
		if (thrown != null) {
			failed(thrown);
		}
		else if (this.lambda.isAsync()) {
			follow(returned);
		}
		else {
			returned(returned);
		}
	}

	private synchronized boolean enter() {
		if (!this.ended && !this.lambda.isAsync()) {
			this.runner = Thread.currentThread();
		}
		return !this.ended;
	}

	/**
	 * The thread is about to do other things, which an interrupt of ours must not reach.
	 */
	private void leave() {
		if (!this.lambda.isAsync()) {
			leaveRunner();
		}
	}

	private synchronized void leaveRunner() {
		this.runner = null;
		if (this.interrupted) {
			Thread.interrupted();
		}
	}

	@SuppressWarnings({ "unchecked", "NullAway" }) // null where R says so
	private void returned(@Nullable Object value) {
		if (value instanceof CompletionStage<?> unawaited) {
			cancel(unawaited);
			this.owner.misused("the lambda returned a " + CompletionStage.class.getSimpleName()
					+ ", whose result nobody would wait for");
		}
		else if (this.scope.hasOpen()) {
			this.owner.misused("the lambda returned before calls had ended that it had begun");
		}
		else {
			succeed((R) value);
		}
	}

	@SuppressWarnings({ "unchecked", "FutureReturnValueIgnored", "NullAway" }) // never
																				// throws
	private void follow(@Nullable Object returned) {
		if (!(returned instanceof CompletionStage<?> followed)) {
			fail(RpcCode.INTERNAL, this.scope.known(), "the lambda returned null instead of a CompletionStage", null);
			return;
		}
		boolean late;
		synchronized (this) {
			late = this.ended;
			this.stage = followed;
		}
		if (late) {
			cancel(followed);
			return;
		}
		followed.whenComplete((value, failure) -> {
			if (failure != null) {
				failed(failure);
			}
			else {
				succeed((R) value);
			}
		});
	}

	private static void cancel(CompletionStage<?> stage) {
		try {
			stage.toCompletableFuture().cancel(true);
		}
		catch (RuntimeException ex) {
			// A stage need not be a future. The calls behind it are ended anyway.
		}
	}

	private void succeed(R value) {
		end(NodeOutcome.success(this.node, value, latency()));
	}

	private void failed(Throwable thrown) {
		Throwable cause = thrown;
		while ((cause instanceof CompletionException || cause instanceof ExecutionException)
				&& cause.getCause() != null) {
			cause = cause.getCause();
		}
		if (cause instanceof RpcException failure) {
			end(NodeOutcome.failure(this.node, failure, latency()));
		}
		else if (cause instanceof CancellationException || cause instanceof InterruptedException) {
			fail(RpcCode.CANCELLED, this.scope.known(), "the lambda was cancelled", cause);
		}
		else {
			fail(RpcCode.UNKNOWN, this.scope.known(), "the lambda failed: " + cause, cause);
		}
	}

	private void fail(RpcCode code, Known known, String what, @Nullable Throwable cause) {
		end(NodeOutcome.failure(this.node, failure(code, known, what, cause), latency()));
	}

	private void end(NodeOutcome<R> own) {
		boolean late;
		synchronized (this) {
			late = this.ended;
			if (!late) {
				this.ended = true;
				this.outcome = own;
			}
		}
		if (late) {
			this.owner.late(own);
		}
		else {
			this.owner.ended(own);
		}
	}

	/**
	 * Ends the part, if it has not ended, since nobody waits for it any more. Called
	 * once.
	 * @param code how it ends
	 * @param why says so, in the outcome and to the calls that are cancelled
	 * @return the outcome, its own one if it has ended by itself
	 */
	NodeOutcome<R> abandon(RpcCode code, String why) {
		boolean asked;
		CompletionStage<?> pending;
		NodeOutcome<R> own;
		synchronized (this) {
			this.ended = true;
			own = this.outcome;
			asked = this.begun;
			pending = this.stage;
		}
		if (own != null) {
			// Calls that the outcome did not wait for end all the same.
			this.scope.close(why);
			return own;
		}
		if (!asked) {
			return NodeOutcome.failure(this.node, failure(code, Known.NOT_RUN, why + ", not asked", null), 0);
		}
		// First the calls: they know best whether they ran.
		Known known = this.scope.close(why);
		if (pending != null) {
			cancel(pending);
		}
		interrupt();
		return NodeOutcome.failure(this.node, failure(code, known, why, null), latency());
	}

	/**
	 * The outcome of a part that could not be ended as it should.
	 */
	NodeOutcome<R> broken(Throwable cause) {
		return NodeOutcome.failure(this.node,
				failure(RpcCode.INTERNAL, Known.MAYBE_RAN, "could not be ended: " + cause, cause), latency());
	}

	private synchronized void interrupt() {
		Thread blocked = this.runner;
		if (blocked != null) {
			this.interrupted = true;
			blocked.interrupt();
		}
	}

	private synchronized long latency() {
		return this.timer.nanoTime() - this.startNanos;
	}

	private RpcException failure(RpcCode code, Known known, String what, @Nullable Throwable cause) {
		return new RpcCallException(code, known, this.node.id() + ": " + what, cause,
				new RpcCallException.Trace(this.node.id(), null, false, List.of()));
	}

	/**
	 * Told of the outcome, by whichever thread has it.
	 */
	interface Owner<R extends @Nullable Object> {

		/**
		 * A part has ended by itself.
		 * @param outcome how
		 */
		void ended(NodeOutcome<R> outcome);

		/**
		 * A part has ended by itself after it was abandoned.
		 * @param outcome how, which counts for nothing
		 */
		default void late(NodeOutcome<R> outcome) {
		}

		/**
		 * The lambda is of the wrong kind for the operation.
		 */
		void misused(String why);

	}

}
