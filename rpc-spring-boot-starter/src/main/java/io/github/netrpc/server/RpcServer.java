package io.github.netrpc.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;

/**
 * A running server: beans that any Go program and any client of this project can call
 * over one port. <pre class="code">
 * try (RpcServer server = RpcServer.builder().service(new ArithService()).start()) {
 *     System.out.println("listening on port " + server.port());
 * }
 * </pre> Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcServer implements AutoCloseable {

	private final ServerScope scope;

	private final Listener listener;

	private final Transport transport;

	private final boolean ownsTransport;

	private final @Nullable ExecutorService ownedExecutor;

	RpcServer(ServerScope scope, Listener listener, Transport transport, boolean ownsTransport,
			@Nullable ExecutorService ownedExecutor) {
		this.scope = scope;
		this.listener = listener;
		this.transport = transport;
		this.ownsTransport = ownsTransport;
		this.ownedExecutor = ownedExecutor;
	}

	/**
	 * Begins a new server.
	 * @return a builder
	 */
	public static RpcServerBuilder builder() {
		return new RpcServerBuilder();
	}

	/**
	 * Where the server listens, with the real port.
	 * @return the bound address
	 */
	public InetSocketAddress address() {
		return (InetSocketAddress) this.listener.localAddress();
	}

	/**
	 * The port on which the server listens.
	 * @return the real port
	 */
	public int port() {
		return address().getPort();
	}

	/**
	 * What can be called.
	 * @return the services, sorted by name
	 */
	public List<ServiceSnapshot> services() {
		return this.scope.table()
			.methods()
			.stream()
			.collect(Collectors.groupingBy((method) -> method.name().service(), TreeMap::new,
					Collectors.mapping(RpcServer::snapshot, Collectors.toList())))
			.entrySet()
			.stream()
			.map((service) -> new ServiceSnapshot(service.getKey(), service.getValue()))
			.toList();
	}

	/**
	 * Who is connected.
	 * @return the open connections, in no particular order
	 */
	public List<ConnectionSnapshot> connections() {
		return this.scope.connections().open().stream().map(ServerConnection::snapshot).toList();
	}

	/**
	 * How many connections are open.
	 * @return the number of connections
	 */
	public int connectionCount() {
		return this.scope.connections().count();
	}

	/**
	 * How many calls run or wait.
	 * @return the number of calls
	 */
	public long inFlight() {
		return this.scope.connections().callsInFlight();
	}

	/**
	 * Stops gently: accepts no more connections and reads no more calls, answers the
	 * calls that were accepted, and closes. May be called again, for example with a
	 * shorter time.
	 * @param limit how long calls may take; then their connections are closed
	 * @return completes when all connections are closed, with the number of calls that
	 * were cut, 0 if all were answered. Call {@link #close()} then.
	 */
	public CompletionStage<Long> drain(Duration limit) {
		this.listener.close();
		CompletableFuture<Long> drained = this.scope.connections().drain().thenApply((nothing) -> 0L);
		return drained.copy()
			.completeOnTimeout(-1L, limit.toNanos(), TimeUnit.NANOSECONDS)
			.thenApply((cut) -> (cut < 0) ? this.scope.connections().closeAll() : cut);
	}

	/**
	 * Stops at once: closes all connections, and ends the threads that the server has
	 * started. Calls that run are interrupted.
	 */
	@Override
	public void close() {
		this.listener.close();
		this.scope.connections().closeAll();
		if (this.ownsTransport) {
			this.transport.close();
		}
		if (this.ownedExecutor != null) {
			this.ownedExecutor.shutdownNow();
		}
	}

	private static ServiceSnapshot.Method snapshot(ServedMethod method) {
		return new ServiceSnapshot.Method(method.name().method(), method.goSignature(), method.calls());
	}

}
