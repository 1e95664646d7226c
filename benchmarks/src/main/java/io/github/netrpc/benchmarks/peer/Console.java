package io.github.netrpc.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * How a measured process talks with the runner: lines in, lines out. A process ends when
 * its input does, so that it cannot outlive the runner.
 */
final class Console {

	private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

	/**
	 * Prints the address of a server, then answers {@code cpu} until the input ends.
	 * @param port the server's port on loopback
	 * @throws IOException if the input cannot be read
	 */
	void serve(int port) throws IOException {
		print("address 127.0.0.1:" + port);
		for (String line = this.in.readLine(); line != null; line = this.in.readLine()) {
			if (line.equals("cpu")) {
				print("cpu " + ProcessCpu.micros());
			}
		}
	}

	/**
	 * Runs the loads that are asked for: {@code run IN_FLIGHT WARM_UP MEASURED}, times in
	 * seconds, until the input ends.
	 * @param load makes the calls
	 * @throws IOException if the input cannot be read
	 * @throws InterruptedException if interrupted
	 */
	void drive(Load load) throws IOException, InterruptedException {
		for (String line = this.in.readLine(); line != null; line = this.in.readLine()) {
			String[] words = line.split(" ");
			if (words.length != 4 || !words[0].equals("run")) {
				throw new IOException("\"" + line + "\" (expected: run IN_FLIGHT WARM_UP MEASURED)");
			}
			LoadWindow window = load.start(Integer.parseInt(words[1]));
			double warmUp = Double.parseDouble(words[2]);
			print(window.measure(warmUp, Double.parseDouble(words[3]), () -> print("measuring")).toJson());
		}
	}

	private static void print(String line) {
		System.out.println(line);
		System.out.flush();
	}

	/**
	 * Makes calls in a closed loop.
	 */
	@FunctionalInterface
	interface Load {

		/**
		 * Starts the loop, which goes on until the window has ended.
		 * @param inFlight the calls in flight
		 * @return where the loop reports each end
		 */
		LoadWindow start(int inFlight);

	}

}
