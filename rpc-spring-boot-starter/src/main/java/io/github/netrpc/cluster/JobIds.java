package io.github.netrpc.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import io.github.netrpc.RpcContext;

/**
 * The ids of jobs. The first job that a handler begins has the id of its call, by which
 * whoever has called finds it; those that follow have their number behind it. Jobs that
 * serve no call have ids by chance. Thread-safe.
 */
final class JobIds implements Supplier<String> {

	/** How many jobs each call has begun, on whichever channels. */
	private static final Map<RpcContext, AtomicInteger> BEGUN = Collections.synchronizedMap(new WeakHashMap<>());

	private final DoubleSupplier random;

	JobIds(DoubleSupplier random) {
		this.random = random;
	}

	@Override
	public String get() {
		RpcContext serving = RpcContext.current();
		if (serving == null) {
			return "%08x%08x".formatted(chance(), chance());
		}
		int number = BEGUN.computeIfAbsent(serving, (call) -> new AtomicInteger()).incrementAndGet();
		return (number == 1) ? serving.callId() : serving.callId() + "." + number;
	}

	private long chance() {
		return (long) (this.random.getAsDouble() * (1L << 32));
	}

}
