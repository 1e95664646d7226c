package io.github.netrpc.cluster;

import java.util.Map;

/**
 * A node whose figures a test sets.
 */
final class FakeNode implements NodeView {

	private final NodeEndpoint endpoint;

	private final double weight;

	int inFlight;

	long latencyNanos;

	double share = 1;

	FakeNode(String id) {
		this(id, 1);
	}

	FakeNode(String id, double weight) {
		this.endpoint = new NodeEndpoint(id, "host", 1, Map.of("rpc-weight", String.valueOf(weight)));
		this.weight = weight;
	}

	@Override
	public NodeEndpoint endpoint() {
		return this.endpoint;
	}

	@Override
	public int inFlight() {
		return this.inFlight;
	}

	@Override
	public long latencyNanos() {
		return this.latencyNanos;
	}

	@Override
	public double weight() {
		return this.weight * this.share;
	}

	@Override
	public double startShare() {
		return this.share;
	}

}
