package io.github.netrpc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

import io.github.netrpc.benchmarks.peer.Sample;

/**
 * The running server and client of one peer, with one connection between them. They idle
 * while others are measured. Used by one thread.
 */
final class PeerPair implements AutoCloseable {

	private static final double START_SECONDS = 20;

	private static final double SLACK_SECONDS = 15;

	private final PeerProcess server;

	private final PeerProcess client;

	private PeerPair(PeerProcess server, PeerProcess client) {
		this.server = server;
		this.client = client;
	}

	static PeerPair start(Peer peer, int round, Toolchain toolchain, Path logs)
			throws IOException, InterruptedException {
		PeerProcess server = PeerProcess.start(toolchain.serverCommand(peer, round),
				logs.resolve(peer.option() + "-server.log"));
		try {
			String address = server.expect("address ", START_SECONDS);
			return new PeerPair(server, PeerProcess.start(toolchain.clientCommand(peer, round, address),
					logs.resolve(peer.option() + "-client.log")));
		}
		catch (IOException | InterruptedException ex) {
			server.close();
			throw ex;
		}
	}

	/**
	 * Puts load on both sides, without looking at the figures.
	 * @param inFlight the calls in flight
	 * @param seconds how long
	 */
	void warmUp(int inFlight, double seconds) throws IOException, InterruptedException {
		run(inFlight, seconds, 0);
		this.client.expect("", SLACK_SECONDS);
	}

	Cell measure(int inFlight, double warmUp, double seconds) throws IOException, InterruptedException {
		run(inFlight, warmUp, seconds);
		long before = serverCpuMicros();
		Sample sample = Sample.parse(this.client.expect("", seconds + SLACK_SECONDS));
		long after = serverCpuMicros();
		if (sample.calls() == 0) {
			throw new IOException("no call has ended in " + seconds + " s");
		}
		return Cell.of(sample, after - before);
	}

	private void run(int inFlight, double warmUp, double seconds) throws IOException, InterruptedException {
		this.client.send(String.format(Locale.ROOT, "run %d %f %f", inFlight, warmUp, seconds));
		this.client.expect("measuring", START_SECONDS + warmUp);
	}

	private long serverCpuMicros() throws IOException, InterruptedException {
		this.server.send("cpu");
		return Long.parseLong(this.server.expect("cpu ", SLACK_SECONDS));
	}

	@Override
	public void close() {
		this.client.close();
		this.server.close();
	}

}
