package io.github.netrpc.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CircuitState;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.ConnectionPolicy.Keepalive;
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.cluster.SimulatedChannels;
import io.github.netrpc.simulation.Promises.Breach;
import io.github.netrpc.simulation.Promises.Call;

/**
 * One simulation: a channel, its nodes, callers and faults, all decided by one seed.
 * First harm is done, then it heals, then nobody calls, then the channel is closed.
 */
final class Simulation {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	/** Jobs in all simulations, instead of in one of four. */
	private static final boolean ALWAYS_JOBS = Boolean.getBoolean("simulation.always-jobs");

	/** An event that makes others without end, in no time. */
	private static final long MOST_AT_ONCE = 50_000;

	private static final long MOST_EVENTS = 5_000_000;

	private static final long TICK_NANOS = 250_000_000;

	/**
	 * From the end of the harm to the time when every call succeeds: a silent death is
	 * found in 8 s.
	 */
	private static final long HEALED_NANOS = 11 * SECOND;

	/**
	 * From the end of the harm to the time when every node may have calls: the longest
	 * pause before an attempt to connect, and the attempt.
	 */
	private static final long BACK_NANOS = 17 * SECOND;

	/**
	 * From the end of the harm to the end of the calls, when every node has had some that
	 * may have calls since {@link #BACK_NANOS}.
	 */
	private static final long REST_NANOS = 24 * SECOND;

	/**
	 * From the end of the harm to the time when no connection is found dead any more: one
	 * that nobody uses is asked after 20 s, and has 5 s to answer. A node that was
	 * connected all the time is connected anew then.
	 */
	private static final long ALL_BACK_NANOS = 28 * SECOND;

	/**
	 * From the return of a node that is back late to its first call: it starts slowly,
	 * and has its whole share after this time.
	 */
	private static final long STARTED_NANOS = 30 * SECOND;

	/** From the end of the harm to the time when nothing changes any more. */
	private static final long STABLE_NANOS = 19 * SECOND;

	/**
	 * Timers that a node may have: for its deadlines, and each connection's watch, retry
	 * and deadline.
	 */
	private static final int MOST_TIMERS = 4;

	private static final List<String> BALANCERS = List.of("least-loaded", "round-robin", "random", "weighted");

	private final long seed;

	private final SimulatedClock clock = new SimulatedClock();

	private final SimulatedRandom random;

	private final Promises promises;

	private final SimulatedProcess client = new SimulatedProcess(this.clock);

	private final SimulatedNetwork network;

	private final List<SimulatedNode> nodes = new ArrayList<>();

	private final SimulatedClock.Timer timer;

	private final ClientLimits limits;

	private final ConnectionPolicy policy;

	private final RpcChannel channel;

	private final @Nullable SimulatedDirectory directory;

	private final @Nullable SimulatedInterceptors interceptors;

	/** Whether the calls of a key go to one node while nothing changes. */
	private final boolean keyed;

	private final SimulatedCallers callers;

	private final SimulatedFaults faults;

	private final @Nullable SimulatedJobs jobs;

	/** Addresses of nodes that could be called since the harm has ended. */
	private final Set<String> back = new HashSet<>();

	/** Since when the nodes may have calls, by address, of those that may just now. */
	private final Map<String, Long> backSince = new HashMap<>();

	/** Addresses of nodes whose circuit was closed since then. */
	private final Set<String> letIn = new HashSet<>();

	/** Lists and ejections that were looked at. */
	private long seen;

	/** No bound can be broken by so many attempts. */
	private final int harmless;

	private boolean over;

	private long healedNanos = Long.MAX_VALUE;

	/** When calls ended. */
	private long restNanos;

