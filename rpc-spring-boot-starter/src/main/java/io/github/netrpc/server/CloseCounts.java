package io.github.netrpc.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many connections were closed, by reason. Thread-safe.
 */
final class CloseCounts {

	private final Map<CloseReason, LongAdder> counts = new EnumMap<>(CloseReason.class);

	CloseCounts() {
		for (CloseReason reason : CloseReason.values()) {
			this.counts.put(reason, new LongAdder());
		}
	}

	void count(CloseReason reason) {
		counter(reason).increment();
	}

	long of(CloseReason reason) {
		return counter(reason).sum();
	}

	private LongAdder counter(CloseReason reason) {
		return Objects.requireNonNull(this.counts.get(reason));
	}

}
