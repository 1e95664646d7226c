package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.server.RpcServer;

/**
 * A process that tells how often it could not accept a connection. Serves until its input
 * ends, so it cannot outlive the test.
 */
public final class FewDescriptorsNode {

	private FewDescriptorsNode() {
	}

	public static void main(String[] args) throws Exception {
		RpcServer[] started = new RpcServer[1];
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new Accepts(() -> started[0].acceptFailures()))
			.start()) {
			started[0] = server;
			System.out.println(server.port());
			System.in.read();
		}
	}

	/**
	 * The node's own count.
	 */
	@RpcService("Accepts")
	public static final class Accepts {

		private final LongSupplier failures;

		Accepts(LongSupplier failures) {
			this.failures = failures;
		}

		public long failures() {
			return this.failures.getAsLong();
		}

	}

}
