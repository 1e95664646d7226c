package io.github.netrpc.benchmarks.reliability.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;

/**
 * Has this process accept connections and answer calls at a port that nobody knows, so
 * that what comes at a node's real one, and a client's own calls, do not queue up behind
 * the loading of classes.
 */
public final class WarmUp {

	private WarmUp() {
	}

	/**
	 * Opens connections, one after the other, with a call on each.
	 * @param connections how many
	 */
	public static void run(int connections) {
		if (connections == 0) {
			return;
		}
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new WorkService(null, null))
			.start()) {
			List<RpcChannel> channels = new ArrayList<>();
			for (int i = 0; i < connections; i++) {
				RpcChannel channel = RpcChannel.builder().name("warm-up").target("127.0.0.1:" + server.port()).build();
				channels.add(channel);
				CompletableFuture<Work.Done> call = channel.method("Work.Read", Work.Task.class, Work.Done.class)
					.callAsync(new Work.Task(1, 0, 0));
				call.join();
			}
			channels.forEach(RpcChannel::close);
		}
	}

}
