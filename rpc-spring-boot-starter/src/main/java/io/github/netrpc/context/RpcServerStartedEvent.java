package io.github.netrpc.context;

import java.net.InetSocketAddress;

import org.springframework.context.ApplicationEvent;

/**
 * The server listens: published before the application's web server starts, so that what
 * registers the application somewhere knows the port. The source is the server.
 *
 * @since 0.1.0
 */
public class RpcServerStartedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final InetSocketAddress address;

	/**
	 * Creates the event.
	 * @param server the server
	 * @param address the address that it listens on, with the real port
	 */
	public RpcServerStartedEvent(Object server, InetSocketAddress address) {
		super(server);
		this.address = address;
	}

	/**
	 * The address that the server listens on.
	 * @return the address, with the real port
	 */
	public InetSocketAddress address() {
		return this.address;
	}

}
