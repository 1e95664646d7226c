package io.github.netrpc.cluster;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.NodeClient;
import io.github.netrpc.client.NodeListener;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.Retries;

/**
 * The nodes of a channel. Calls go round robin to those that are connected; once the
 * group is used, the others are connected in the background. While none is connected,
 * calls wait at a node that is being connected to, and move to whichever connects first.
 */
final class NodeGroup implements NodeListener, Retries.Nodes, AutoCloseable {

	private static final NodeClient[] NONE_READY = {};

	private static final List<NodeState> MAY_CONNECT = List.of(NodeState.READY, NodeState.CONNECTING, NodeState.IDLE);

	private final List<NodeClient> nodes;

	private final AtomicInteger turn = new AtomicInteger();

	private volatile NodeClient[] ready = NONE_READY;

	/** Some node is to be connected to when the next call comes. */
	private volatile boolean someIdle = true;

	NodeGroup(List<InetSocketAddress> addresses, ClientResources resources) {
		this.nodes = addresses.stream().map((address) -> new NodeClient(address, resources, this)).toList();
	}

	/**
	 * Gives a call to a node, or ends it.
	 */
	void start(ClientCall<?> call, @Nullable Object argument) {
		if (call.options().node() != null) {
			startAt(call.options().node(), call, argument);
			return;
		}
		if (this.someIdle) {
			this.someIdle = false;
			connectAll();
		}
		NodeClient[] ready = this.ready;
		if (ready.length > 0) {
			NodeClient node = (ready.length == 1) ? ready[0]
					: ready[Integer.remainderUnsigned(this.turn.getAndIncrement(), ready.length)];
			if (node.offer(call, argument) == null) {
				return;
			}
		}
		CallFailure refused = place((node) -> node.offer(call, argument));
		if (refused != null) {
			call.reject(refused);
		}
	}

	/**
	 * Gives a call to the one node that its caller has chosen.
	 */
	private void startAt(String name, ClientCall<?> call, @Nullable Object argument) {
		NodeClient node = find(name);
		CallFailure refused = (node != null) ? node.offer(call, argument)
				: new CallFailure(
						RpcCode.INVALID_ARGUMENT, Known.NOT_RUN, call.plan() + ": no node is \"" + name
								+ "\" (expected: one of " + this.nodes.stream().map(NodeClient::name).toList() + ")",
						null);
		if (refused != null) {
			call.reject(refused);
		}
	}

	private @Nullable NodeClient find(String name) {
		List<NodeClient> byHost = new ArrayList<>();
		for (NodeClient node : this.nodes) {
			if (node.name().equals(name)) {
				return node;
			}
			if (node.name().startsWith(name) && node.name().lastIndexOf(':') == name.length()) {
				byHost.add(node);
			}
		}
		return (byHost.size() == 1) ? byHost.get(0) : null;
	}

	@Override
	public boolean hasOther(ClientCall<?> call, List<NodeClient> tried) {
		return call.options().node() == null && Stream.of(this.ready).anyMatch((node) -> !tried.contains(node));
	}

	@Override
	public void startAgain(ClientCall<?> attempt, @Nullable Object argument, List<NodeClient> tried) {
		if (attempt.options().node() == null) {
			List<NodeClient> others = Stream.of(this.ready).filter((node) -> !tried.contains(node)).toList();
			if (!others.isEmpty()) {
				NodeClient other = others.get(Integer.remainderUnsigned(this.turn.getAndIncrement(), others.size()));
				if (other.offer(attempt, argument) == null) {
					return;
				}
			}
		}
		start(attempt, argument);
	}

	private @Nullable CallFailure place(Offer offer) {
		// The second time round each node is asked, whatever it does, so that one of them
		// says why not.
		List<NodeClient> candidates = Stream
			.concat(MAY_CONNECT.stream()
				.flatMap((state) -> this.nodes.stream().filter((node) -> node.state() == state)), this.nodes.stream())
			.toList();
		CallFailure refused = null;
		for (NodeClient node : candidates) {
			refused = offer.to(node);
			if (refused == null) {
				moveToReady(node);
				return null;
			}
		}
		return explain(refused);
	}

	private @Nullable CallFailure explain(@Nullable CallFailure refused) {
		if (refused == null || this.nodes.size() == 1) {
			return refused;
		}
		return new CallFailure(refused.code(), refused.known(),
				"none of " + this.nodes.size() + " nodes takes the call; the last one: " + refused.message(),
				refused.cause());
	}

	/**
	 * Another node may have connected after it was looked for, and before the call was
	 * where it would have been moved from.
	 */
	private void moveToReady(NodeClient from) {
		NodeClient[] ready = this.ready;
		if (ready.length > 0 && from.state() != NodeState.READY) {
			from.moveWaitingTo(ready[0]);
		}
	}

	private void connectAll() {
		if (this.nodes.size() > 1) {
			this.nodes.forEach(NodeClient::connect);
		}
	}

	@Override
	public void changed(NodeClient node) {
		synchronized (this) {
			this.ready = this.nodes.stream()
				.filter((each) -> each.state() == NodeState.READY)
				.toArray(NodeClient[]::new);
		}
		if (this.nodes.size() > 1) {
			if (node.state() == NodeState.READY) {
				this.nodes.stream().filter((other) -> other != node).forEach((other) -> other.moveWaitingTo(node));
			}
			else if (node.state() == NodeState.IDLE) {
				this.someIdle = true;
			}
			else {
				moveToReady(node);
			}
		}
	}

	@Override
	public void returned(NodeClient node, List<ClientCall<?>> calls, CallFailure reason) {
		for (ClientCall<?> call : calls) {
			try {
				boolean elsewhere = this.nodes.size() > 1 && call.options().node() == null;
				CallFailure refused = elsewhere ? place((other) -> other.offerAgain(call)) : reason;
				if (refused != null) {
					call.reject(refused);
				}
			}
			catch (Throwable ex) {
				// The calls behind it must still go somewhere.
				call.reject(new CallFailure(reason.code(), reason.known(), reason.message(), ex));
			}
		}
	}

	List<NodeSnapshot> snapshots() {
		return this.nodes.stream().map(NodeClient::snapshot).toList();
	}

	@Override
	public void close() {
		this.nodes.forEach(NodeClient::close);
	}

	@Override
	public String toString() {
		return Arrays.toString(this.nodes.toArray());
	}

	/**
	 * Offers a call to a node.
	 */
	@FunctionalInterface
	private interface Offer {

		@Nullable CallFailure to(NodeClient node);

	}

}