	/**
	 * Creates a simulation.
	 * @param seed decides everything
	 * @param log takes what happens, or null to be quick
	 */
	Simulation(long seed, @Nullable List<String> log) {
		this.seed = seed;
		this.random = new SimulatedRandom(seed);
		this.promises = new Promises(this.clock, this.client, log);
		// From a source of its own, so that a seed without these is the same run as
		// before.
		SimulatedRandom more = new SimulatedRandom(~seed);
		HedgingPolicy hedging = hedging(more);
		boolean intercepted = more.chance(0.3);
		boolean withKeys = more.chance(0.3);
		boolean hashed = withKeys && more.chance(0.7);
		boolean mayConnect = more.chance(0.2);
		SimulatedRandom networkChance = this.random.split();
		SimulatedFormats formats = this.random.chance(0.7) ? SimulatedFormats.GOB : SimulatedFormats.JSON;
		boolean http = mayConnect && formats == SimulatedFormats.GOB;
		this.network = new SimulatedNetwork(this.clock, networkChance, this.client, this.promises, http ? 2 : 1);
		int count = (int) this.random.between(1, 5);
		long delay = this.random.between(50_000, 20_000_000);
		double stock = this.random.chance(0.4) ? 0.5 : 0;
		for (int i = 0; i < count; i++) {
			SimulatedRandom chance = this.random.split();
			SimulatedNode node = new SimulatedNode("node" + i, 1234, chance.chance(stock), http, formats, this.clock,
					chance, new SimulatedLink(chance, delay), this.promises);
			this.nodes.add(node);
			this.network.add(node);
		}
		this.limits = limits();
		this.harmless = Math.min(this.limits.inFlight(), this.limits.waiting());
		this.policy = policy();
		RetryLimits retries = RetryLimits.DEFAULT;
		this.promises.expect(retries.maxAttempts(), retries.budget(), this.limits.connections());
		this.promises.expectHedges((hedging != null) ? hedging.maxExtraLoad() : 0);
		boolean extensions = this.random.chance(0.9);
		boolean direct = this.random.chance(0.3);
		String other = this.random.chance(0.6) ? "least-loaded" : this.random.pick(BALANCERS);
		String balancer = hashed ? "consistent-hash" : other;
		// A node without calls is not connected any more, and its keys go elsewhere
		// first.
		// A second attempt may be there before the first.
		this.keyed = hashed && hedging == null && this.policy.idleClose().equals(ConnectionPolicy.DEFAULT.idleClose());
		this.interceptors = intercepted ? new SimulatedInterceptors(this.client, more.split(), this.promises) : null;
		SimulatedRandom chance = this.random.split();
		this.timer = this.clock.new Timer(this.client, chance);
		Executor executor = direct ? Runnable::run : this.clock.executor(this.client, chance);
		RpcChannelBuilder builder = RpcChannel.builder()
			.name("simulated")
			.format(formats.format())
			.idempotent("Sim.Read")
			.nodeLimits(this.limits)
			.connectionPolicy(this.policy)
			.retryLimits(retries)
			.hedging(hedging)
			.extensions(extensions)
			.loadBalancer(balancer)
			.callbackExecutor(executor)
			.http(http)
			.recorders((service, method, format) -> this.promises.recorder())
			.transport(this.network);
		if (this.interceptors != null) {
			this.interceptors.all().forEach(builder::interceptor);
		}
		this.directory = this.random.chance(0.5) ? directory(count) : null;
		if (this.directory != null) {
			builder.directory(this.directory);
		}
		else {
			builder.target("static://" + String.join(",", addresses()));
		}
		this.channel = SimulatedChannels.build(builder, this.timer, this.clock.executor(this.client, chance),
				chance::nextDouble);
		this.callers = new SimulatedCallers(this.client, this.random.split(), this.channel, this.promises,
				(this.directory != null) ? this.directory::everIds : this::addresses, withKeys ? more.split() : null);
		this.faults = new SimulatedFaults(this.clock, this.random.split(), this.nodes, this.directory, this.client,
				this.callers, this.promises);
		boolean withJobs = more.chance(0.25) || ALWAYS_JOBS;
		this.jobs = withJobs ? new SimulatedJobs(this.clock, this.client, more.split(),
				this.channel.cluster(SimulatedCallers.Sim.class), this.promises) : null;
		this.promises.log(() -> "seed " + seed + ": nodes " + this.nodes + ", " + formats.format().name() + ", "
				+ balancer + ", " + this.limits + ", " + this.policy + ", extensions " + extensions + ", direct "
				+ direct + ", hedging " + hedging + ", intercepted " + intercepted + ", keys " + withKeys + ", http "
				+ http + ", jobs " + withJobs);
	}

	private static @Nullable HedgingPolicy hedging(SimulatedRandom chance) {
		return chance.chance(0.4) ? new HedgingPolicy(chance.chance(0.5) ? 0.95 : 0.5, Duration.ofMillis(1),
				chance.pick(List.of(0.1, 0.5, 1.0)), chance.chance(0.5) ? 0.1 : 1, (int) chance.between(1, 20),
				Set.of()) : null;
	}

	private List<String> addresses() {
		return this.nodes.stream().map(SimulatedNode::address).toList();
	}

	/**
	 * Registers some of the nodes.
	 */
	private SimulatedDirectory directory(int count) {
		SimulatedDirectory made = new SimulatedDirectory(this.client, this.random.split(), this.promises);
		this.promises.locate(made::wasAt);
		for (int i = 0; i < Math.max(1, count - 1); i++) {
			made.register("n" + i, this.nodes.get(i));
		}
		return made;
	}

