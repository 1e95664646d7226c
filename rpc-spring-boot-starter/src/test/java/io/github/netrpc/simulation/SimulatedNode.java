package io.github.netrpc.simulation;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.simulation.SimulatedFormats.Order;
import io.github.netrpc.simulation.SimulatedFormats.Receipt;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.http.ConnectPath;
import io.github.netrpc.wire.http.ConnectRequestReader;

/**
 * One server: a host, and a process on it that speaks the real wire, either as ours or as
 * a stock one. It runs some calls at a time, lets others wait or refuses them, and tells
 * what it does.
 */
final class SimulatedNode {

	private static final String SERVICE_MISSING = "rpc: can't find service ";

	private static final double TWICE = 0.01;

	private final String host;

	private final int port;

	private final boolean stock;

	private final boolean http;

	private final SimulatedFormats formats;

	private final SimulatedClock clock;

	private final SimulatedRandom random;

	private final SimulatedLink link;

	private final SimulatedProcess process;

	private final Promises promises;

	private final List<Session> sessions = new ArrayList<>();

	private final Deque<Request> queue = new ArrayDeque<>();

	private final int slots;

	private final int mostQueued;

	private final long usualServiceNanos;

	private int running;

	private boolean hostUp = true;

	private boolean listening = true;

	private boolean refusing;

	private double failures;

	private double unavailable;

	private long slowdown = 1;

	/**
	 * Creates a node that listens.
	 * @param stock whether it knows of none of our fields
	 * @param http whether a connection begins with an HTTP request
	 */
	SimulatedNode(String host, int port, boolean stock, boolean http, SimulatedFormats formats, SimulatedClock clock,
			SimulatedRandom random, SimulatedLink link, Promises promises) {
		this.host = host;
		this.port = port;
		this.stock = stock;
		this.http = http;
		this.formats = formats;
		this.clock = clock;
		this.random = random;
		this.link = link;
		this.promises = promises;
		this.process = new SimulatedProcess(clock);
		this.slots = (int) random.between(2, 16);
		this.mostQueued = (int) random.between(8, 64);
		this.usualServiceNanos = random.between(100_000, 20_000_000);
	}

	String address() {
		return this.host + ":" + this.port;
	}

	NodeEndpoint endpoint(String id) {
		return new NodeEndpoint(id, this.host, this.port, Map.of());
	}

	SimulatedLink link() {
		return this.link;
	}

	boolean isStock() {
		return this.stock;
	}

	boolean hostIsUp() {
		return this.hostUp;
	}

	boolean isListening() {
		return this.listening;
	}

	boolean isFrozen() {
		return this.process.isFrozen();
	}

	SimulatedEnd accept(SimulatedNetwork network) {
		Session session = new Session();
		SimulatedEnd end = new SimulatedEnd(network, this.clock, this.process, this::hostIsUp,
				InetSocketAddress.createUnresolved(this.host, this.port), session);
		session.end = end;
		this.sessions.add(session);
		return end;
	}

	// Faults

	/**
	 * The process is killed; its system closes its connections.
	 */
	void kill(boolean reset) {
		this.listening = false;
		endProcess();
		List<Session> ended = new ArrayList<>(this.sessions);
		this.sessions.clear();
		ended.forEach((session) -> session.end().kill(reset));
	}

	/**
	 * The host loses power.
	 */
	void vanish() {
		this.listening = false;
		this.hostUp = false;
		endProcess();
		List<Session> ended = new ArrayList<>(this.sessions);
		this.sessions.clear();
		ended.forEach((session) -> session.end().vanish());
	}

	private void endProcess() {
		this.process.end();
		this.queue.clear();
		this.running = 0;
	}

	/**
	 * Starts anew, with nothing in memory, unless it runs.
	 */
	void start() {
		if (!this.listening) {
			kill(false);
		}
		this.hostUp = true;
		this.listening = true;
	}

	void freeze() {
		this.process.freeze();
	}

	void wake() {
		this.process.wake();
	}

	/**
	 * Takes no more connections, and tells peers of ours to go.
	 */
	void drain() {
		this.listening = false;
		this.process.run(() -> new ArrayList<>(this.sessions).forEach(Session::notice));
	}

	/**
	 * The end of a drain.
	 */
	void exit() {
		this.process.run(() -> new ArrayList<>(this.sessions).forEach((session) -> session.end().closeGracefully()));
	}

