package io.github.netrpc.work;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An item that has failed for good.
 *
 * @param index its place among the items, 0 for the first
 * @param item the item
 * @param failures its attempts, in the order of time
 * @since 0.1.0
 */
public record ParkedItem(long index, @Nullable Object item, List<ItemFailure> failures) {

	/** Copies the attempts. */
	public ParkedItem {
		failures = List.copyOf(failures);
	}

	/**
	 * The item's place and its attempts, without the item, which may be secret.
	 */
	@Override
	public String toString() {
		return "item " + this.index + " " + this.failures;
	}

}