	private ClientLimits limits() {
		int connections = this.random.chance(0.7) ? 1 : (int) this.random.between(2, 3);
		if (this.random.chance(0.7)) {
			return new ClientLimits(connections, 64, 1024, 4L << 20, Duration.ofSeconds(3));
		}
		return new ClientLimits(connections, 4, (int) this.random.between(4, 8), this.random.between(1_000, 100_000),
				Duration.ofMillis(this.random.between(200, 3_000)));
	}

	private ConnectionPolicy policy() {
		ConnectionPolicy standard = ConnectionPolicy.DEFAULT;
		Keepalive keepalive = this.random.chance(0.7) ? Keepalive.DEFAULT : new Keepalive(Duration.ofMillis(500),
				Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(5));
		Duration idle = this.random.chance(0.7) ? standard.idleClose()
				: Duration.ofMillis(this.random.between(1_000, 8_000));
		Duration age = this.random.chance(0.7) ? Duration.ZERO : Duration.ofMillis(this.random.between(2_000, 10_000));
		return new ConnectionPolicy(keepalive, standard.firstRetry(), standard.longestRetry(), idle, age);
	}

	/**
	 * Runs to the end, or to the first promise that is broken.
	 */
	Outcome run() {
		long harm = this.random.between(1, 25) * SECOND;
		this.callers.start((int) this.random.between(1, 4));
		if (this.jobs != null) {
			this.jobs.start();
		}
		this.clock.after(this.random.between(0, 2 * SECOND), this.faults::start);
		tick();
		boolean abrupt = this.random.chance(0.1);
		this.clock.after(harm, abrupt ? () -> this.client.run(this::close) : this::heal);
		try {
			while (!this.over && this.promises.breach() == null && this.clock.step()) {
				this.promises.afterEvent();
				checkWhatChanged();
				if (this.clock.ranNow() > MOST_AT_ONCE || this.clock.ran() > MOST_EVENTS) {
					this.promises.broken("the client comes to rest", "events without end", null);
				}
			}
		}
		catch (Throwable ex) {
			this.promises.broken("nothing is thrown at a caller or the timer", ex.toString(), ex);
		}
		return new Outcome(this.seed, this.promises.breach(), this.clock.ran(), this.clock.elapsedNanos(),
				this.promises.callCount(), this.clock.fingerprint(), Map.copyOf(this.promises.outcomes()),
				(this.jobs != null) ? this.jobs.counts() : SimulatedJobs.Counts.NONE);
	}

	private void tick() {
		if (!this.over) {
			check();
			this.clock.after(TICK_NANOS, this::tick);
		}
	}

	/**
	 * Checks the nodes after an event that was able to break what is promised of them: an
	 * answer of the directory, an ejection, or any while calls might be too many.
	 */
	private void checkWhatChanged() {
		if (this.client.isFrozen()) {
			return;
		}
		long changes = this.channel.ejections() + ((this.directory != null) ? this.directory.answers() : 0);
		boolean changed = changes != this.seen;
		this.seen = changes;
		if (changed || this.promises.mostAttempts() > this.harmless) {
			checkNodes(this.channel.nodes());
		}
	}

	/**
	 * Checks what holds at any time, and may be broken by nothing happening.
	 */
	private void check() {
		if (this.client.isFrozen()) {
			return;
		}
		this.promises.checkOperations();
		if (this.jobs != null) {
			this.jobs.check();
		}
		List<NodeSnapshot> snapshots = this.channel.nodes();
		checkNodes(snapshots);
		if (this.healedNanos != Long.MAX_VALUE) {
			noteBack(snapshots);
		}
		checkSilence();
	}

	private void checkNodes(List<NodeSnapshot> snapshots) {
		checkList(snapshots);
		checkEjected(snapshots);
		for (NodeSnapshot node : snapshots) {
			int most = this.limits.inFlight() * node.connections().size();
			if (node.inFlight() > most) {
				this.promises.broken("calls in flight are bounded", node.toString(), null);
			}
			if (node.waiting() > this.limits.waiting() * this.limits.connections()) {
				this.promises.broken("calls that wait are bounded", node.toString(), null);
			}
		}
	}

