package io.github.netrpc.benchmarks.peer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.RpcServerBuilder;
import io.github.netrpc.transport.TlsSettings;

/**
 * This project's server: {@code --handlers=virtual}, {@code pool} or {@code nonblocking}
 * says where handlers run. Speaks gob and JSON on one port, with {@code --tls=FILE} over
 * TLS, see {@link TlsKeyFile}.
 */
public final class ArithServer {

	private ArithServer() {
	}

	public static void main(String[] args) throws Exception {
		Flags flags = Flags.parse(args);
		String handlers = flags.get("handlers", "pool");
		String keys = flags.get("tls", "");
		Arith arith = switch (handlers) {
			case "virtual", "pool" -> new Arith.Plain();
			case "nonblocking" -> new Arith.OnIoThread();
			default -> throw new IllegalArgumentException(
					"--handlers=" + handlers + " (expected: virtual, pool or nonblocking)");
		};
		RpcServerBuilder builder = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(arith)
			.virtualThreads(handlers.equals("virtual"));
		if (!keys.isEmpty()) {
			TlsSettings tls = TlsKeyFile.server(Path.of(keys));
			builder.tls(() -> tls);
		}
		try (RpcServer server = builder.start()) {
			new Console().serve(server.port());
		}
	}

}