	void resetConnections() {
		new ArrayList<>(this.sessions).forEach((session) -> session.end().kill(true));
		this.sessions.clear();
	}

	/**
	 * Sends garbage on the connections that there are.
	 */
	void garble(double share) {
		this.sessions.forEach((session) -> session.end().out().garble(share));
	}

	void refuse(boolean refuses) {
		this.refusing = refuses;
	}

	void fail(double share) {
		this.failures = share;
	}

	void beUnavailable(double share) {
		this.unavailable = share;
	}

	void slowDown(long factor) {
		this.slowdown = factor;
	}

	// Calls

	private void accepted(Request request) {
		Order order = Objects.requireNonNull(request.order);
		this.promises.arrived(order.token(), address());
		// To others a refusal looks like a failure.
		boolean mayRefuse = request.session.replies.isExtended();
		if (mayRefuse && request.session.noticed) {
			request.refuse(RpcCode.UNAVAILABLE, "server is shutting down");
		}
		else if (mayRefuse && (this.refusing || this.queue.size() >= this.mostQueued)) {
			request.refuse(RpcCode.RESOURCE_EXHAUSTED, "server is overloaded");
		}
		else if (this.running < this.slots) {
			start(request);
		}
		else {
			this.queue.add(request);
		}
	}

	private void startNext() {
		while (this.running < this.slots && !this.queue.isEmpty()) {
			Request request = this.queue.poll();
			if (request.isLate()) {
				request.refuse(RpcCode.DEADLINE_EXCEEDED, "has waited too long");
			}
			else if (!request.cancelled) {
				start(request);
			}
		}
	}

	private void start(Request request) {
		Order order = Objects.requireNonNull(request.order);
		this.running++;
		this.promises.ran(order.token(), address());
		long service = this.random.around(this.usualServiceNanos) * this.slowdown;
		if (request.deadlineNanos < this.clock.now() + service) {
			this.process.after(request.deadlineNanos - this.clock.now(),
					() -> request.fail(RpcCode.DEADLINE_EXCEEDED, null, "the time is over"));
		}
		this.process.after(service, () -> {
			this.running--;
			finish(request, order);
			startNext();
		});
	}

	private void finish(Request request, Order order) {
		if (this.random.chance(this.unavailable)) {
			request.fail(RpcCode.UNAVAILABLE, Known.RAN_AND_FAILED, "a backend is not there");
		}
		else if (this.random.chance(this.failures)) {
			request.fail(RpcCode.FAILED_PRECONDITION, Known.RAN_AND_FAILED, "it did not work");
		}
		else {
			request.succeed(new Receipt(order.token(), address(), order.load()));
		}
	}

	@Override
	public String toString() {
		return address() + (this.stock ? " (stock)" : "");
	}

	/**
	 * The server's side of one connection.
	 */
	private final class Session implements ConnectionHandler, RequestSink {

		private final ServerCodec codec = SimulatedNode.this.formats.format().serverCodec();

		/** Has never seen a field of ours where the server is a stock one. */
		private final ServerCodec replies = SimulatedNode.this.stock ? SimulatedNode.this.formats.format().serverCodec()
				: this.codec;

		private final MessageBuffer buffer = SimulatedNode.this.formats.format().newBuffer();

		private final Map<Long, Request> open = new HashMap<>();

		/** Until the HTTP request is answered, if there is to be one. */
		private @Nullable ConnectRequestReader handshake = SimulatedNode.this.http
				? new ConnectRequestReader(ConnectPath.DEFAULT) : null;

		private @Nullable SimulatedEnd end;

		private boolean noticed;

		private SimulatedEnd end() {
			return Objects.requireNonNull(this.end);
		}

		@Override
		public void opened(Connection connection) {
			// Accepted while the notice was on its way to others.
			if (!SimulatedNode.this.listening && !SimulatedNode.this.stock) {
				notice();
			}
		}

		@Override
		public int received(byte[] bytes, int from, int to) {
			if (this.handshake != null) {
				return connect(this.handshake, bytes, from, to);
			}
			try {
				return this.codec.decode(bytes, from, to, this);
			}
			catch (WireException ex) {
				throw new IllegalStateException("what the client sends cannot be read: " + ex.getMessage(), ex);
			}
		}

