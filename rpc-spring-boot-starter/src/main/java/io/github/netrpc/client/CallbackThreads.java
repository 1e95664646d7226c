package io.github.netrpc.client;

import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Where callbacks run unless the application says otherwise: each on a new virtual
 * thread, or, before Java 21, on daemon threads that go away when they have nothing to
 * do.
 */
final class CallbackThreads {

	/** How many callbacks may block at the same time before Java 21. */
	private static final int MOST_THREADS = 1_000;

	private static final long IDLE_SECONDS = 10;

	private CallbackThreads() {
	}

	static Executor executor(String threadNamePrefix) {
		ThreadFactory virtual = virtualThreads(threadNamePrefix);
		if (virtual != null) {
			return (task) -> virtual.newThread(task).start();
		}
		AtomicLong count = new AtomicLong();
		return new ThreadPoolExecutor(0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, threadNamePrefix + count.getAndIncrement());
					thread.setDaemon(true);
					return thread;
				});
	}

	/**
	 * {@code Thread.ofVirtual().name(prefix, 0).factory()}, which Java 17 cannot compile.
	 */
	private static @Nullable ThreadFactory virtualThreads(String threadNamePrefix) {
		try {
			Class<?> builderType = Class.forName("java.lang.Thread$Builder");
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			Method name = builderType.getMethod("name", String.class, long.class);
			Method factory = builderType.getMethod("factory");
			return (ThreadFactory) factory.invoke(name.invoke(builder, threadNamePrefix, 0L));
		}
		catch (ReflectiveOperationException | UnsupportedOperationException ex) {
			return null;
		}
	}

}
