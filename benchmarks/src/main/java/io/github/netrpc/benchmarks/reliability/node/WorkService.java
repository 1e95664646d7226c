package io.github.netrpc.benchmarks.reliability.node;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * Works by sleeping, so that the figures are of queues and not of the processor. Can be
 * made to fail every call, and to be slow.
 */
final class WorkService implements Work {

	private final @Nullable TokenLog tokens;

	private final @Nullable Work next;

	private volatile boolean failing;

	private volatile int slowness = 1;

	private final AtomicInteger running = new AtomicInteger();

	/**
	 * Creates the service.
	 * @param tokens notes each run, or null if nobody needs to know
	 * @param next the node that does what this one is asked to refuse, or null for none
	 */
	WorkService(@Nullable TokenLog tokens, @Nullable Work next) {
		this.tokens = tokens;
		this.next = next;
	}

	/**
	 * Changes how the node does its work from now on.
	 * @param failing whether every call fails
	 * @param slowness how many times as long as asked for each call works
	 */
	void behave(boolean failing, int slowness) {
		this.failing = failing;
		this.slowness = slowness;
	}

	/**
	 * How many calls work at the moment.
	 */
	int running() {
		return this.running.get();
	}

	@Override
	public Done read(Task task) {
		return run(task);
	}

	@Override
	public Done write(Task task) {
		return run(task);
	}

	@Override
	public Done refuse(Task task) {
		note(task);
		if (this.next != null) {
			return this.next.refuse(task);
		}
		throw new RpcException(RpcCode.UNAVAILABLE, Known.NOT_RUN, "this node cannot work", null);
	}

	private Done run(Task task) {
		note(task);
		if (this.failing) {
			throw new RpcException(RpcCode.UNAVAILABLE, Known.NOT_RUN, "this node is out of order", null);
		}
		this.running.incrementAndGet();
		try {
			TimeUnit.MICROSECONDS.sleep(task.micros() * this.slowness);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RpcException(RpcCode.CANCELLED, "interrupted at work");
		}
		finally {
			this.running.decrementAndGet();
		}
		byte[] data = new byte[task.size()];
		Arrays.fill(data, (byte) task.token());
		return new Done(task.token(), data);
	}

	private void note(Task task) {
		if (this.tokens != null) {
			this.tokens.add(task.token());
		}
	}

}
