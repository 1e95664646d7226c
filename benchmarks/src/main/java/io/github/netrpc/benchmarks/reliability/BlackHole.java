package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.Workbench.GoNode;
import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.ConnectionPolicy.Keepalive;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.transport.Transport;

/**
 * R8: the network swallows every packet of a connection, without FIN or RST, while calls
 * wait for their replies.
 */
final class BlackHole implements Scenario {

	private static final Duration GO_LIMIT = Duration.ofSeconds(60);

	private static final Duration SPREAD = Duration.ofSeconds(6);

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@Override
	public List<String> rows() {
		return List.of("R8");
	}

	@Override
	public String title() {
		return "black hole found";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		BlackHoles holes = bench.keep(BlackHoles.open(bench.options()));
		NodeProcess node = bench.node("--address=0.0.0.0");
		node.start();
		Transport transport = bench.sharedTransport();
		int rounds = bench.times(50, 4);
		List<Group> groups = new ArrayList<>();
		groups.add(new Group("default keepalive", "127.0.1.", node.port(), rounds, 8500, (builder) -> {
		}));
		groups.add(
				new Group("keepalive tuned to 500 ms and 2 s", "127.0.2.", node.port(), rounds, 2500, BlackHole::tune));
		GoWait goWait = null;
		String goMissing = bench.goMissing();
		if (goMissing == null) {
			GoNode goNode = bench.startGoNode("-address=0.0.0.0:0");
			groups.add(new Group("default keepalive, stock Go node", "127.0.3.", goNode.port(), bench.times(20, 2),
					8500, (builder) -> {
					}));
			goWait = GoWait.start(bench, "127.0.4.1", goNode.port());
			holes.drop("127.0.4.1");
		}
		long goBegan = System.nanoTime();
		List<DropWatch> watches = new ArrayList<>();
		for (Group group : groups) {
			for (int i = 1; i <= group.rounds(); i++) {
				watches.add(bench
					.keep(DropWatch.open(group, i, transport, bench.deadlines().tally("black hole, " + group.name()))));
			}
		}
		dropAll(watches, holes);
		List<Figure> figures = new ArrayList<>();
		List<String> details = new ArrayList<>();
		details.add(
				("each round has a connection and an address of its own; rounds run side by side, and their packets are dropped at "
						+ "random moments within %d s")
					.formatted(SPREAD.toSeconds()));
		details.add(
				"on every connection one long call waits; on every other one there is a short call each 50 ms as well");
		details.add(
				"measured from before the first iptables rule is added to the end of the long call, which must be UNAVAILABLE and MAYBE_RAN");
		for (Group group : groups) {
			List<DropWatch> own = watches.stream().filter((watch) -> watch.group().equals(group)).toList();
			judge(group, own, figures, details);
		}
		String go = (goWait != null) ? goWait.await(GO_LIMIT.minusNanos(System.nanoTime() - goBegan), GO_LIMIT)
				: String.valueOf(goMissing);
		figures.set(0, figures.get(0).beside(go));
		return new Outcome(figures, details);
	}

	private static void tune(RpcChannelBuilder builder) {
		ConnectionPolicy standard = ConnectionPolicy.DEFAULT;
		Keepalive keepalive = new Keepalive(Duration.ofMillis(500), Duration.ofSeconds(2),
				standard.keepalive().idleInterval(), standard.keepalive().idleTimeout());
		builder.connectionPolicy(new ConnectionPolicy(keepalive, standard.firstRetry(), standard.longestRetry(),
				standard.idleClose(), standard.maxAge()));
	}

	private static void dropAll(List<DropWatch> watches, BlackHoles holes) throws IOException, InterruptedException {
		List<DropWatch> order = new ArrayList<>(watches);
		Random random = new Random(8);
		Collections.shuffle(order, random);
		long begin = System.nanoTime();
		for (int i = 0; i < order.size(); i++) {
			long at = begin + SPREAD.toNanos() * i / order.size();
			Thread.sleep(Math.max(0, (at - System.nanoTime()) / 1_000_000));
			order.get(i).drop(holes);
		}
	}

	private static void judge(Group group, List<DropWatch> watches, List<Figure> figures, List<String> details)
			throws InterruptedException {
		List<Long> found = new ArrayList<>();
		List<String> others = new ArrayList<>();
		for (DropWatch watch : watches) {
			DropWatch.Detection detection = watch.await(LIMIT);
			found.add(detection.nanos());
			if (!detection.asExpected()) {
				others.add(detection.text());
			}
		}
		Latencies latencies = new Latencies(found.stream().mapToLong(Long::longValue).toArray());
		figures.add(Figure.atMost("R8", "p99 of the time to find it, " + group.name(), group.rounds(),
				group.boundMillis(), latencies.millis(0.99), " ms"));
		details.add("%s: p50 %s ms, p99 %s ms, most %s ms of %d rounds".formatted(group.name(),
				Figure.number(latencies.millis(0.5)), Figure.number(latencies.millis(0.99)),
				Figure.number(latencies.worstMillis()), group.rounds()));
		if (!others.isEmpty()) {
			details.add("%s: %d rounds ended otherwise, for example: `%s`".formatted(group.name(), others.size(),
					others.get(0)));
		}
		figures.add(Figure.zero("R8", "rounds not ended as `UNAVAILABLE` and `MAYBE_RAN`, " + group.name(),
				group.rounds(), others.size()));
	}

	/**
	 * Rounds of one kind.
	 *
	 * @param name what is special
	 * @param addresses what the addresses begin with
	 * @param port where the node listens
	 * @param rounds how many
	 * @param boundMillis when it must be found
	 * @param settings of the channel
	 */
	record Group(String name, String addresses, int port, int rounds, double boundMillis,
			Consumer<RpcChannelBuilder> settings) {

	}

	/**
	 * A stock Go client that waits.
	 *
	 * @param process its process
	 */
	private record GoWait(PeerProcess process) {

		static GoWait start(Workbench bench, String address, int port) throws IOException, InterruptedException {
			PeerProcess process = bench.startGo("waiter", "-address=" + address + ":" + port);
			process.expect("waiting", 10);
			Thread.sleep(200);
			return new GoWait(process);
		}

		String await(Duration left, Duration limit) throws InterruptedException {
			try {
				String error = this.process.expect("ended", Math.max(0.1, left.toMillis() / 1000.0));
				return "ended:" + error;
			}
			catch (IOException ex) {
				return "not found in %d s, 1 round, cut".formatted(limit.toSeconds());
			}
		}

	}

}
