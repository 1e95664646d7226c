package io.github.netrpc.benchmarks.reliability.node;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * Works by sleeping, so that the figures are of queues and not of the processor.
 */
final class WorkService implements Work {

	private final @Nullable TokenLog tokens;

	WorkService(@Nullable TokenLog tokens) {
		this.tokens = tokens;
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
		throw new RpcException(RpcCode.UNAVAILABLE, Known.NOT_RUN, "this node cannot work", null);
	}

	private Done run(Task task) {
		note(task);
		try {
			TimeUnit.MICROSECONDS.sleep(task.micros());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RpcException(RpcCode.CANCELLED, "interrupted at work");
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
