package io.github.netrpc.cluster;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.netrpc.client.PickRequest;

/**
 * Takes nodes in turn, each as often as its weight says, evenly spread: of the weights 3
 * and 1 the first node is never taken six times in a row.
 * <p>
 * This is the static stride scheduler of gRPC (proposal A58): each round asks every node
 * once, and a node takes the call when its weight, added up over the rounds, has passed
 * one more multiple of the heaviest weight. The heaviest takes part in each round, so a
 * pick asks each node twice at most. There is no state but the number of the question.
 */
final class WeightedBalancer implements LoadBalancer {

	static final String NAME = "weighted";

	/** What the heaviest weight is scaled to. */
	private static final long HEAVIEST = 65_535;

	/** Nodes of one weight do not take part in the same rounds. */
	private static final long OFFSET = HEAVIEST / 2;

	private final AtomicLong questions = new AtomicLong();

	@Override
	public int pick(List<? extends NodeView> nodes, PickRequest request) {
		int size = nodes.size();
		double scale = HEAVIEST / heaviest(nodes);
		int pick = 0;
		// Weights may change meanwhile.
		for (int asked = 0; asked < 2 * size; asked++) {
			long question = this.questions.getAndIncrement() & Long.MAX_VALUE;
			pick = (int) (question % size);
			long round = (question / size) & Integer.MAX_VALUE;
			long weight = Math.max(1, Math.min(HEAVIEST, Math.round(nodes.get(pick).weight() * scale)));
			if ((weight * round + pick * OFFSET) % HEAVIEST >= HEAVIEST - weight) {
				return pick;
			}
		}
		return pick;
	}

	private static double heaviest(List<? extends NodeView> nodes) {
		double heaviest = 0;
		for (int i = 0; i < nodes.size(); i++) {
			heaviest = Math.max(heaviest, nodes.get(i).weight());
		}
		return heaviest;
	}

}
