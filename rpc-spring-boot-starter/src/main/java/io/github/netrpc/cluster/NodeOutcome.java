package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;

/**
 * How an operation ended at one node: with a value, or with a failure. Immutable, but for
 * what the value itself allows.
 *
 * @param <R> the type of the value
 * @since 0.1.0
 */
public final class NodeOutcome<R extends @Nullable Object> {

	private final ClusterNode node;

	private final @Nullable R value;

	private final @Nullable RpcException failure;

	private final long latencyNanos;

	private NodeOutcome(ClusterNode node, @Nullable R value, @Nullable RpcException failure, long latencyNanos) {
		this.node = node;
		this.value = value;
		this.failure = failure;
		this.latencyNanos = latencyNanos;
	}

	/**
	 * A good end.
	 * @param <R> the type of the value
	 * @param node where
	 * @param value the value
	 * @param latency how long it took
	 * @return the outcome
	 */
	public static <R extends @Nullable Object> NodeOutcome<R> success(ClusterNode node, R value, Duration latency) {
		return success(node, value, latency.toNanos());
	}

	/**
	 * A bad end.
	 * @param <R> the type of the value that there is not
	 * @param node where
	 * @param failure why
	 * @param latency how long it took
	 * @return the outcome
	 */
	public static <R extends @Nullable Object> NodeOutcome<R> failure(ClusterNode node, RpcException failure,
			Duration latency) {
		return failure(node, failure, latency.toNanos());
	}

	static <R extends @Nullable Object> NodeOutcome<R> success(ClusterNode node, R value, long latencyNanos) {
		return new NodeOutcome<>(node, value, null, latencyNanos);
	}

	static <R extends @Nullable Object> NodeOutcome<R> failure(ClusterNode node, RpcException failure,
			long latencyNanos) {
		return new NodeOutcome<>(node, null, Objects.requireNonNull(failure, "failure"), latencyNanos);
	}

	/**
	 * The node, as it was when the operation began.
	 * @return the node
	 */
	public ClusterNode node() {
		return this.node;
	}

	/**
	 * Whether there is a value.
	 * @return false if there is a failure
	 */
	public boolean isSuccess() {
		return this.failure == null;
	}

	/**
	 * The value.
	 * @return what the lambda returned, null if that was null
	 * @throws RpcException the failure, if there is one
	 */
	@SuppressWarnings("NullAway") // null where R says so
	public R value() {
		if (this.failure != null) {
			throw this.failure;
		}
		return this.value;
	}

	/**
	 * Why there is no value. Its {@link RpcException#known} says what is known of the
	 * effect on the node. What was not waited for, since the operation had what it
	 * wanted, is {@code CANCELLED}; what took too long {@code DEADLINE_EXCEEDED}.
	 * @return the failure, or null if there is a value
	 */
	public @Nullable RpcException failure() {
		return this.failure;
	}

	/**
	 * How long it took, from the moment that the node was asked.
	 * @return the time, 0 if it was not asked
	 */
	public Duration latency() {
		return Duration.ofNanos(this.latencyNanos);
	}

	/**
	 * The node and how it ended, without the value, which may be secret.
	 */
	@Override
	public String toString() {
		return this.node + ((this.failure != null) ? " " + this.failure.code() + " " + this.failure.known() : " OK")
				+ " after " + TimeUnit.NANOSECONDS.toMillis(this.latencyNanos) + " ms";
	}

}
