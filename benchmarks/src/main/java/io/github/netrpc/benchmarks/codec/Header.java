package io.github.netrpc.benchmarks.codec;

import java.util.Map;

/**
 * What the headers carry beyond Go's.
 */
public enum Header {

	/** Nothing, as between stock peers. */
	STOCK,

	/** The time left of a call of ten seconds; the reply says how the call ended. */
	TIME_LEFT,

	/** The time left, a trace and a tenant. */
	METADATA;

	private static final long NANOS = 9_999_123_456L;

	private static final Map<String, String> TRACE = Map.of("traceparent",
			"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tenant", "acme");

	long timeLeftNanos() {
		return (this != STOCK) ? NANOS : 0;
	}

	Map<String, String> metadata() {
		return (this != METADATA) ? Map.of() : TRACE;
	}

}
