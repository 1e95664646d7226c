package io.github.netrpc.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.NodeClient;
import io.github.netrpc.client.NodeListener;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;

/**
 * A node that is or was on the list of a channel: what the directory says of it, and the
 * client that calls it.
 */
final class Member implements NodeListener {

	private final MemberListener listener;

	private final NodeClient client;

	private final boolean founding;

	private final long joinedNanos;

	private final NodeLoad load;

	private volatile NodeEndpoint endpoint;

	/**
	 * Creates a member that is not connected.
	 * @param founding whether it was on the first list
	 * @param alone whether it is the only one, for ever, so that nobody asks for its
	 * figures
	 */
	Member(NodeEndpoint endpoint, boolean founding, boolean alone, ClientResources resources, LoadRegistry loads,
			MemberListener listener) {
		this.endpoint = endpoint;
		this.load = loads.create(endpoint, founding, () -> state() == NodeState.READY);
		this.founding = founding;
		this.listener = listener;
		this.joinedNanos = resources.timer().nanoTime();
		this.client = new NodeClient(endpoint.id(),
				InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port()), resources, this,
				alone ? null : this.load);
	}

	NodeClient client() {
		return this.client;
	}

	/**
	 * What its calls have shown of it.
	 */
	NodeLoad load() {
		return this.load;
	}

	/**
	 * What the directory said last.
	 */
	NodeEndpoint endpoint() {
		return this.endpoint;
	}

	String id() {
		return this.endpoint.id();
	}

	NodeState state() {
		return this.client.state();
	}

	/**
	 * Whether it was on the first list, so that it joined no group at work.
	 */
	boolean isFounding() {
		return this.founding;
	}

	/**
	 * When it came onto the list.
	 */
	long joinedNanos() {
		return this.joinedNanos;
	}

	/**
	 * Whether the directory means this node, perhaps with other metadata.
	 */
	boolean isAt(NodeEndpoint listed) {
		return this.endpoint.port() == listed.port() && this.endpoint.host().equals(listed.host());
	}

	/**
	 * Takes over what the directory says now.
	 */
	void update(NodeEndpoint listed) {
		this.endpoint = listed;
		this.load.update(listed);
	}

	NodeSnapshot snapshot() {
		NodeEndpoint endpoint = this.endpoint;
		return this.client.snapshot()
			.listed(endpoint.tags(), endpoint.weight())
			.measured(this.load.circuit().state(), Duration.ofNanos(this.load.latencyNanos()));
	}

	@Override
	public void changed(NodeClient node) {
		this.listener.changed(this);
	}

	@Override
	public void returned(NodeClient node, List<ClientCall<?>> calls, CallFailure reason) {
		this.listener.returned(this, calls, reason);
	}

	@Override
	public String toString() {
		return this.client.toString();
	}

}
