package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;

/**
 * How long the calls of each method may take. What is configured for a method wins over
 * its annotation, and that over what is configured for the channel.
 */
record Timeouts(Duration general, Map<String, Duration> byMethod) {

	Timeouts {
		check("timeout", general);
		byMethod.forEach((method, timeout) -> check("timeout of " + method, timeout));
		byMethod = Map.copyOf(byMethod);
	}

	private static void check(String name, Duration timeout) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException(name + ": " + timeout + " (expected: more than 0)");
		}
	}

	/**
	 * The time for a method, in nanoseconds. It may be configured under its whole name
	 * ({@code Arith.Add}), its own name ({@code Add}), or that as Java writes it
	 * ({@code add}).
	 */
	long nanosOf(ServiceMethod method, @Nullable Duration annotated) {
		String own = method.method();
		String java = own.isEmpty() ? own : Character.toLowerCase(own.charAt(0)) + own.substring(1);
		for (String key : new String[] { method.name(), own, java }) {
			Duration configured = this.byMethod.get(key);
			if (configured != null) {
				return nanos(configured);
			}
		}
		return nanos((annotated != null) ? annotated : this.general);
	}

	/**
	 * Times beyond a hundred years are as good as that, and do not overflow.
	 */
	private static long nanos(Duration timeout) {
		Duration longest = Duration.ofDays(36_500);
		return ((timeout.compareTo(longest) < 0) ? timeout : longest).toNanos();
	}

}
