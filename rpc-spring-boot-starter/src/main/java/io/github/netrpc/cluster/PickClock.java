package io.github.netrpc.cluster;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * The time as choosing a node needs it: that at which the newest calls began, to the
 * millisecond. So a pick reads no clock, and threads that pick seldom write what the
 * others read.
 */
final class PickClock {

	private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final VarHandle NOW;

	static {
		try {
			NOW = MethodHandles.lookup().findVarHandle(PickClock.class, "now", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@SuppressWarnings("unused") // through NOW
	private long now;

	void set(long nanos) {
		if (nanos - now() >= STEP_NANOS) {
			NOW.setOpaque(this, nanos);
		}
	}

	long now() {
		return (long) NOW.getOpaque(this);
	}

}
