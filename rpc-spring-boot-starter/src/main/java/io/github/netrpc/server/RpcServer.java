package io.github.netrpc.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
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

	/** How long the answers of cut calls may take to leave. */
	private static final Duration LAST_REPLIES = Duration.ofSeconds(1);

	private final ServerScope scope;

	private final Listener listener;

	private final Transport transport;

	private final boolean ownsTransport;

	private final @Nullable ExecutorService ownedExecutor;

	private final boolean tls;

	private volatile boolean stopping;

	RpcServer(ServerScope scope, Listener listener, boolean tls, Transport transport, boolean ownsTransport,
			@Nullable ExecutorService ownedExecutor) {
		this.scope = scope;
		this.listener = listener;
		this.tls = tls;
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
	 * Whether the port speaks TLS, and nothing else.
	 * @return whether there are settings for TLS
	 */
	public boolean speaksTls() {
		return this.tls;
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
	 * How many calls wait for a handler.
	 * @return the number of calls
	 */
	public int queued() {
		return this.scope.handlers().queued();
	}

	/**
	 * How many calls have handlers that have returned a stage which is not complete.
	 * @return the number of calls, part of {@link #inFlight()}
	 */
	public int asyncCalls() {
		return this.scope.async().count();
	}

	/**
	 * How much of the replies waits for peers that do not read it, in bytes. Connections
	 * with 64 KiB or less are not counted; where there are more than a thousand, those
	 * with 4 KiB or less.
	 * @return the number of bytes
	 */
	public long unsentBytes() {
		return this.scope.unsent().bytes();
	}

	/**
	 * What the requests of all calls take that wait or run, as they were sent, together
	 * with requests that are partly here, in bytes. Requests of 1 KiB or less are not
	 * counted, unless they wait for their peer to read the replies of others: then each
	 * counts 512 bytes more than it took. Parts of 64 KiB or less are not counted; where
	 * there are more than a thousand connections, parts of 4 KiB or less.
	 * @return the number of bytes
	 */
	public long argumentBytes() {
		return this.scope.arguments().bytes();
	}

	/**
	 * How many calls were refused for a reason, since the server was started.
	 * @param reason the reason
	 * @return the number of calls
	 */
	public long refused(RefusalReason reason) {
		return this.scope.refusals().of(reason);
	}

	/**
	 * How many connections the server has closed of its own accord for a reason, since it
	 * was started.
	 * @param reason the reason
	 * @return the number of connections
	 */
	public long closed(CloseReason reason) {
		return this.scope.connections().closes().of(reason);
	}

	/**
	 * How often a connection could not be accepted, since the server was started: the
	 * process is out of file descriptors, say. Nothing is accepted for a second then.
	 * @return the number of failures
	 */
	public long acceptFailures() {
		return this.listener.acceptFailures();
	}

	/**
	 * How many calls were answered because nobody waited for them any more, and have
	 * handlers that have not ended. They count against all bounds.
	 * @return the number of calls, part of {@link #inFlight()}
	 */
	public long abandoned() {
		return this.scope.cutCalls().sum();
	}

	/**
	 * How many handlers have been at work on one call for a long time.
	 * @param longTime the least time, from the handler's start
	 * @return the number of calls, part of {@link #inFlight()}
	 */
	public long runningFor(Duration longTime) {
		long now = this.scope.nanoTime().getAsLong();
		long[] count = new long[1];
		this.scope.connections().forEachCall((call) -> {
			if (call.isWorkedOn() && now - call.startedNanos() >= longTime.toNanos()) {
				count[0]++;
			}
		});
		return count[0];
	}

	/**
	 * Whether the server stops: it takes no more connections, or is about to.
	 * @return whether {@link #drain} or {@link #close} was called
	 */
	public boolean isDraining() {
		return this.stopping;
	}

	/**
	 * Stops gently: accepts no more connections, answers the calls that were accepted,
	 * and closes. Extended callers are told, and get {@link RefusalReason#SHUTDOWN} for
	 * what they send all the same; stock ones are not read any more. May be called again,
	 * for example with a shorter time.
	 * @param limit how long calls may take; then they are answered with an error and
	 * their handlers interrupted
	 * @return completes when all connections are closed. Call {@link #close()} then.
	 */
	public CompletionStage<DrainOutcome> drain(Duration limit) {
		this.stopping = true;
		// In this order: a caller that is told connects anew at once, and must not find a
		// listener that is about to reset what it has not accepted.
		this.listener.close();
		CompletableFuture<@Nullable Void> drained = this.scope.connections().drain();
		return TimeLimit.DRAIN.of(drained.thenApply((nothing) -> true), limit, false)
			.thenCompose((all) -> all ? CompletableFuture.completedFuture(DrainOutcome.of(Map.of())) : cut());
	}

	private CompletionStage<DrainOutcome> cut() {
		Map<String, Long> calls = new HashMap<>();
		this.scope.connections().forEachCall((call) -> calls.merge(call.serviceMethod().name(), 1L, Long::sum));
		DrainOutcome outcome = DrainOutcome.of(calls);
		return TimeLimit.DRAIN.of(this.scope.connections().cut().thenApply((nothing) -> true), LAST_REPLIES, false)
			.thenApply((all) -> outcome);
	}

	/**
	 * Stops at once: closes all connections, and ends the threads that the server has
	 * started. Calls that run are interrupted.
	 */
	@Override
	public void close() {
		this.stopping = true;
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
