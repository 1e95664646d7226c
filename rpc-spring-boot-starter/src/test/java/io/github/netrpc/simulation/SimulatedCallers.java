package io.github.netrpc.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.simulation.Promises.Call;
import io.github.netrpc.simulation.Promises.Operation;
import io.github.netrpc.simulation.SimulatedFormats.Order;
import io.github.netrpc.simulation.SimulatedFormats.Receipt;

/**
 * Callers that each wait for a call before they make the next one, and bursts of many
 * calls at once.
 */
final class SimulatedCallers {

	private static final List<Long> TIMEOUTS_MILLIS = List.of(50L, 200L, 1_000L, 1_000L, 3_000L, 3_000L, 10_000L);

	private static final long CALM_THINK_NANOS = 300_000_000;

	private static final int MOST_KEYS = 6;

	private final SimulatedProcess client;

	private final SimulatedRandom random;

	private final RpcChannel channel;

	private final Promises promises;

	private final Supplier<List<String>> nodes;

	private final RpcCluster<Sim> cluster;

	private final long thinkNanos;

	private final double large;

	/** Chooses keys; null if calls have none. */
	private final @Nullable SimulatedRandom keys;

	/** Calls are short and alike: nothing is wrong any more. */
	private boolean calm;

	private boolean usesKeys = true;

	private boolean stopped;

	SimulatedCallers(SimulatedProcess client, SimulatedRandom random, RpcChannel channel, Promises promises,
			Supplier<List<String>> nodes, @Nullable SimulatedRandom keys) {
		this.client = client;
		this.random = random;
		this.channel = channel;
		this.promises = promises;
		this.nodes = nodes;
		this.keys = keys;
		this.cluster = channel.cluster(Sim.class);
		this.thinkNanos = random.between(50_000_000, 2_000_000_000);
		this.large = random.chance(0.2) ? 0.1 : 0.005;
	}

	void start(int callers) {
		for (int i = 0; i < callers; i++) {
			next();
		}
	}

	void calm() {
		this.calm = true;
	}

	/**
	 * Whether calls have keys, if there are any.
	 */
	void useKeys(boolean usesKeys) {
		this.usesKeys = usesKeys;
	}

	void stop() {
		this.stopped = true;
	}

	void burst(int calls) {
		this.client.run(() -> {
			for (int i = 0; i < calls && !this.stopped; i++) {
				call();
			}
		});
	}

	private void next() {
		this.client.after(this.random.around(this.calm ? CALM_THINK_NANOS : this.thinkNanos), () -> {
			if (!this.stopped) {
				call().whenComplete((receipt, failure) -> next());
			}
		});
	}

	private CompletableFuture<Receipt> call() {
		boolean idempotent = this.random.chance(0.6);
		boolean mayRetry = this.calm || this.random.chance(0.95);
		String node = (!this.calm && this.random.chance(0.07)) ? this.random.pick(this.nodes.get()) : null;
		long timeoutMillis = this.calm ? 3_000 : this.random.pick(TIMEOUTS_MILLIS);
		RpcOptions options = RpcOptions.NONE.timeout(Duration.ofMillis(timeoutMillis));
		options = mayRetry ? options : options.noRetry();
		options = (node != null) ? options.node(node) : options;
		int load = this.random.chance(this.large) ? this.random.below(40_000) : this.random.below(50);
		Call call = this.promises.began(idempotent, mayRetry, node, timeoutMillis * 1_000_000);
		if (this.keys != null && this.usesKeys && this.keys.chance(0.7)) {
			String key = "key " + this.keys.below(MOST_KEYS);
			call.ofKey(key);
			options = options.hashKey(key);
		}
		CompletableFuture<Receipt> future = this.channel.callAsync(idempotent ? "Sim.Read" : "Sim.Write",
				new Order(call.token(), new byte[load]), Receipt.class, options);
		future.whenComplete((receipt, failure) -> this.promises.ended(call, receipt, failure));
		if (!this.calm && this.random.chance(0.05)) {
			this.client.after(this.random.around(200_000_000), () -> cancel(call, future));
		}
		return future;
	}

	private void cancel(Call call, CompletableFuture<@Nullable Receipt> future) {
		if (!call.hasEnded()) {
			this.promises.cancelling(call);
			future.cancel(true);
		}
	}

	/**
	 * Begins operations on all nodes.
	 */
	void operations(int count) {
		this.client.run(() -> {
			for (int i = 0; i < count && !this.stopped; i++) {
				operation();
			}
		});
	}

	private void operation() {
		long timeoutMillis = this.random.between(50, 3_000);
		int wanted = (int) this.random.between(1, 3);
		RpcCluster<Sim> chosen = this.cluster.withTimeout(Duration.ofMillis(timeoutMillis));
		Operation operation = this.promises.operating(timeoutMillis * 1_000_000);
		int listed = (int) this.channel.nodes().stream().filter((node) -> node.state() != NodeState.DRAINING).count();
		boolean idempotent = this.random.chance(0.5);
		switch (this.random.below(3)) {
			case 0 -> chosen.broadcastAsync((node) -> part(operation, node, idempotent))
				.whenComplete((result, failure) -> this.promises.broadcast(operation, listed, result, failure));
			case 1 -> chosen.raceAsync(wanted, (node) -> part(operation, node, idempotent))
				.whenComplete((first, failure) -> this.promises.raced(operation, first, failure));
			default -> chosen.quorumAsync(wanted, (node) -> part(operation, node, idempotent))
				.whenComplete((result, failure) -> this.promises.quorum(operation, wanted, result, failure));
		}
	}

	private CompletableFuture<Receipt> part(Operation operation, Sim node, boolean idempotent) {
		Call call = this.promises.began(operation, idempotent);
		Order order = new Order(call.token(), new byte[10]);
		CompletableFuture<Receipt> future = idempotent ? node.read(order) : node.write(order);
		future.whenComplete((receipt, failure) -> this.promises.ended(call, receipt, failure));
		return future;
	}

	/**
	 * The service of the nodes.
	 */
	@RpcService("Sim")
	interface Sim {

		/** May run twice. */
		@Idempotent
		CompletableFuture<Receipt> read(Order order);

		/** Runs once at most. */
		CompletableFuture<Receipt> write(Order order);

	}

}
