package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import io.github.netrpc.benchmarks.reliability.OpenSamples.Kind;
import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.transport.TlsSettings;

/**
 * A client that has nothing to do with what others do to its node: an open loop of small
 * calls on a connection of its own, and how long they take. Used by one thread.
 */
final class Bystander {

	static final double CALLS_PER_SECOND = 1000;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Caller caller;

	private int calls;

	private int failed;

	private Bystander(Caller caller) {
		this.caller = caller;
	}

	/**
	 * Connects.
	 * @param bench ends the connection
	 * @param fault what happens to the node
	 * @param address where the node is
	 * @param tls whether to speak TLS, with whoever is there
	 * @return a client that has not called yet
	 */
	static Bystander of(Workbench bench, String fault, String address, boolean tls) {
		RpcChannelBuilder builder = RpcChannel.builder().name("bystander").target(address).timeout(TIMEOUT);
		if (tls) {
			TlsSettings settings = TlsSettings.builder()
				.trust(InsecureTrustManagerFactory.INSTANCE)
				.verifyHostName(false)
				.build();
			builder.tls(() -> settings);
		}
		WorkClient client = bench.keep(builder.build()).proxy(WorkClient.class);
		return new Bystander(
				bench.deadlines().tally(fault).watch(TIMEOUT, (token) -> client.readAsync(new Work.Task(token, 0, 0))));
	}

	/**
	 * Calls for a while without counting.
	 * @param seconds how long
	 */
	void warmUp(int seconds) throws InterruptedException {
		OpenLoad.run(this.caller, CALLS_PER_SECOND, Duration.ofSeconds(seconds), TIMEOUT);
	}

	/**
	 * Calls for a while.
	 * @param seconds how long
	 * @return the 99th percentile in milliseconds
	 */
	double p99(int seconds) throws InterruptedException {
		OpenSamples samples = OpenLoad.run(this.caller, CALLS_PER_SECOND, Duration.ofSeconds(seconds), TIMEOUT);
		this.calls += samples.calls();
		this.failed += samples.calls() - samples.count(Kind.ANSWERED);
		return samples.latencies(Kind.ANSWERED).millis(0.99);
	}

	int calls() {
		return this.calls;
	}

	int failed() {
		return this.failed;
	}

}
