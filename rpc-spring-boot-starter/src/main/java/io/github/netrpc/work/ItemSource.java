package io.github.netrpc.work;

import java.util.Collection;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Where the items of a job come from, one at a time and no sooner than they are needed.
 * Not thread-safe.
 *
 * @param <I> the type of the items
 * @since 0.1.0
 */
public final class ItemSource<I extends @Nullable Object> implements AutoCloseable {

	private final Iterator<? extends I> iterator;

	private final OptionalLong total;

	private final AutoCloseable close;

	private ItemSource(Iterator<? extends I> iterator, OptionalLong total, AutoCloseable close) {
		this.iterator = iterator;
		this.total = total;
		this.close = close;
	}

	/**
	 * The elements of a collection, or of anything else that has an iterator, which is
	 * closed, if it can be, when the job has ended.
	 * @param <I> the type of the items
	 * @param items the items
	 * @return the source
	 */
	public static <I extends @Nullable Object> ItemSource<I> of(Iterable<? extends I> items) {
		OptionalLong total = (items instanceof Collection<?> known) ? OptionalLong.of(known.size())
				: OptionalLong.empty();
		Iterator<? extends I> iterator = items.iterator();
		return new ItemSource<>(iterator, total, closing(iterator));
	}

	/**
	 * What an iterator has left. One that can be closed is, when the job has ended.
	 * @param <I> the type of the items
	 * @param items the items
	 * @return the source
	 */
	public static <I extends @Nullable Object> ItemSource<I> of(Iterator<? extends I> items) {
		return new ItemSource<>(items, OptionalLong.empty(), closing(items));
	}

	private static AutoCloseable closing(Iterator<?> iterator) {
		return (iterator instanceof AutoCloseable closeable) ? closeable : () -> {
		};
	}

	/**
	 * The elements of a stream, which is closed when the job has ended.
	 * @param <I> the type of the items
	 * @param items the items
	 * @return the source
	 */
	public static <I extends @Nullable Object> ItemSource<I> of(Stream<? extends I> items) {
		Spliterator<? extends I> spliterator = items.spliterator();
		long size = spliterator.getExactSizeIfKnown();
		return new ItemSource<>(Spliterators.iterator(spliterator),
				(size >= 0) ? OptionalLong.of(size) : OptionalLong.empty(), items);
	}

	boolean hasNext() {
		return this.iterator.hasNext();
	}

	I next() {
		return this.iterator.next();
	}

	/**
	 * How many items there are altogether.
	 * @return the number, empty if only the end will tell
	 */
	OptionalLong total() {
		return this.total;
	}

	@Override
	public void close() {
		try {
			this.close.close();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException("the source of the items cannot be closed", ex);
		}
	}

}
