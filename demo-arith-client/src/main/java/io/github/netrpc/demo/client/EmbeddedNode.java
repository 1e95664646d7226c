package io.github.netrpc.demo.client;

import java.time.Duration;

import io.github.netrpc.server.RpcServer;

/**
 * A node in this process, which can die and come back at the same port.
 */
class EmbeddedNode implements AutoCloseable {

	/** Three nodes and their callers share one machine: its pauses are no overload. */
	private static final Duration BUSY = Duration.ofSeconds(1);

	private final ArithNode arith = new ArithNode();

	private volatile RpcServer server = start(0);

	private RpcServer start(int port) {
		return RpcServer.builder()
			.port(port)
			.service("Arith", this.arith)
			.service("Primes", new PrimesNode())
			.overload(BUSY, BUSY, BUSY)
			.start();
	}

	String address() {
		return "127.0.0.1:" + this.server.port();
	}

	ArithNode arith() {
		return this.arith;
	}

	/**
	 * Closes the port and all connections, and answers nothing any more.
	 */
	void die() {
		this.server.close();
	}

	void comeBack() {
		die();
		this.server = start(this.server.port());
	}

	@Override
	public void close() {
		this.server.close();
	}

}
