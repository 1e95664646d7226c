package io.github.netrpc.demo.client;

/**
 * What an embedded node itself says of a single call that it was given.
 */
final class NodeCount {

	private static final int MOST_PAUSES = 200;

	private final EmbeddedNode node;

	private final int answered;

	private final int cancelled;

	private NodeCount(EmbeddedNode node) {
		this.node = node;
		this.answered = node.arith().answered();
		this.cancelled = node.arith().cancelled();
	}

	static NodeCount startingNow(EmbeddedNode node) {
		return new NodeCount(node);
	}

	String address() {
		return this.node.address();
	}

	/**
	 * Waits until the call has ended: a cancel takes a moment to arrive.
	 */
	String awaitEnd() throws InterruptedException {
		for (int i = 0; i < MOST_PAUSES; i++) {
			if (this.node.arith().cancelled() > this.cancelled) {
				return "was cancelled";
			}
			if (this.node.arith().answered() > this.answered) {
				return "answered";
			}
			Thread.sleep(10);
		}
		return "did not begin";
	}

}
