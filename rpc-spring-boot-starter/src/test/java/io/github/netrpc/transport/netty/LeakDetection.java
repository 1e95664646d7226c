package io.github.netrpc.transport.netty;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which Netty reports a leaked buffer:
 * {@code @ExtendWith(LeakDetection.class)}. Tracks every buffer (level "paranoid"). A
 * leak is reported when the buffer was collected and another one is made, so both are
 * provoked at the end.
 */
public final class LeakDetection implements BeforeAllCallback, AfterAllCallback {

	private static final int ROUNDS = 5;

	private final List<String> reports = new CopyOnWriteArrayList<>();

	private Level level = ResourceLeakDetector.getLevel();

	@Override
	public void beforeAll(ExtensionContext context) {
		this.level = ResourceLeakDetector.getLevel();
		ResourceLeakDetector.setLevel(Level.PARANOID);
		ByteBufUtil.setLeakListener((resource, records) -> this.reports.add(resource + ": " + records));
	}

	@Override
	public void afterAll(ExtensionContext context) {
		for (int i = 0; i < ROUNDS; i++) {
			System.gc();
			UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
		}
		ByteBufUtil.setLeakListener(null);
		ResourceLeakDetector.setLevel(this.level);
		if (!this.reports.isEmpty()) {
			throw new AssertionError(this.reports.size() + " leaked buffers, expected none: " + this.reports);
		}
	}

}
