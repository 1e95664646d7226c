package io.github.netrpc.demo.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import io.github.netrpc.cluster.ClusterResult;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.cluster.RpcClusterException;
import io.github.netrpc.demo.client.Arith.Args;

/**
 * Calls to several nodes at a time: all of them, the quickest, a majority.
 */
@Component
@Order(3)
class CallsToMany implements Scene {

	private static final Duration SLOW = Duration.ofMillis(500);

	/** Enough for the others to have begun. */
	private static final Duration QUICK = Duration.ofMillis(50);

	private static final Args FACTORS = new Args(6, 7);

	private final RpcCluster<ArithClient> cluster;

	private final Optional<EmbeddedNodes> embedded;

	CallsToMany(RpcCluster<ArithClient> cluster, Optional<EmbeddedNodes> embedded) {
		this.cluster = cluster;
		this.embedded = embedded;
	}

	@Override
	public void play() throws InterruptedException {
		broadcast();
		if (this.embedded.isPresent()) {
			race(this.embedded.get());
		}
		else {
			System.out.printf("A race of two has the first answer: %d%n", firstOf(2));
		}
		quorum();
	}

	private void broadcast() {
		ClusterResult<Long> products = this.cluster.broadcast((arith) -> arith.multiply(FACTORS).c());
		System.out.printf("%nA broadcast has one outcome for each node:%n");
		Outcomes.print(products);
	}

	/**
	 * All nodes but the first are slow, so it wins. What the others did, they say
	 * themselves.
	 */
	private void race(EmbeddedNodes nodes) throws InterruptedException {
		List<NodeCount> counts = nodes.nodes().stream().map(NodeCount::startingNow).toList();
		nodes.take(SLOW);
		nodes.first().arith().takes(QUICK);
		long product = firstOf(counts.size());
		System.out.printf("A race has the first answer, %d; %s takes %d ms, the others %d:%n", product,
				nodes.first().address(), QUICK.toMillis(), SLOW.toMillis());
		for (NodeCount count : counts) {
			System.out.printf("  %s %s%n", count.address(), count.awaitEnd());
		}
		nodes.take(Duration.ZERO);
	}

	private long firstOf(int nodes) {
		return this.cluster.race(nodes, (arith) -> arith.multiply(FACTORS).c());
	}

	private void quorum() {
		int majority = this.cluster.nodes().size() / 2 + 1;
		this.embedded.ifPresent((nodes) -> nodes.last().arith().takes(SLOW));
		try {
			ClusterResult<Long> products = this.cluster.quorum(majority, (arith) -> arith.multiply(FACTORS).c());
			System.out.printf("A quorum of %d does not wait for the others:%n", majority);
			Outcomes.print(products);
		}
		catch (RpcClusterException ex) {
			System.out.printf("A quorum of %d cannot be reached: %s%n", majority, ex.getMessage());
		}
		this.embedded.ifPresent((nodes) -> nodes.take(Duration.ZERO));
	}

}
