package io.github.netrpc.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many calls were refused, by reason. Thread-safe.
 */
final class RefusalCounts {

	private final Map<RefusalReason, LongAdder> counts = new EnumMap<>(RefusalReason.class);

	RefusalCounts() {
		for (RefusalReason reason : RefusalReason.values()) {
			this.counts.put(reason, new LongAdder());
		}
	}

	void count(RefusalReason reason) {
		counter(reason).increment();
	}

	long of(RefusalReason reason) {
		return counter(reason).sum();
	}

	private LongAdder counter(RefusalReason reason) {
		return Objects.requireNonNull(this.counts.get(reason));
	}

}
