package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.netrpc.benchmarks.Command;

/**
 * The processors of the machine in two parts: the last one is that of strangers, the
 * others are those of the node and of all who call it. Where there is one only, all share
 * it. Used by one thread.
 */
final class Processors implements AutoCloseable {

	private static final Path STATUS = Path.of("/proc/self/status");

	private static final String ALLOWED = "Cpus_allowed_list:";

	private final List<Integer> all;

	private final List<Long> pinned = new ArrayList<>();

	private Processors(List<Integer> all) {
		this.all = all;
	}

	/**
	 * Divides the processors, and has the node and this process take their part.
	 * @param node the id of the node's process
	 * @return what gives all of them back when it is closed
	 */
	static Processors divide(long node) throws IOException, InterruptedException {
		Processors processors = new Processors(allowed());
		if (processors.all.size() > 1) {
			for (long process : List.of(ProcessHandle.current().pid(), node)) {
				pin(process, processors.all.subList(0, processors.all.size() - 1));
				processors.pinned.add(process);
			}
		}
		return processors;
	}

	/**
	 * What a command of the strangers begins with.
	 * @return words before the program's own
	 */
	List<String> strangers() {
		if (this.all.size() < 2) {
			return List.of("nice", "-n", "19");
		}
		return List.of("taskset", "--cpu-list", String.valueOf(this.all.get(this.all.size() - 1)));
	}

	private static List<Integer> allowed() throws IOException {
		String line = Files.readAllLines(STATUS)
			.stream()
			.filter((each) -> each.startsWith(ALLOWED))
			.findFirst()
			.orElseThrow();
		return parse(line.substring(ALLOWED.length()).trim());
	}

	/**
	 * Reads a list as Linux writes it.
	 * @param list numbers and ranges: {@code 0-3,8}
	 * @return the numbers
	 */
	static List<Integer> parse(String list) {
		List<Integer> numbers = new ArrayList<>();
		for (String part : list.split(",")) {
			String[] ends = part.split("-");
			IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
				.forEach(numbers::add);
		}
		return numbers;
	}

	private static void pin(long process, List<Integer> processors) throws IOException, InterruptedException {
		Command.run(List.of("taskset", "--all-tasks", "--cpu-list", "--pid",
				processors.stream().map(String::valueOf).collect(Collectors.joining(",")), String.valueOf(process)));
	}

	@Override
	public void close() throws IOException {
		try {
			for (long process : this.pinned) {
				if (ProcessFiles.isAlive(process)) {
					pin(process, this.all);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while giving the processors back", ex);
		}
	}

}
