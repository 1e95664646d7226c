package io.github.netrpc.benchmarks.peer;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.github.netrpc.server.RpcServer;

/**
 * This project's server: {@code --handlers=virtual}, {@code pool} or {@code nonblocking}
 * says where handlers run. Speaks gob and JSON on one port.
 */
public final class ArithServer {

	private ArithServer() {
	}

	public static void main(String[] args) throws Exception {
		String handlers = Flags.parse(args).get("handlers", "pool");
		Arith arith = switch (handlers) {
			case "virtual", "pool" -> new Arith.Plain();
			case "nonblocking" -> new Arith.OnIoThread();
			default -> throw new IllegalArgumentException(
					"--handlers=" + handlers + " (expected: virtual, pool or nonblocking)");
		};
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(arith)
			.virtualThreads(handlers.equals("virtual"))
			.start()) {
			new Console().serve(server.port());
		}
	}

}
