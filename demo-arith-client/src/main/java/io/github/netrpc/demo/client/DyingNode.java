package io.github.netrpc.demo.client;

import java.time.Duration;
import java.util.function.LongConsumer;

import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.demo.client.Arith.Args;

/**
 * A node dies while it is called, and comes back. No call fails, since those that were
 * lost are idempotent: they are made again elsewhere.
 */
class DyingNode implements Scene {

	private static final int CALLS = 2_000;

	private static final int MOST_PAUSES = 500;

	private final ArithClient arith;

	private final RpcCluster<ArithClient> cluster;

	private final RpcChannelRegistry channels;

	private final EmbeddedNodes nodes;

	DyingNode(ArithClient arith, RpcCluster<ArithClient> cluster, RpcChannelRegistry channels, EmbeddedNodes nodes) {
		this.arith = arith;
		this.cluster = cluster;
		this.channels = channels;
		this.nodes = nodes;
	}

	@Override
	public void play() throws InterruptedException {
		RpcChannel channel = this.channels.channel("arith");
		EmbeddedNode node = this.nodes.last();
		this.nodes.take(Duration.ofMillis(1));

		System.out.printf("%n%s dies in the middle of %d calls", node.address(), CALLS);
		NodeTable table = NodeTable.startingNow(channel);
		Callers.Failed failed = makeCalls((number) -> {
			if (number == CALLS / 2) {
				node.die();
			}
		});
		System.out.printf(": %d lost and made again, %s%n", table.lost(), failed);
		table.print();

		System.out.printf("A broadcast says that it is away:%n");
		Outcomes.print(this.cluster.broadcast((arith) -> arith.multiply(new Args(6, 7)).c()));

		node.comeBack();
		awaitReady(channel, node.address());
		System.out.printf("It is back, and called again");
		table = NodeTable.startingNow(channel);
		failed = makeCalls((number) -> {
		});
		System.out.printf(": %s%n", failed);
		table.print();
	}

	private Callers.Failed makeCalls(LongConsumer before) throws InterruptedException {
		return Callers.make(CALLS, (number) -> {
			before.accept(number);
			this.arith.multiply(new Args(number, number));
		});
	}

	/**
	 * The channel connects to it by itself, at the latest some seconds after it is back.
	 */
	private static void awaitReady(RpcChannel channel, String id) throws InterruptedException {
		for (int i = 0; i < MOST_PAUSES && !isReady(channel, id); i++) {
			Thread.sleep(10);
		}
	}

	private static boolean isReady(RpcChannel channel, String id) {
		return channel.nodes()
			.stream()
			.filter((node) -> node.id().equals(id))
			.map(NodeSnapshot::state)
			.anyMatch(NodeState.READY::equals);
	}

}
