package io.github.netrpc.cluster;

/**
 * A node as a {@link LoadBalancer} sees it. The figures are those of this channel alone,
 * and change while they are read.
 *
 * @since 0.1.0
 */
public interface NodeView {

	/**
	 * What the directory says of the node.
	 * @return the endpoint
	 */
	NodeEndpoint endpoint();

	/**
	 * How many calls were sent to the node and have not ended.
	 * @return the number, 0 or more
	 */
	int inFlight();

	/**
	 * How long calls of the node took lately: a moving average, in which what happened a
	 * second ago counts half. It falls while the node is not called, so that a slow node
	 * is tried again.
	 * @return nanoseconds, 0 if nothing is known
	 */
	long latencyNanos();

	/**
	 * The share of calls that the node is to get, beside a node of weight 1: the weight
	 * of its endpoint, times its {@link #startShare}.
	 * @return more than 0
	 */
	double weight();

	/**
	 * How much of its weight the node has while it starts slowly, as nodes do that have
	 * joined or were ejected.
	 * @return 1 if it has started, else less, and more than 0
	 */
	double startShare();

}
