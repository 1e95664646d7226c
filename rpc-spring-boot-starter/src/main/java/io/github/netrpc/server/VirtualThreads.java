package io.github.netrpc.server;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Virtual threads, which Java 17 does not have: looked up once, at start-up.
 */
final class VirtualThreads {

	private VirtualThreads() {
	}

	/**
	 * An executor that starts a virtual thread for each task.
	 * @param namePrefix begins the names of the threads
	 * @return the executor
	 * @throws IllegalStateException if this Java has no virtual threads
	 */
	static Executor executor(String namePrefix) {
		ThreadFactory factory = factory(namePrefix);
		return (task) -> factory.newThread(task).start();
	}

	private static ThreadFactory factory(String namePrefix) {
		MethodHandles.Lookup lookup = MethodHandles.publicLookup();
		try {
			Class<?> builder = Class.forName("java.lang.Thread$Builder");
			Class<?> virtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
			MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtual));
			MethodHandle name = lookup.findVirtual(builder, "name",
					MethodType.methodType(builder, String.class, long.class));
			MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
			return (ThreadFactory) factory.invoke(name.invoke(ofVirtual.invoke(), namePrefix, 0L));
		}
		catch (Throwable ex) {
			throw new IllegalStateException("virtual threads need Java 21 or newer, this is Java "
					+ Runtime.version().feature() + ": set spring.threads.virtual.enabled=false", ex);
		}
	}

}
