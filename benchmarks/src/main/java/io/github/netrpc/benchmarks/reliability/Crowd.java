package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.benchmarks.PeerProcess;

/**
 * The Go program {@code crowd}: many connections to one node, in a process that has a
 * processor to itself, as if it were on a machine of its own. Used by one thread.
 */
final class Crowd implements AutoCloseable {

	private static final double OPEN_SECONDS = 120;

	private static final int WARM_UPS = 50;

	private final PeerProcess process;

	private Crowd(PeerProcess process) {
		this.process = process;
	}

	/**
	 * Opens the connections.
	 * @param bench starts the program
	 * @param place where it runs, {@link Processors#strangers()} or nothing
	 * @param kind {@code idle}, {@code half} or {@code garbage}
	 * @param address where the node is
	 * @param count how many connections
	 * @param tls whether to speak TLS
	 * @return the crowd, whose connections are all there
	 */
	static Crowd gather(Workbench bench, List<String> place, String kind, String address, int count, boolean tls)
			throws IOException, InterruptedException {
		List<String> arguments = new ArrayList<>(List.of("-kind=" + kind, "-address=" + address, "-count=" + count));
		if (tls) {
			arguments.add("-tls");
		}
		PeerProcess process = bench.startGoAt(place, "crowd", arguments.toArray(String[]::new));
		process.expect("ready", OPEN_SECONDS);
		return new Crowd(process);
	}

	/**
	 * Has small crowds come and go, as many connections in all as a large one has, so
	 * that what a node does for a connection is loaded and compiled. What is left of them
	 * is that of a few connections at most.
	 * @param bench starts the program
	 * @param place as in {@link #gather}
	 * @param address where the node is
	 * @param count how many connections at a time
	 * @param tls whether to speak TLS
	 */
	static void warmUp(Workbench bench, List<String> place, String address, int count, boolean tls)
			throws IOException, InterruptedException {
		for (int i = 0; i < bench.times(WARM_UPS, 2); i++) {
			gather(bench, place, "idle", address, count, tls).close();
		}
	}

	/**
	 * Asks what the crowd has done so far.
	 * @param type what it tells
	 * @param <T> the type
	 * @return the report
	 */
	<T> T report(Class<T> type) throws IOException, InterruptedException {
		this.process.send("report");
		return await(type, 10);
	}

	/**
	 * Waits for a report that comes by itself.
	 * @param type what it tells
	 * @param seconds how long to wait
	 * @param <T> the type
	 * @return the report
	 */
	<T> T await(Class<T> type, double seconds) throws IOException, InterruptedException {
		return JsonMapper.shared().readValue("{" + this.process.expect("{", seconds), type);
	}

	@Override
	public void close() {
		this.process.close();
	}

}
