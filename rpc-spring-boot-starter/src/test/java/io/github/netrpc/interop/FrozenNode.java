package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.github.netrpc.server.RpcServer;

/**
 * A process that serves {@link Arith} until its input ends, so it cannot outlive the
 * test.
 */
public final class FrozenNode {

	private FrozenNode() {
	}

	public static void main(String[] args) throws Exception {
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.start()) {
			System.out.println(server.port());
			System.in.read();
		}
	}

}
