package io.github.netrpc.cluster;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * An operation on a cluster that fewer nodes have answered than it takes. Its code is
 * that of most of the failures; it did not run if that is so at every node. The failure
 * of the first node is the cause, those of the next ones are suppressed.
 *
 * @since 0.1.0
 */
public class RpcClusterException extends RpcCallException {

	private static final long serialVersionUID = 1L;

	/** What a message, and the suppressed exceptions, show of many nodes. */
	private static final int MOST_SHOWN = 5;

	private final transient @Nullable ClusterResult<?> result;

	RpcClusterException(RpcCode code, Known known, String message, @Nullable Throwable cause, ClusterResult<?> result) {
		super(code, known, message, cause);
		this.result = result;
	}

	static RpcClusterException incomplete(ClusterResult<?> result) {
		List<RpcException> failures = result.failures()
			.stream()
			.map((outcome) -> Objects.requireNonNull(outcome.failure()))
			.toList();
		// Those that were not waited for are not why it failed.
		List<RpcException> reasons = failures.stream()
			.filter((failure) -> failure.code() != RpcCode.CANCELLED)
			.toList();
		reasons = reasons.isEmpty() ? failures : reasons;
		RpcClusterException exception = new RpcClusterException(mostFrequent(reasons), known(result),
				describe(result, reasons), reasons.isEmpty() ? null : reasons.get(0), result);
		reasons.stream().skip(1).limit(MOST_SHOWN - 1).forEach(exception::addSuppressed);
		return exception;
	}

	static RpcClusterException cancelled(String message, ClusterResult<?> result) {
		return new RpcClusterException(RpcCode.CANCELLED, known(result), message, null, result);
	}

	private static RpcCode mostFrequent(List<RpcException> failures) {
		Map<RpcCode, Integer> counts = new EnumMap<>(RpcCode.class);
		failures.forEach((failure) -> counts.merge(failure.code(), 1, Integer::sum));
		RpcCode most = RpcCode.UNAVAILABLE;
		for (RpcException failure : failures) {
			if (counts.getOrDefault(failure.code(), 0) > counts.getOrDefault(most, 0)) {
				most = failure.code();
			}
		}
		return most;
	}

	private static Known known(ClusterResult<?> result) {
		Known known = Known.NOT_RUN;
		for (NodeOutcome<?> outcome : result.outcomes()) {
			RpcException failure = outcome.failure();
			if (failure == null || failure.known() == Known.MAYBE_RAN) {
				return Known.MAYBE_RAN;
			}
			known = (failure.known() == Known.NOT_RUN) ? known : failure.known();
		}
		return known;
	}

	private static String describe(ClusterResult<?> result, List<RpcException> reasons) {
		StringBuilder text = new StringBuilder(result.toString()).append(" (expected: ")
			.append(result.required())
			.append(')');
		int shown = 0;
		for (NodeOutcome<?> outcome : result.failures()) {
			RpcException failure = outcome.failure();
			if (failure != null && reasons.contains(failure)) {
				if (shown == MOST_SHOWN) {
					return text.append("; and ").append(reasons.size() - shown).append(" more").toString();
				}
				text.append((shown++ == 0) ? ": " : "; ").append(outcome).append(": ").append(failure.getMessage());
			}
		}
		return text.toString();
	}

	/**
	 * What became of each node.
	 * @return the outcomes; null only after the exception was serialized
	 */
	public @Nullable ClusterResult<?> result() {
		return this.result;
	}

}
