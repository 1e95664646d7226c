package io.github.netrpc.benchmarks.reliability;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R9: no call ends long after its deadline, whatever the fault: those of this scenario,
 * and those of all before it.
 */
final class Deadlines implements Scenario {

	private static final Duration TIMEOUT = Duration.ofMillis(300);

	private static final double CALLS_PER_SECOND = 300;

	private static final String SWALLOWED = "127.0.6.1";

	@Override
	public List<String> rows() {
		return List.of("R9");
	}

	@Override
	public String title() {
		return "deadlines kept, under all faults of this run";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		NodeProcess stuck = bench.node("--slots=8");
		stuck.start();
		call(bench, "handlers that never return", stuck.address(), 60_000_000);
		NodeProcess frozen = bench.node();
		frozen.start();
		frozen.freeze();
		call(bench, "frozen before the first call", frozen.address(), 0);
		call(bench, "nothing listens", "127.0.0.1:" + freePort(), 0);
		if (bench.goMissing() == null) {
			call(bench, "handlers that never return, stock Go node", bench.startGoNode("-slots=8").address(),
					60_000_000);
		}
		if (BlackHoles.missing(bench.options()) == null) {
			NodeProcess swallowed = bench.node("--address=" + SWALLOWED);
			swallowed.start();
			bench.keep(BlackHoles.open(bench.options())).drop(SWALLOWED);
			call(bench, "packets vanish before the first call", SWALLOWED + ":" + swallowed.port(), 0);
		}
		List<DeadlineLedger.Tally> tallies = bench.deadlines().tallies();
		long calls = tallies.stream().mapToLong(DeadlineLedger.Tally::calls).sum();
		long waitedFor = tallies.stream().mapToLong(DeadlineLedger.Tally::waitedFor).sum();
		long late = tallies.stream().mapToLong(DeadlineLedger.Tally::late).sum();
		List<String> details = new ArrayList<>();
		details.add(
				"a call is late that ends more than %d ms after its deadline, or never; each fault with its calls, late ones, and the latest end after a deadline (negative: all ended before)"
					.formatted(DeadlineLedger.SLACK.toMillis()));
		for (DeadlineLedger.Tally tally : tallies) {
			details.add("%s: %s calls%s, %s late, %s never ended, latest %s ms".formatted(tally.fault(),
					Figure.count(tally.calls()),
					(tally.waitedFor() > 0) ? ", %s of them sync".formatted(Figure.count(tally.waitedFor())) : "",
					Figure.count(tally.late()), Figure.count(tally.neverEnded()), Figure.number(tally.latestMillis())));
		}
		return new Outcome(List
			.of(Figure.zero("R9", "calls that ended > 100 ms after their deadline, %d faults, %s of the calls sync"
				.formatted(tallies.size(), Figure.count(waitedFor)), calls, late)), details);
	}

	private static void call(Workbench bench, String fault, String address, long workMicros) throws Exception {
		try (RpcChannel channel = RpcChannel.builder().name("deadlines").target(address).timeout(TIMEOUT).build()) {
			WorkClient client = channel.proxy(WorkClient.class);
			DeadlineLedger.Tally tally = bench.deadlines().tally(fault);
			run(bench, tally.watch(TIMEOUT, (token) -> client.writeAsync(new Work.Task(token, workMicros, 0))));
			ExecutorService threads = Executors.newCachedThreadPool();
			try {
				run(bench, tally.watchWaiting(TIMEOUT, (token) -> client.write(new Work.Task(token, workMicros, 0)),
						threads));
			}
			finally {
				threads.shutdownNow();
			}
		}
	}

	private static void run(Workbench bench, Caller caller) throws InterruptedException {
		OpenLoad.run(caller, CALLS_PER_SECOND, Duration.ofSeconds(bench.times(5, 1)), TIMEOUT.plusSeconds(5));
	}

	private static int freePort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
