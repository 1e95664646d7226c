package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.AttemptListener;

/**
 * What the calls of a node have shown of it, for the balancer and for the circuit. Every
 * call writes here when it is sent and when it ends: no lock, no allocation.
 */
final class NodeLoad implements NodeView, AttemptListener {

	private final PickClock clock;

	private final OutlierEjector ejector;

	private final BooleanSupplier connected;

	private final LatencyAverage latency = new LatencyAverage();

	private final SlowStart slowStart;

	private final NodeCircuit circuit;

	private final AtomicLong begun = new AtomicLong();

	private final AtomicLong ended = new AtomicLong();

	private volatile NodeEndpoint endpoint;

	private volatile double fullWeight;

	/** Cancels what is to happen to the circuit. Guarded by the ejector. */
	private Runnable cancel = () -> {
	};

	/**
	 * Creates the figures of a node that nobody has called.
	 * @param connected whether the node takes calls
	 */
	NodeLoad(NodeEndpoint endpoint, PickClock clock, OutlierEjector ejector, Duration slowStart,
			BooleanSupplier connected) {
		this(endpoint, clock, ejector, slowStart, connected, null);
	}

	/**
	 * Creates the figures of a node that may have been called before.
	 * @param connected whether the node takes calls
	 * @param before its circuit when it was on the list before, or null
	 */
	NodeLoad(NodeEndpoint endpoint, PickClock clock, OutlierEjector ejector, Duration slowStart,
			BooleanSupplier connected, @Nullable NodeCircuit before) {
		this.endpoint = endpoint;
		this.fullWeight = endpoint.weight();
		this.clock = clock;
		this.ejector = ejector;
		this.connected = connected;
		this.slowStart = new SlowStart(slowStart.toNanos());
		this.circuit = (before != null) ? new NodeCircuit(ejector.policy(), before) : new NodeCircuit(ejector.policy());
	}

	// What it is

	/**
	 * Takes over what the directory says now.
	 */
	void update(NodeEndpoint endpoint) {
		this.endpoint = endpoint;
		this.fullWeight = endpoint.weight();
	}

	/**
	 * Begins with few calls.
	 */
	void startSlowly(long now) {
		this.slowStart.begin(now);
	}

	@Override
	public NodeEndpoint endpoint() {
		return this.endpoint;
	}

	@Override
	public int inFlight() {
		long ended = this.ended.get();
		return (int) Math.max(0, this.begun.get() - ended);
	}

	@Override
	public long latencyNanos() {
		return this.latency.at(this.clock.now(), inFlight() > 0);
	}

	@Override
	public double weight() {
		return this.fullWeight * startShare();
	}

	@Override
	public double startShare() {
		return this.slowStart.share(this.clock.now());
	}

	/**
	 * How many attempts were ever sent to the node.
	 */
	long sent() {
		return this.begun.get();
	}

	NodeCircuit circuit() {
		return this.circuit;
	}

	boolean isConnected() {
		return this.connected.getAsBoolean();
	}

	// Calls

	@Override
	public void begun() {
		this.begun.getAndIncrement();
	}

	@Override
	public void takenBack() {
		this.begun.getAndDecrement();
	}

	@Override
	public void succeeded(long beginNanos, long wireNanos, long endNanos) {
		long ended = this.ended.incrementAndGet();
		if (this.circuit.isOfNow(beginNanos)) {
			this.latency.answered(wireNanos, endNanos);
		}
		answered(beginNanos, endNanos, ended);
	}

	private void answered(long beginNanos, long endNanos, long ended) {
		if (this.circuit.answered(beginNanos, endNanos, ended)) {
			// How long calls took that failed says nothing of a node that is well.
			this.latency.restart();
			this.ejector.recovered(this, endNanos);
		}
	}

	@Override
	public void failed(long beginNanos, long wireNanos, long endNanos, RpcCode code, Known known, boolean answered) {
		long ended = this.ended.incrementAndGet();
		if (this.circuit.isOfNow(beginNanos)) {
			this.latency.failed(wireNanos, endNanos);
		}
		switch (sign(code, known, answered)) {
			case GOOD -> answered(beginNanos, endNanos, ended);
			case BAD -> {
				boolean lost = code == RpcCode.UNAVAILABLE && !answered;
				if (this.circuit.failed(beginNanos, endNanos, lost, ended)) {
					this.ejector.failing(this, endNanos);
				}
			}
			case NONE -> this.circuit.ended(beginNanos);
		}
	}

	private Sign sign(RpcCode code, Known known, boolean answered) {
		return switch (code) {
			case UNAVAILABLE -> unavailable(known, answered);
			// A call that the node did not begin in time is load.
			case DEADLINE_EXCEEDED -> (answered && known == Known.NOT_RUN) ? Sign.NONE : Sign.BAD;
			default -> answered ? Sign.GOOD : Sign.NONE;
		};
	}

	private Sign unavailable(Known known, boolean answered) {
		if (answered && known == Known.RAN_AND_FAILED) {
			// The method ran: what it needs is unavailable, and may be for every node.
			return Sign.GOOD;
		}
		// A node that stops says so before it refuses calls, and is no longer connected
		// then as far as new calls are concerned.
		return (answered && known == Known.NOT_RUN && !isConnected()) ? Sign.NONE : Sign.BAD;
	}

	/**
	 * Has the node taken back without a trial.
	 */
	void readmit(long now) {
		this.circuit.reset(now, this.ended.get());
		startSlowly(now);
	}

	/**
	 * Replaces what is to happen to the circuit. Needs the ejector's lock.
	 * @param cancel cancels it
	 */
	void next(Runnable cancel) {
		this.cancel.run();
		this.cancel = cancel;
	}

	/**
	 * What the end of a call says about the way to the node.
	 */
	private enum Sign {

		/** The node answers, whatever it says. */
		GOOD,

		/** The node does not do its work. */
		BAD,

		/** Nothing. */
		NONE

	}

}
