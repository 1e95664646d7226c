package io.github.netrpc.demo.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.autoconfigure.client.RpcClientConnectionDetails;
import io.github.netrpc.server.RpcServer;

/**
 * Three nodes in this process, on free ports, for a demo that runs alone. They tell the
 * channel where they are.
 */
class EmbeddedNodes implements RpcClientConnectionDetails, AutoCloseable {

	private static final int NODES = 3;

	private final List<RpcServer> servers;

	EmbeddedNodes() {
		this.servers = Stream.generate(EmbeddedNodes::start).limit(NODES).toList();
	}

	private static RpcServer start() {
		return RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service("Arith", new ArithNode())
			.start();
	}

	@Override
	public @Nullable String getTarget(String channel) {
		return "static://"
				+ this.servers.stream().map((server) -> "127.0.0.1:" + server.port()).collect(Collectors.joining(","));
	}

	@Override
	public void close() {
		this.servers.forEach(RpcServer::close);
	}

}
