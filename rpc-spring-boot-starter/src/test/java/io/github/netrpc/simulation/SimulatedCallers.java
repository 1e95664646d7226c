package io.github.netrpc.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.simulation.Promises.Call;
import io.github.netrpc.simulation.SimulatedFormats.Order;
import io.github.netrpc.simulation.SimulatedFormats.Receipt;

/**
 * Callers that each wait for a call before they make the next one, and bursts of many
 * calls at once.
 */
final class SimulatedCallers {

	private static final List<Long> TIMEOUTS_MILLIS = List.of(50L, 200L, 1_000L, 1_000L, 3_000L, 3_000L, 10_000L);

	private final SimulatedClock clock;

	private final SimulatedRandom random;

	private final RpcChannel channel;

	private final Promises promises;

	private final List<String> nodes;

	private final long thinkNanos;

	private final double large;

	/** Calls are short and alike: nothing is wrong any more. */
	private boolean calm;

	private boolean stopped;

	SimulatedCallers(SimulatedClock clock, SimulatedRandom random, RpcChannel channel, Promises promises,
			List<String> nodes) {
		this.clock = clock;
		this.random = random;
		this.channel = channel;
		this.promises = promises;
		this.nodes = nodes;
		this.thinkNanos = random.between(20_000_000, 1_000_000_000);
		this.large = random.chance(0.3) ? 0.1 : 0.01;
	}

	void start(int callers) {
		for (int i = 0; i < callers; i++) {
			next();
		}
	}

	void calm() {
		this.calm = true;
	}

	void stop() {
		this.stopped = true;
	}

	void burst(int calls) {
		for (int i = 0; i < calls; i++) {
			call();
		}
	}

	private void next() {
		this.clock.after(this.random.around(this.calm ? Math.min(this.thinkNanos, 200_000_000) : this.thinkNanos),
				() -> {
					if (!this.stopped) {
						call().whenComplete((receipt, failure) -> next());
					}
				});
	}

	private CompletableFuture<Receipt> call() {
		boolean idempotent = this.random.chance(0.6);
		boolean mayRetry = this.calm || this.random.chance(0.95);
		String node = (!this.calm && this.random.chance(0.07)) ? this.random.pick(this.nodes) : null;
		long timeoutMillis = this.calm ? 3_000 : this.random.pick(TIMEOUTS_MILLIS);
		RpcOptions options = RpcOptions.NONE.timeout(Duration.ofMillis(timeoutMillis));
		options = mayRetry ? options : options.noRetry();
		options = (node != null) ? options.node(node) : options;
		int load = this.random.chance(this.large) ? this.random.below(40_000) : this.random.below(50);
		Call call = this.promises.began(idempotent, mayRetry, node, timeoutMillis * 1_000_000);
		CompletableFuture<Receipt> future = this.channel.callAsync(idempotent ? "Sim.Read" : "Sim.Write",
				new Order(call.token(), new byte[load]), Receipt.class, options);
		future.whenComplete((receipt, failure) -> this.promises.ended(call, receipt, failure));
		if (!this.calm && this.random.chance(0.05)) {
			this.clock.after(this.random.around(200_000_000), () -> cancel(call, future));
		}
		return future;
	}

	private void cancel(Call call, CompletableFuture<@Nullable Receipt> future) {
		if (!call.hasEnded()) {
			this.promises.cancelling(call);
			future.cancel(true);
		}
	}

}
