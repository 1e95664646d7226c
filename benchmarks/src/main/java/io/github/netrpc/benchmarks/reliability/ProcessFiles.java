package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Linux says of a process in its {@code /proc}.
 */
final class ProcessFiles {

	private ProcessFiles() {
	}

	/**
	 * The memory that a process has of its own. Pages of files (programs, libraries) are
	 * left out: the system takes and gives them as it likes.
	 * @param pid the id of the process
	 * @return its size in bytes
	 */
	static long residentBytes(long pid) throws IOException {
		try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
			String line = lines.filter((each) -> each.startsWith("Anonymous:")).findFirst().orElseThrow();
			return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
		}
	}

	/**
	 * The CPU time that a process has used, user and system.
	 * @param pid the id of the process
	 * @return the time, 0 if it has ended
	 */
	static Duration cpu(long pid) {
		return ProcessHandle.of(pid).flatMap((handle) -> handle.info().totalCpuDuration()).orElse(Duration.ZERO);
	}

	/**
	 * Whether a process has not ended.
	 * @param pid the id of the process
	 * @return whether it runs
	 */
	static boolean isAlive(long pid) {
		return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
	}

	/**
	 * How many sockets, pipes and the like a process has open. Files are not counted: a
	 * JVM opens archives of classes when it needs them.
	 * @param pid the id of the process
	 * @return their number
	 */
	static int descriptors(long pid) throws IOException {
		List<Path> all;
		try (Stream<Path> links = Files.list(Path.of("/proc/" + pid + "/fd"))) {
			all = links.toList();
		}
		int descriptors = 0;
		for (Path link : all) {
			descriptors += isOpen(link) ? 1 : 0;
		}
		return descriptors;
	}

	private static boolean isOpen(Path link) {
		try {
			return Files.readSymbolicLink(link).toString().matches("(socket|pipe|anon_inode):.*");
		}
		catch (IOException ex) {
			// Closed since the list was made
			return false;
		}
	}

}
