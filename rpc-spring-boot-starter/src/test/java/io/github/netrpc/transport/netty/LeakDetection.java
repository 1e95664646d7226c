package io.github.netrpc.transport.netty;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which Netty reports a leaked buffer. JUnit finds it by itself
 * and applies it to every class; only those with sockets, by their name, pay for it.
 * Tracks every buffer (level "paranoid"). A leak is reported when the buffer was
 * collected and another one is made, so both are provoked at the end.
 */
public final class LeakDetection implements BeforeAllCallback, AfterAllCallback {

	private static final int ROUNDS = 2;

	private static final long COLLECTED_WITHIN_MILLIS = 2_000;

	private static final AtomicReference<Class<?>> CURRENT = new AtomicReference<>();

	private final List<String> reports = new CopyOnWriteArrayList<>();

	private Level level = ResourceLeakDetector.getLevel();

	/**
	 * The class that runs.
	 * @return the last one that any detection was told of
	 */
	static Class<?> current() {
		return CURRENT.get();
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		CURRENT.set(context.getRequiredTestClass());
		if (hasSockets(context)) {
			begin();
		}
	}

	@Override
	public void afterAll(ExtensionContext context) throws InterruptedException {
		if (hasSockets(context)) {
			end();
		}
	}

	void begin() {
		this.reports.clear();
		this.level = ResourceLeakDetector.getLevel();
		ResourceLeakDetector.setLevel(Level.PARANOID);
		ByteBufUtil.setLeakListener((resource, records) -> this.reports.add(resource + ": " + records));
	}

	void end() throws InterruptedException {
		for (int i = 0; i < ROUNDS; i++) {
			collectGarbage();
			UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
		}
		ByteBufUtil.setLeakListener(null);
		ResourceLeakDetector.setLevel(this.level);
		if (!this.reports.isEmpty()) {
			throw new AssertionError(this.reports.size() + " leaked buffers, expected none: " + this.reports);
		}
	}

	// Returns when a reference of its own was queued, as those of leaked buffers are.
	private static void collectGarbage() throws InterruptedException {
		ReferenceQueue<Object> queue = new ReferenceQueue<>();
		PhantomReference<Object> witness = new PhantomReference<>(new Object(), queue);
		System.gc();
		if (queue.remove(COLLECTED_WITHIN_MILLIS) != witness) {
			throw new IllegalStateException("nothing was collected within " + COLLECTED_WITHIN_MILLIS
					+ " ms, so leaks cannot be found: is System.gc() disabled?");
		}
	}

	private static boolean hasSockets(ExtensionContext context) {
		String name = context.getRequiredTestClass().getName();
		return name.contains("IntegrationTests") || name.contains("InteropTests");
	}

}
