package io.github.netrpc.context;

import java.net.InetSocketAddress;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.server.RpcServer;

/**
 * What the server says about itself where it registers: known as soon as it listens,
 * before the application's web server starts. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcServerRegistration {

	private final RpcServerLifecycle lifecycle;

	private final Function<InetSocketAddress, NodeRegistration> registrations;

	/**
	 * Creates a registration.
	 * @param lifecycle has the server
	 * @param registrations what a server with an address registers
	 */
	public RpcServerRegistration(RpcServerLifecycle lifecycle,
			Function<InetSocketAddress, NodeRegistration> registrations) {
		this.lifecycle = lifecycle;
		this.registrations = registrations;
	}

	/**
	 * What is registered.
	 * @return the node with its real port, or null while no server runs
	 */
	public @Nullable NodeRegistration current() {
		RpcServer server = this.lifecycle.server();
		return (server != null) ? this.registrations.apply(server.address()) : null;
	}

}
