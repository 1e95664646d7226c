package io.github.netrpc.discovery.etcd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;

/**
 * Servers that are registered, and a channel that finds them.
 */
final class EtcdNodes implements AutoCloseable {

	private final EtcdSettings settings;

	private final List<Node> nodes = new ArrayList<>();

	final RpcChannel channel;

	private final Who who;

	EtcdNodes(EtcdSettings settings) {
		this.settings = settings;
		this.channel = RpcChannel.builder()
			.name("arith")
			.directoryProvider(new EtcdDirectory.Provider(settings))
			.target("etcd://arith")
			.build();
		this.who = this.channel.proxy(Who.class);
	}

	Node start(String id) {
		Node node = new Node(id, this.settings);
		this.nodes.add(node);
		return node;
	}

	/**
	 * The ids of the nodes that get calls.
	 */
	List<String> listed() {
		return this.channel.nodes()
			.stream()
			.filter((node) -> node.state() != NodeState.DRAINING && node.state() != NodeState.SHUTDOWN)
			.map(NodeSnapshot::id)
			.toList();
	}

	/**
	 * Makes a call that is tried again if the node dies meanwhile.
	 */
	String call() {
		return this.who.name();
	}

	/**
	 * Makes calls that are under way at the same time: a node that is new gets few of
	 * them, and none while another one is idle.
	 */
	void callMany() {
		CompletableFuture
			.allOf(IntStream.range(0, 64)
				.mapToObj((each) -> this.channel.callAsync("Who.Name", null, String.class))
				.toArray(CompletableFuture[]::new))
			.join();
	}

	@Override
	public void close() {
		this.channel.close();
		this.nodes.forEach(Node::kill);
	}

	/**
	 * A server that is registered.
	 */
	static final class Node {

		private final RpcServer server;

		private final EtcdRegistrar registrar;

		final AtomicLong calls = new AtomicLong();

		Node(String id, EtcdSettings settings) {
			this.server = RpcServer.builder()
				.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
				.service(new NamedService(id, this.calls))
				.start();
			this.registrar = new EtcdRegistrar(settings);
			this.registrar.register(new NodeRegistration("arith",
					new NodeEndpoint(id, "127.0.0.1", this.server.port(), Map.of("rpc-tags", "gpu"))));
		}

		void withdraw() {
			this.registrar.withdraw().toCompletableFuture().join();
		}

		/**
		 * Ends it as a process that is killed: nothing is withdrawn.
		 */
		void kill() {
			this.registrar.close();
			this.server.close();
		}

	}

	/**
	 * Says who it is.
	 */
	@RpcService
	public interface Who {

		@Idempotent
		String name();

	}

	private record NamedService(String id, AtomicLong calls) implements Who {

		@Override
		public String name() {
			this.calls.incrementAndGet();
			return this.id;
		}

	}

}
