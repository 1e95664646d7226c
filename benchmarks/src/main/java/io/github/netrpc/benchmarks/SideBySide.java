package io.github.netrpc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures this project, Go's {@code net/rpc} and a raw Netty echo side by side. In each
 * round every peer gets a fresh server and client; then, for each number of calls in
 * flight, all are measured one after the other, so that a disturbance of the machine hits
 * neighbours alike. Every other round goes backwards.
 */
public final class SideBySide {

	private final Options options;

	private final Toolchain toolchain;

	private final Results results = new Results();

	SideBySide(Options options, Toolchain toolchain) {
		this.options = options;
		this.toolchain = toolchain;
	}

	/**
	 * Runs the benchmark and prints its report.
	 * @param args see {@code --help}
	 * @throws Exception if it cannot run
	 */
	public static void main(String[] args) throws Exception {
		if (List.of(args).contains("--help")) {
			System.out.print(Options.USAGE);
			return;
		}
		Path home = Path.of(System.getProperty("rpc.bench.home", ""));
		Options options = Options.parse(args, home);
		Revision revision = Revision.of(home);
		Machine machine = Machine.now();
		Toolchain toolchain = Toolchain.find(options, System.getenv());
		Results results = new SideBySide(options, toolchain).run();
		String report = new Report(options, results, revision, machine, toolchain).toMarkdown();
		System.out.println();
		System.out.println(report);
		if (options.write()) {
			Files.writeString(home.resolve("../docs/benchmarks.md"), report);
		}
	}

	Results run() throws InterruptedException, IOException {
		List<Peer> order = new ArrayList<>();
		for (Peer peer : this.options.peers()) {
			String missing = this.toolchain.missing(peer);
			if (missing != null) {
				skip(peer, missing);
			}
			else {
				order.add(peer);
			}
		}
		Files.createDirectories(this.options.target().resolve("jfr"));
		for (int round = 1; round <= this.options.rounds(); round++) {
			measureRound(round, order);
			Collections.reverse(order);
		}
		return this.results;
	}

	private void measureRound(int round, List<Peer> order) throws InterruptedException {
		Map<Peer, PeerPair> running = new EnumMap<>(Peer.class);
		try {
			for (Peer peer : order) {
				start(peer, round, running);
			}
			for (int inFlight : this.options.inFlight()) {
				for (Peer peer : order) {
					PeerPair pair = running.get(peer);
					if (pair != null && !measure(peer, round, inFlight, pair)) {
						running.remove(peer);
						pair.close();
					}
				}
			}
		}
		finally {
			running.values().forEach(PeerPair::close);
		}
	}

	private void start(Peer peer, int round, Map<Peer, PeerPair> running) throws InterruptedException {
		try {
			PeerPair pair = PeerPair.start(peer, round, this.toolchain, this.options.target().resolve("side-by-side"));
			running.put(peer, pair);
			if (this.options.firstWarmUp() > 0) {
				pair.warmUp(64, this.options.firstWarmUp());
			}
		}
		catch (IOException ex) {
			skip(peer, "failed in round " + round + ": " + ex.getMessage());
			PeerPair pair = running.remove(peer);
			if (pair != null) {
				pair.close();
			}
		}
	}

	private boolean measure(Peer peer, int round, int inFlight, PeerPair pair) throws InterruptedException {
		try {
			Cell cell = pair.measure(inFlight, this.options.warmUp(), this.options.seconds());
			this.results.add(peer, inFlight, cell);
			System.out.printf("round %d, %3d in flight, %-16s %,11.0f calls/s, p50 %,9.1f us, CPU %6.2f us/call%n",
					round, inFlight, peer.option(), cell.callsPerSecond(), cell.p50Micros(), cell.cpuMicros());
			return true;
		}
		catch (IOException ex) {
			skip(peer, "failed in round " + round + ", " + inFlight + " in flight: " + ex.getMessage());
			return false;
		}
	}

	private void skip(Peer peer, String reason) {
		this.results.missing(peer, reason);
		System.out.println("SKIPPED " + peer.option() + ": " + reason);
	}

}
