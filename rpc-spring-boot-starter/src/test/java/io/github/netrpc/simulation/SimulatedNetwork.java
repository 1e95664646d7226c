package io.github.netrpc.simulation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;

/**
 * The network between one client and its nodes, as the client's transport.
 */
final class SimulatedNetwork implements Transport {

	private static final long RETRANSMIT_NANOS = 1_000_000_000;

	private static final double SILENT_TIMEOUT = 0.2;

	private final SimulatedClock clock;

	private final SimulatedRandom random;

	private final SimulatedProcess client;

	private final Promises promises;

	private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();

	private final Set<SimulatedEnd> clientEnds = new LinkedHashSet<>();

	private final int greetings;

	private int ports = 40_000;

	/**
	 * Creates a network without nodes.
	 * @param greetings how many messages a client sends on a connection that no caller
	 * waits for
	 */
	SimulatedNetwork(SimulatedClock clock, SimulatedRandom random, SimulatedProcess client, Promises promises,
			int greetings) {
		this.clock = clock;
		this.random = random;
		this.client = client;
		this.promises = promises;
		this.greetings = greetings;
	}

	int greetings() {
		return this.greetings;
	}

	void add(SimulatedNode node) {
		this.nodes.put(node.address(), node);
	}

	/**
	 * The client's ends of connections that are not closed.
	 */
	List<SimulatedEnd> clientEnds() {
		return new ArrayList<>(this.clientEnds);
	}

	void forget(SimulatedEnd end) {
		this.clientEnds.remove(end);
	}

	void log(Supplier<String> line) {
		this.promises.log(line);
	}

	void closedUnread(SimulatedEnd end) {
		if (this.clientEnds.contains(end)) {
			this.promises.closedUnread();
		}
	}

	void lost(SimulatedEnd end) {
		if (this.clientEnds.contains(end)) {
			this.promises.lost(end.heardNanos());
		}
	}

	/**
	 * A handler has thrown.
	 */
	void failed(SimulatedEnd end, Throwable cause) {
		this.promises.broken("no handler of a connection throws", end + ": " + cause, cause);
	}

	@Override
	public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
		InetSocketAddress wanted = (InetSocketAddress) address;
		String key = wanted.getHostString() + ":" + wanted.getPort();
		this.promises.connecting(key);
		Attempt attempt = new Attempt(this.nodes.get(key), handler);
		this.client.after(this.random.around(100_000), attempt::resolved);
		this.client.after(timeout.toNanos(), attempt::timedOut);
		return attempt.result;
	}

	@Override
	public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) {
		throw new UnsupportedOperationException("nodes are not reached through this transport");
	}

	@Override
	public void close() {
		clientEnds().forEach(SimulatedEnd::close);
	}

	/**
	 * One attempt to open a connection.
	 */
	private final class Attempt {

		private final SimulatedNode node;

		private final ConnectionHandler handler;

		private final CompletableFuture<Connection> result = new CompletableFuture<>();

		private long retransmitNanos = RETRANSMIT_NANOS;

		private boolean done;

		private Attempt(SimulatedNode node, ConnectionHandler handler) {
			this.node = node;
			this.handler = handler;
		}

		private void resolved() {
			this.handler.resolved();
			if (this.node == null) {
				fail(new java.net.UnknownHostException("no such host"));
				return;
			}
			SimulatedNetwork.this.clock.after(this.node.link().delayNanos(), this::knock);
		}

		private void knock() {
			if (this.done) {
				return;
			}
			if (this.node.link().isBlocked(true) || !this.node.hostIsUp()) {
				again(this::knock);
			}
			else if (!this.node.isListening()) {
				SimulatedNetwork.this.clock.after(this.node.link().delayNanos(), this::refused);
			}
			else {
				SimulatedEnd end = accept();
				SimulatedNetwork.this.clock.after(this.node.link().delayNanos(), () -> accepted(end));
			}
		}

		private void again(Runnable step) {
			SimulatedNetwork.this.clock.after(this.retransmitNanos, step);
			this.retransmitNanos *= 2;
		}

		private void refused() {
			if (this.node.link().isBlocked(false)) {
				again(this::knock);
			}
			else {
				fail(new ConnectException("Connection refused"));
			}
		}

		private SimulatedEnd accept() {
			SimulatedNetwork network = SimulatedNetwork.this;
			SimulatedEnd clientEnd = new SimulatedEnd(network, network.clock, network.client, () -> true,
					InetSocketAddress.createUnresolved("client", network.ports++), this.handler);
			SimulatedEnd nodeEnd = this.node.accept(network);
			SimulatedRandom random = network.random;
			clientEnd.join(nodeEnd, new SimulatedPipe(network.clock, random, this.node.link(), true, nodeEnd),
					new SimulatedPipe(network.clock, random, this.node.link(), false, clientEnd));
			nodeEnd.open();
			return clientEnd;
		}

		private void accepted(SimulatedEnd end) {
			if (this.done) {
				end.out().reset();
			}
			else if (this.node.link().isBlocked(false)) {
				again(() -> accepted(end));
			}
			else if (end.isClosed()) {
				fail(new ConnectException("Connection reset by peer"));
			}
			else {
				this.done = true;
				SimulatedNetwork.this.clientEnds.add(end);
				end.open();
				SimulatedNetwork.this.client.run(() -> this.result.complete(end));
			}
		}

		private void timedOut() {
			if (!this.done && SimulatedNetwork.this.random.chance(SILENT_TIMEOUT)) {
				// Some transports forget to say so.
				this.done = true;
			}
			fail(new IOException("connection timed out"));
		}

		private void fail(IOException cause) {
			if (!this.done) {
				this.done = true;
				SimulatedNetwork.this.client.run(() -> this.result.completeExceptionally(cause));
			}
		}

	}

}
