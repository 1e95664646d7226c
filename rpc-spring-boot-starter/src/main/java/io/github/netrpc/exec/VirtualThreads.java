package io.github.netrpc.exec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;

/**
 * Virtual threads, which Java 17 can neither compile nor run: looked up once, at
 * start-up.
 *
 * @since 0.1.0
 */
public final class VirtualThreads {

	private VirtualThreads() {
	}

	/**
	 * {@code Thread.ofVirtual().name(namePrefix, 0).factory()}.
	 * @param namePrefix begins the names of the threads
	 * @return the factory, or null before Java 21
	 */
	public static @Nullable ThreadFactory factory(String namePrefix) {
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
			return null;
		}
	}

}
