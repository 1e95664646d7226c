package io.github.netrpc.autoconfigure.server;

import java.net.InetAddress;

/**
 * The server would be open to the network without TLS and authentication, and nobody
 * wrote down that this is meant.
 */
class UnprotectedAddressException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final InetAddress address;

	UnprotectedAddressException(InetAddress address) {
		super("rpc.server.address: " + address.getHostAddress() + " is not a loopback address");
		this.address = address;
	}

	InetAddress address() {
		return this.address;
	}

}
