package io.github.netrpc.benchmarks.peer;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

/**
 * The CPU time of this process, compiler and collector included.
 */
public final class ProcessCpu {

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private ProcessCpu() {
	}

	/**
	 * The time used so far, user and system.
	 * @return the time in microseconds
	 */
	public static long micros() {
		return SYSTEM.getProcessCpuTime() / 1000;
	}

}
