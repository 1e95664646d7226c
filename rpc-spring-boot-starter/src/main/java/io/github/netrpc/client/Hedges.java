package io.github.netrpc.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Decides which calls of a channel are made at a second node while the first one is still
 * at work, and when. Exists only where that is switched on. Thread-safe.
 */
final class Hedges {

	/** An application may make names up as it goes. */
	private static final int MOST_METHODS = 1_000;

	private final HedgingPolicy policy;

	private final ClientTimer timer;

	private final Map<String, HedgedMethod> methods = new ConcurrentHashMap<>();

	Hedges(HedgingPolicy policy, ClientTimer timer) {
		this.policy = policy;
		this.timer = timer;
	}

	/**
	 * Has the calls of an idempotent method measured, and made twice.
	 * @param plan the plan of the method
	 * @param names what the method may be called in the policy
	 * @return a plan for the same, or the same plan
	 */
	CallPlan hedged(CallPlan plan, List<String> names) {
		if (!this.policy.methods().isEmpty() && names.stream().noneMatch(this.policy.methods()::contains)) {
			return plan;
		}
		HedgedMethod method = this.methods.get(plan.method().name());
		if (method == null) {
			if (this.methods.size() >= MOST_METHODS) {
				return plan;
			}
			method = this.methods.computeIfAbsent(plan.method().name(),
					(absent) -> new HedgedMethod(this.policy, this.timer.nanoTime()));
		}
		return plan.hedged(method);
	}

	/**
	 * What is known of the second attempts of now.
	 */
	HedgingSnapshot snapshot() {
		long hedges = 0;
		long won = 0;
		Map<String, Duration> waits = new TreeMap<>();
		for (Map.Entry<String, HedgedMethod> entry : this.methods.entrySet()) {
			HedgedMethod method = entry.getValue();
			hedges += method.hedges();
			won += method.won();
			long wait = method.waitNanos();
			if (wait != HedgedMethod.NEVER) {
				waits.put(entry.getKey(), Duration.ofNanos(wait));
			}
		}
		return new HedgingSnapshot(hedges, won, waits);
	}

	/**
	 * Watches a call that is about to be given to a node.
	 */
	void watch(Retries retries, ClientCall<?> call, @Nullable Object argument) {
		HedgedMethod method = call.plan().hedged();
		if (method == null) {
			return;
		}
		long wait = method.begun(call.startNanos());
		if (wait < call.deadlineNanos() - call.startNanos()) {
			new Hedge(retries, method, call, argument).arm(wait);
		}
	}

}