	private void checkSilence() {
		long now = this.clock.now();
		Keepalive keepalive = this.policy.keepalive();
		for (SimulatedEnd end : this.network.clientEnds()) {
			if (end.isInUse()) {
				long silence = now - Math.max(end.heardNanos(), this.client.wokeNanos());
				long asked = (end.askedNanos() > 0) ? now - Math.max(end.askedNanos(), this.client.wokeNanos()) : 0;
				if (silence > keepalive.idleTimeout().plusSeconds(2).toNanos()
						|| asked > keepalive.timeout().plus(keepalive.interval()).plusSeconds(2).toNanos()) {
					this.promises.broken("a dead peer is noticed", end + " has been silent for " + silence / 1_000_000
							+ " ms, asked " + asked / 1_000_000 + " ms ago", null);
				}
			}
		}
	}

	/**
	 * At most half of the nodes are left out because they fail, and so never all.
	 */
	private void checkEjected(List<NodeSnapshot> snapshots) {
		List<NodeSnapshot> listed = snapshots.stream().filter((node) -> node.state() != NodeState.DRAINING).toList();
		List<String> ejected = listed.stream()
			.filter((node) -> node.circuit() != CircuitState.CLOSED)
			.map(NodeSnapshot::id)
			.toList();
		if (ejected.size() * 2 > listed.size()) {
			this.promises.broken("at most half of the nodes are ejected", ejected + " of " + listed.size(), null);
		}
	}

	/**
	 * The list that the channel uses is the last one that was not empty.
	 */
	private void checkList(List<NodeSnapshot> snapshots) {
		Set<String> listed = (this.directory != null) ? this.directory.listed() : null;
		if (listed != null) {
			Set<String> used = snapshots.stream()
				.filter((node) -> node.state() != NodeState.DRAINING)
				.map(NodeSnapshot::id)
				.collect(Collectors.toSet());
			if (!used.equals(listed)) {
				this.promises.broken("a list that works is kept", "used: " + used + ", listed: " + listed, null);
			}
		}
	}

	/**
	 * No new harm, and what there was ends.
	 */
	private void heal() {
		this.promises.log(() -> "no more faults");
		this.healedNanos = this.clock.now();
		this.faults.heal();
		this.callers.calm();
		if (this.jobs != null) {
			this.jobs.stop();
		}
		// Few calls with few keys would leave nodes out.
		this.callers.useKeys(false);
		if (this.interceptors != null) {
			this.interceptors.calm();
		}
		this.clock.after(STABLE_NANOS, this::checkStable);
		this.clock.after(BACK_NANOS, this::checkBack);
		this.clock.after(REST_NANOS, this::rest);
	}

	/**
	 * Notes the nodes that are connected, and not left out: one that is due for a trial
	 * still is.
	 */
	private void noteBack(List<NodeSnapshot> snapshots) {
		Set<String> ready = new HashSet<>();
		snapshots.stream().filter((node) -> node.circuit() == CircuitState.CLOSED).forEach((node) -> {
			this.letIn.add(node.address());
			if (node.state() == NodeState.READY) {
				ready.add(node.address());
			}
		});
		this.back.addAll(ready);
		this.backSince.keySet().retainAll(ready);
		ready.forEach((address) -> this.backSince.putIfAbsent(address, this.clock.now()));
	}

	private void checkBack() {
		for (SimulatedNode node : wanted()) {
			if (!this.back.contains(node.address()) && !isCalled(node)) {
				this.promises.broken("a node that is well again may have calls",
						node + " had no chance for " + BACK_NANOS / SECOND + " s", null);
			}
		}
	}

	private void checkCalled() {
		for (SimulatedNode node : wanted()) {
			if (!isCalled(node)) {
				this.promises.broken("a node that is well again gets calls",
						node + " had none for " + (this.restNanos - this.healedNanos) / SECOND + " s", null);
			}
			if (!this.letIn.contains(node.address())) {
				this.promises.broken("a node that is well again is let in", node + " is left out still", null);
			}
		}
	}

	private boolean isCalled(SimulatedNode node) {
		return this.promises.arrivedLast(node.address()) >= this.healedNanos;
	}

	/**
	 * When a node must have been called: as the others, unless it may have calls only
	 * since shortly before. No node comes back later than {@link #ALL_BACK_NANOS}.
	 */
	private long dueNanos(SimulatedNode node) {
		Long since = this.backSince.get(node.address());
		if (since == null || since > this.healedNanos + ALL_BACK_NANOS) {
			return this.healedNanos + ALL_BACK_NANOS;
		}
		return (since > this.healedNanos + BACK_NANOS) ? since + STARTED_NANOS : this.healedNanos + REST_NANOS;
	}

	private List<SimulatedNode> wanted() {
		return (this.directory != null) ? this.directory.ids().stream().map(this.directory::at).distinct().toList()
				: this.nodes;
	}

