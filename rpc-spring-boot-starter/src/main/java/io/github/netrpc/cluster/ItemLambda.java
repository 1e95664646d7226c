package io.github.netrpc.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The work that a caller wants to have done with each item.
 *
 * @param <T> the client interface
 * @param <I> the type of the items
 * @param <R> the type of the results
 */
@SuppressWarnings("UnusedTypeParameter") // keeps the results of a job apart
final class ItemLambda<T, I extends @Nullable Object, R extends @Nullable Object> {

	private final ItemCall<T, I, ? extends @Nullable Object> call;

	private final boolean async;

	private ItemLambda(ItemCall<T, I, ? extends @Nullable Object> call, boolean async) {
		this.call = call;
		this.async = async;
	}

	static <T, I extends @Nullable Object, R extends @Nullable Object> ItemLambda<T, I, R> sync(
			ItemCall<T, I, R> call) {
		return new ItemLambda<>(call, false);
	}

	static <T, I extends @Nullable Object, R extends @Nullable Object> ItemLambda<T, I, R> async(
			AsyncItemCall<T, I, R> call) {
		return new ItemLambda<>(call::on, true);
	}

	/**
	 * Whether it returns a stage rather than the result.
	 */
	boolean isAsync() {
		return this.async;
	}

	/**
	 * The same for one item.
	 */
	NodeLambda<T, R> of(I item) {
		ItemCall<T, I, ? extends @Nullable Object> each = this.call;
		return NodeLambda.of((node) -> each.on(node, item), this.async);
	}

}