		private int connect(ConnectRequestReader request, byte[] bytes, int from, int to) {
			int consumed = request.read(bytes, from, to);
			if (consumed > 0) {
				this.handshake = null;
				if (!request.isConnected() || consumed < to - from) {
					SimulatedNode.this.promises.broken("a connection begins with CONNECT, and waits for the answer",
							consumed + " of " + (to - from) + " bytes", null);
				}
				end().send(request.answer());
			}
			return consumed;
		}

		@Override
		public IncomingRequest begin(byte[] bytes, int from, int to) {
			return new Request(this, Arrays.copyOfRange(bytes, from, to));
		}

		@Override
		public boolean wantsMore() {
			return true;
		}

		private void notice() {
			if (!this.replies.isExtended() || this.noticed) {
				return;
			}
			this.noticed = true;
			try {
				this.replies.encodeNotice(Map.of("drain", "true"), this.buffer);
			}
			catch (EncodeException ex) {
				throw new IllegalStateException(ex);
			}
			end().send(this.buffer);
		}

		@Override
		public void inputEnded() {
			end().closeGracefully();
		}

		@Override
		public void drained() {
		}

		@Override
		public void closed(@Nullable Throwable cause) {
			SimulatedNode.this.sessions.remove(this);
		}

	}

	/**
	 * A request, until it is answered.
	 */
	private final class Request extends IncomingRequest {

		private final Session session;

		private final byte[] method;

		private final String name;

		private @Nullable Order order;

		private long deadlineNanos = Long.MAX_VALUE;

		private boolean cancelled;

		private boolean answered;

		Request(Session session, byte[] method) {
			this.session = session;
			this.method = method;
			this.name = new String(method, StandardCharsets.UTF_8);
		}

		@Override
		public byte[] methodName() {
			return this.method;
		}

		@Override
		public @Nullable ValuePlan argumentPlan() {
			return switch (this.name) {
				case "Sim.Read", "Sim.Write" -> SimulatedNode.this.formats.order();
				case "_goRPC_.Cancel" -> SimulatedNode.this.stock ? null : SimulatedNode.this.formats.number();
				default -> null;
			};
		}

		@Override
		public void received(@Nullable Object argument) {
			if (argument instanceof Order given) {
				this.order = given;
				if (!SimulatedNode.this.stock) {
					if (isExtended() && timeLeftNanos() > 0) {
						this.deadlineNanos = SimulatedNode.this.clock.now() + timeLeftNanos();
					}
					this.session.open.put(seq(), this);
				}
				accepted(this);
			}
			else if (SimulatedNode.this.stock || !this.name.startsWith("_goRPC_.")) {
				answered(RpcCode.UNIMPLEMENTED, Known.NOT_RUN, SERVICE_MISSING + this.name);
			}
			else {
				if (argument instanceof Number number) {
					cancel(this.session.open.get(number.longValue()));
				}
				reply(null, SimulatedNode.this.formats.empty());
			}
		}

		@Override
		public void malformed(String reason) {
			throw new IllegalStateException("what the client sends does not fit: " + reason);
		}

		private void cancel(@Nullable Request request) {
			if (request != null) {
				request.cancelled = true;
				if (SimulatedNode.this.random.chance(0.5)) {
					request.fail(RpcCode.CANCELLED, null, "cancelled");
				}
			}
		}

		private boolean isLate() {
			return this.deadlineNanos <= SimulatedNode.this.clock.now();
		}

		private void refuse(RpcCode code, String message) {
			fail(code, Known.NOT_RUN, message);
		}

		private void fail(RpcCode code, @Nullable Known known, String message) {
			if (ends()) {
				answered(code, known, message);
			}
		}

		private void answered(RpcCode code, @Nullable Known known, String message) {
			this.session.replies.encodeError(this, code, known, message, Map.of(), this.session.buffer);
			this.session.end().send(this.session.buffer);
		}

		private void succeed(Receipt receipt) {
			if (ends()) {
				reply(receipt, SimulatedNode.this.formats.receipt());
				if (SimulatedNode.this.random.chance(TWICE)) {
					reply(receipt, SimulatedNode.this.formats.receipt());
				}
			}
		}

		private boolean ends() {
			if (this.answered) {
				return false;
			}
			this.answered = true;
			this.session.open.remove(seq(), this);
			return true;
		}

		private void reply(@Nullable Object value, ValuePlan plan) {
			try {
				this.session.replies.encodeReply(this, value, plan, Map.of(), this.session.buffer);
			}
			catch (EncodeException ex) {
				throw new IllegalStateException(ex);
			}
			this.session.end().send(this.session.buffer);
		}

	}

}
