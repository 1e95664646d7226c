package io.github.netrpc.server;

/**
 * Cancels the stage of a call on a handler thread.
 */
final class StageCancellation implements HandlerExecutor.Task<HandlerWorker> {

	private final ServerCall call;

	private final long queuedNanos;

	StageCancellation(ServerCall call, long queuedNanos) {
		this.call = call;
		this.queuedNanos = queuedNanos;
	}

	@Override
	public void run(HandlerWorker worker) {
		this.call.cancelStage();
	}

	// The stage goes on, and can ask its context whether anybody waits for it.
	@Override
	public void refuse(RefusalReason reason) {
	}

	@Override
	public boolean isOver() {
		return false;
	}

	@Override
	public long queuedNanos() {
		return this.queuedNanos;
	}

}
