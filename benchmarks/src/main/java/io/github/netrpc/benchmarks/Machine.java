package io.github.netrpc.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The machine of a run, since figures mean little without it. Immutable.
 *
 * @param cores the processors this JVM may use
 * @param processor the processor's name, where the system tells it
 * @param system the operating system and its kernel
 * @param load the load average of the last minute, negative if unknown
 */
public record Machine(int cores, String processor, String system, double load) {

	/**
	 * The machine now.
	 * @return its facts
	 * @throws IOException if they cannot be read
	 */
	public static Machine now() throws IOException {
		return new Machine(Runtime.getRuntime().availableProcessors(), processorName(), System.getProperty("os.name")
				+ " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"), loadAverage());
	}

	/**
	 * The load average of the last minute.
	 * @return the load, negative if unknown
	 */
	public static double loadAverage() {
		return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
	}

	private static String processorName() throws IOException {
		Path facts = Path.of("/proc/cpuinfo");
		if (!Files.isReadable(facts)) {
			return "unknown processor";
		}
		try (Stream<String> lines = Files.lines(facts)) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse("unknown processor");
		}
	}

}
