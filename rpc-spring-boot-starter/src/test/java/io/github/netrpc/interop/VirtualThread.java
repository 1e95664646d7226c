package io.github.netrpc.interop;

import java.lang.reflect.Method;

/**
 * Virtual threads where Java has them, else daemon threads.
 */
final class VirtualThread {

	private VirtualThread() {
	}

	static Thread of(Runnable task) {
		try {
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
			return (Thread) unstarted.invoke(builder, task);
		}
		catch (ReflectiveOperationException ex) {
			return new Thread(task);
		}
	}

}
