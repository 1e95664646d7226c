package io.github.netrpc.interop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.annotation.RpcService;

/**
 * A service whose replies come in any order: each call may have to wait for some later
 * call, or for a short while if there is none. No thread sleeps for it.
 */
@RpcService("Shuffle")
public class Shuffle implements AutoCloseable {

	private static final int WAITING = 64;

	private final AtomicReferenceArray<@Nullable Runnable> waiting = new AtomicReferenceArray<>(WAITING);

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "shuffle");
		thread.setDaemon(true);
		return thread;
	});

	Shuffle() {
		this.timer.scheduleAtFixedRate(this::completeAll, 1, 1, TimeUnit.MILLISECONDS);
	}

	@NonBlocking
	public Reply now(Question question) {
		return answer(question);
	}

	public Reply onThread(Question question) {
		return answer(question);
	}

	@NonBlocking
	public CompletionStage<Reply> later(Question question) {
		CompletableFuture<Reply> reply = new CompletableFuture<>();
		int slot = ThreadLocalRandom.current().nextInt(WAITING);
		Runnable before = this.waiting.getAndSet(slot, () -> reply.complete(answer(question)));
		if (before != null) {
			before.run();
		}
		return reply;
	}

	private void completeAll() {
		for (int slot = 0; slot < WAITING; slot++) {
			Runnable reply = this.waiting.getAndSet(slot, null);
			if (reply != null) {
				reply.run();
			}
		}
	}

	static Reply answer(Question question) {
		return new Reply(question.caller(), question.number(), question.caller() * 31 + question.number());
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

	public record Question(long caller, long number) {
	}

	public record Reply(long caller, long number, long sum) {
	}

}
