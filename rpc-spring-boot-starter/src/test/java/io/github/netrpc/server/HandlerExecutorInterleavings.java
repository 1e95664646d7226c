package io.github.netrpc.server;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import io.github.netrpc.exec.Unflushed;

/**
 * Two threads at a {@link HandlerExecutor}.
 */
public class HandlerExecutorInterleavings {

	/**
	 * A call comes while the only runner ends. The watch never looks: nobody else would
	 * find a call that stays behind.
	 */
	@JCStressTest
	@State
	@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "both calls were run, and no runner is left")
	@Outcome(expect = Expect.FORBIDDEN, desc = "a call waits and there is no runner, or one was run twice")
	public static class SubmitAndEnd {

		private final Queue<Runnable> starts = new ConcurrentLinkedQueue<>();

		private final AtomicInteger ran = new AtomicInteger();

		private final HandlerExecutor<Worker> executor = new HandlerExecutor<>(this.starts::add, 1, 2, Worker::new,
				new Unflushed<>(), OverloadLimits.DEFAULT, () -> 0);

		public SubmitAndEnd() {
			submit();
		}

		private void submit() {
			this.executor.submit(new Task(this.ran), (look, delay) -> {
			});
		}

		private void runStarted() {
			for (Runnable runner = this.starts.poll(); runner != null; runner = this.starts.poll()) {
				runner.run();
			}
		}

		@Actor
		public void io() {
			submit();
		}

		@Actor
		public void runner() {
			this.starts.remove().run();
		}

		@Arbiter
		public void judgement(II_Result result) {
			runStarted();
			result.r1 = this.ran.get();
			result.r2 = this.executor.runners();
		}

	}

	private static final class Worker implements HandlerExecutor.Worker {

		@Override
		public void close() {
		}

	}

	private record Task(AtomicInteger ran) implements HandlerExecutor.Task<Worker> {

		@Override
		public boolean run(Worker worker) {
			this.ran.incrementAndGet();
			return true;
		}

		@Override
		public void refuse(RefusalReason reason) {
		}

		@Override
		public boolean isOver() {
			return false;
		}

		@Override
		public long queuedNanos() {
			return 0;
		}

	}

}
