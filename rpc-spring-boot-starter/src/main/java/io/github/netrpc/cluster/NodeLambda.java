package io.github.netrpc.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The work that a caller wants to have done at each node.
 *
 * @param <T> the client interface
 * @param <R> the type of the result
 */
@SuppressWarnings("UnusedTypeParameter") // keeps the results of an operation apart
final class NodeLambda<T, R extends @Nullable Object> {

	private final ClusterCall<T, ? extends @Nullable Object> call;

	private final boolean async;

	private NodeLambda(ClusterCall<T, ? extends @Nullable Object> call, boolean async) {
		this.call = call;
		this.async = async;
	}

	static <T, R extends @Nullable Object> NodeLambda<T, R> sync(ClusterCall<T, R> call) {
		return new NodeLambda<>(call, false);
	}

	@SuppressWarnings("NullAway") // null is all there is of Void
	static <T> NodeLambda<T, @Nullable Void> syncVoid(VoidClusterCall<T> call) {
		return new NodeLambda<>((node) -> {
			call.on(node);
			return null;
		}, false);
	}

	static <T, R extends @Nullable Object> NodeLambda<T, R> of(ClusterCall<T, ? extends @Nullable Object> call,
			boolean async) {
		return new NodeLambda<>(call, async);
	}

	static <T, R extends @Nullable Object> NodeLambda<T, R> async(AsyncClusterCall<T, R> call) {
		return new NodeLambda<>(call::on, true);
	}

	/**
	 * Whether it returns a stage rather than the result.
	 */
	boolean isAsync() {
		return this.async;
	}

	@Nullable Object on(T node) throws Exception {
		return this.call.on(node);
	}

}
