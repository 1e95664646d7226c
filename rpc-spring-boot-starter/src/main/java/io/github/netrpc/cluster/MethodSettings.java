package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;

/**
 * What is configured for the methods of a channel. A method goes by its whole name
 * ({@code Arith.Add}), its own ({@code Add}), or that as Java writes it ({@code add}).
 *
 * @param timeout how long a call may take if nothing else is said
 * @param timeouts how long the calls of single methods may take
 * @param idempotent the methods that may be called twice
 */
record MethodSettings(Duration timeout, Map<String, Duration> timeouts, Set<String> idempotent) {

	/** Times beyond a hundred years are as good as that, and do not overflow. */
	private static final Duration LONGEST = Duration.ofDays(36_500);

	MethodSettings {
		check("timeout", timeout);
		timeouts.forEach((method, each) -> check("timeout of " + method, each));
		timeouts = Map.copyOf(timeouts);
		idempotent = Set.copyOf(idempotent);
	}

	private static void check(String name, Duration timeout) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException(name + ": " + timeout + " (expected: more than 0)");
		}
	}

	/**
	 * The time for a method, in nanoseconds. What is configured for the method wins over
	 * its annotation, and that over what is configured for the channel.
	 */
	long timeoutNanos(ServiceMethod method, @Nullable Duration annotated) {
		for (String key : names(method)) {
			Duration configured = this.timeouts.get(key);
			if (configured != null) {
				return nanos(configured);
			}
		}
		return nanos((annotated != null) ? annotated : this.timeout);
	}

	boolean idempotent(ServiceMethod method) {
		return !this.idempotent.isEmpty() && names(method).stream().anyMatch(this.idempotent::contains);
	}

	/**
	 * What a method may be called in the configuration.
	 */
	static List<String> names(ServiceMethod method) {
		String own = method.method();
		String java = own.isEmpty() ? own : Character.toLowerCase(own.charAt(0)) + own.substring(1);
		return List.of(method.name(), own, java);
	}

	static long nanos(Duration time) {
		return ((time.compareTo(LONGEST) < 0) ? time : LONGEST).toNanos();
	}

}
