package io.github.netrpc.benchmarks.reliability.node;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The memory that this process holds, as the JVM counts it: the heap in use after a
 * collection, and what it has got from the system beside the heap. The arenas of the JIT
 * compilers are left out: they grow and shrink by some 20 MiB with what happens to be
 * compiled. Needs {@code -XX:NativeMemoryTracking=summary}.
 */
public final class ProcessMemory {

	private static final Pattern COMMITTED = Pattern.compile("^(Total:|- *([A-Za-z ]+) \\().*committed=(\\d+)KB",
			Pattern.MULTILINE);

	private ProcessMemory() {
	}

	/**
	 * The heap in use when a collection that is made now has ended, not when somebody
	 * looks: on a busy machine others have allocated a good deal meanwhile.
	 * @return its size in bytes
	 */
	public static long heapBytes() {
		System.gc();
		long used = 0;
		for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
			MemoryUsage after = (pool.getType() == MemoryType.HEAP) ? pool.getCollectionUsage() : null;
			used += (after != null) ? after.getUsed() : 0;
		}
		return used;
	}

	static long nativeBytes() throws JMException {
		return nativeBytes(ask("vmNativeMemory", "summary"));
	}

	/**
	 * Has the allocator of native memory give free pages back to the system, those of the
	 * JIT compilers above all: they take some 20 MiB while they work.
	 * @return whether it could be asked, which needs Linux and JDK 18
	 */
	static boolean giveBack() {
		try {
			ask("systemTrimNativeHeap");
			return true;
		}
		catch (JMException ex) {
			return false;
		}
	}

	private static String ask(String command, String... arguments) throws JMException {
		Object[] parameters = (arguments.length > 0) ? new Object[] { arguments } : new Object[0];
		String[] types = (arguments.length > 0) ? new String[] { String[].class.getName() } : new String[0];
		return String.valueOf(ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), command, parameters, types));
	}

	/**
	 * Reads the summary of native memory tracking.
	 * @param summary its text
	 * @return all that is committed without the heap and the compilers' arenas, in bytes
	 */
	static long nativeBytes(String summary) {
		long kibibytes = 0;
		boolean found = false;
		Matcher lines = COMMITTED.matcher(summary);
		while (lines.find()) {
			long committed = Long.parseLong(lines.group(3));
			if (lines.group(1).equals("Total:")) {
				found = true;
				kibibytes += committed;
			}
			else if (isLeftOut(lines.group(2))) {
				kibibytes -= committed;
			}
		}
		if (!found) {
			throw new IllegalArgumentException("no total in: " + summary);
		}
		return kibibytes * 1024;
	}

	private static boolean isLeftOut(String kind) {
		return kind.equals("Java Heap") || kind.equals("Arena Chunk") || kind.equals("Compiler");
	}

}
