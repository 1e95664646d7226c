package io.github.netrpc.work;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * A job that has not done all it was to do: items have failed for good, or it ended
 * before its time. What was done is not lost: see {@link #partial}.
 *
 * @since 0.1.0
 */
public final class RpcJobException extends RpcCallException {

	private static final long serialVersionUID = 1L;

	/** What a message shows of many items. */
	private static final int MOST_SHOWN = 3;

	private final transient @Nullable Object partial;

	private final transient @Nullable JobProgress progress;

	private final transient List<ParkedItem> parked;

	private RpcJobException(RpcCode code, String message, @Nullable Throwable cause, @Nullable Object partial,
			JobProgress progress, List<ParkedItem> parked) {
		super(code, Known.MAYBE_RAN, message, cause);
		this.partial = partial;
		this.progress = progress;
		this.parked = parked;
	}

	static RpcJobException of(String job, @Nullable Throwable failure, @Nullable Object partial, JobProgress progress,
			List<ParkedItem> parked) {
		if (failure != null) {
			RpcCode code = (failure instanceof RpcException known) ? known.code() : RpcCode.ABORTED;
			String why = (failure instanceof RpcException) ? String.valueOf(failure.getMessage())
					: job + ": " + failure;
			return new RpcJobException(code, why + " (" + progress + ")", failure, partial, progress, parked);
		}
		StringBuilder text = new StringBuilder(job).append(": ")
			.append(parked.size())
			.append((parked.size() == 1) ? " item has" : " items have")
			.append(" failed for good (")
			.append(progress)
			.append(')');
		for (int i = 0; i < Math.min(parked.size(), MOST_SHOWN); i++) {
			ParkedItem item = parked.get(i);
			text.append((i == 0) ? ": " : "; ").append(item);
			ItemFailure last = item.failures().get(item.failures().size() - 1);
			text.append(": ").append(last.message());
		}
		if (parked.size() > MOST_SHOWN) {
			text.append("; and ").append(parked.size() - MOST_SHOWN).append(" more");
		}
		ParkedItem first = parked.get(0);
		RpcCode code = first.failures().get(first.failures().size() - 1).code();
		return new RpcJobException(code, text.toString(), null, partial, progress, parked);
	}

	/**
	 * What the results that there are have come to: for {@code collect} what the
	 * collector made of them.
	 * @return the partial result; null for other operations, and after the exception was
	 * serialized
	 */
	public @Nullable Object partial() {
		return this.partial;
	}

	/**
	 * How far the job came.
	 * @return the progress at the end; null only after the exception was serialized
	 */
	public @Nullable JobProgress progress() {
		return this.progress;
	}

	/**
	 * The items that have failed for good.
	 * @return the items, in the order in which they failed; none after the exception was
	 * serialized
	 */
	public List<ParkedItem> parked() {
		return (this.parked != null) ? this.parked : List.of();
	}

}