	/**
	 * Has keys looked at, if there is nothing left that might move them.
	 */
	private void checkStable() {
		boolean sound = this.channel.nodes()
			.stream()
			.allMatch((node) -> node.state() == NodeState.READY && node.circuit() == CircuitState.CLOSED);
		boolean heard = this.network.clientEnds().stream().allMatch((end) -> end.heardNanos() > this.healedNanos);
		this.callers.useKeys(true);
		if (this.keyed && sound && heard) {
			this.promises.keysStay();
		}
	}

	/**
	 * Ends the calls, as soon as no node is left that has still time to get one.
	 */
	private void rest() {
		long now = this.clock.now();
		List<SimulatedNode> late = wanted().stream().filter((node) -> !isCalled(node) && dueNanos(node) > now).toList();
		if (!late.isEmpty()) {
			this.promises.log(() -> "calls go on for " + late);
			this.clock.after(SECOND, this::rest);
			return;
		}
		this.promises.log(() -> "no more calls");
		this.restNanos = now;
		this.callers.stop();
		this.clock.after(4 * SECOND, () -> {
			checkHealed();
			checkCalled();
			if (this.jobs != null) {
				this.jobs.checkEnded();
			}
			checkRest();
			close();
		});
	}

	private void checkHealed() {
		List<Call> failed = this.promises.failedBetween(this.healedNanos + HEALED_NANOS, Long.MAX_VALUE);
		// A node that has lost power says nothing. On a connection that is idle since,
		// that
		// is found by a ping after 20 s, or by the first call, which is lost by it.
		failed.removeIf((call) -> call.wasLost() && call.heardNanos() < this.healedNanos);
		if (!failed.isEmpty()) {
			this.promises.broken("calls succeed when all is well again", failed.size() + " calls failed: "
					+ failed.stream().limit(3).map((call) -> call + " " + call.outcome()).toList(), null);
		}
	}

	/**
	 * Nothing is left of calls that have ended.
	 */
	private void checkRest() {
		if (this.channel.inFlight() != 0 || this.channel.pending() != 0) {
			this.promises.broken("nothing is left of calls that have ended", this.channel.inFlight()
					+ " calls in flight, " + this.channel.pending() + " waiting: " + this.channel.nodes(), null);
		}
		if (this.directory != null) {
			List<String> listed = this.directory.ids().stream().map((id) -> this.directory.at(id).address()).toList();
			for (SimulatedEnd end : this.network.clientEnds()) {
				if (end.isInUse() && !listed.contains(end.peer().name())) {
					this.promises.broken("a node that is gone keeps no connection", end.toString(), null);
				}
			}
		}
		int most = MOST_TIMERS + this.channel.nodes().size() * (1 + MOST_TIMERS * this.limits.connections());
		if (this.timer.live() > most) {
			this.promises.broken("nothing is left of calls that have ended",
					this.timer.live() + " timers (expected: " + most + " at most)", null);
		}
	}

	private void close() {
		this.promises.closing();
		this.faults.heal();
		this.callers.stop();
		if (this.jobs != null) {
			this.jobs.close();
		}
		this.channel.close();
		this.clock.after(SECOND, this::end);
	}

	private void end() {
		this.over = true;
		this.promises.atEnd();
		if (this.timer.live() > 0 || !this.network.clientEnds().isEmpty()) {
			this.promises.broken("nothing is left of a channel that was closed",
					this.timer.live() + " timers, connections " + this.network.clientEnds(), null);
		}
	}

	/**
	 * How a simulation has ended.
	 *
	 * @param seed its seed
	 * @param breach the promise that was broken, or null
	 * @param events how many events there were
	 * @param nanos how much virtual time has passed
	 * @param calls how many calls there were
	 * @param fingerprint tells two runs from each other
	 * @param codes how the calls ended
	 * @param jobs what jobs there were beside them
	 */
	record Outcome(long seed, @Nullable Breach breach, long events, long nanos, int calls, long fingerprint,
			Map<RpcCode, Integer> codes, SimulatedJobs.Counts jobs) {

		@Override
		public String toString() {
			return "seed " + this.seed + ": " + this.events + " events, " + this.calls + " calls, "
					+ this.nanos / SECOND + " s, "
					+ this.codes.entrySet()
						.stream()
						.sorted(Map.Entry.comparingByKey())
						.map(Object::toString)
						.collect(Collectors.joining(" "))
					+ ((this.breach != null) ? ", BREACH " + this.breach : "");
		}

	}

}
