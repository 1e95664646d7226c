package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A directory that is not known before the first call, and perhaps not even then: it is
 * asked for until there is one, and all that is known afterwards is what that one knows.
 * Thread-safe.
 */
final class LateDirectory implements NodeDirectory {

	/** Until it is asked for again. */
	private static final Duration PAUSE = Duration.ofMillis(250);

	private final Supplier<NodeDirectory> source;

	private final DirectoryContext context;

	// The rest is guarded by this.

	private @Nullable NodeDirectory found;

	private Runnable cancelNext = () -> {
	};

	private boolean closed;

	/**
	 * Creates a directory that nobody has asked for yet.
	 * @param source makes the directory, or throws while it cannot; may block
	 */
	LateDirectory(Supplier<NodeDirectory> source, DirectoryContext context) {
		this.source = source;
		this.context = context;
	}

	@Override
	public void watch(Listener listener) {
		try {
			this.context.lookups().execute(() -> find(listener));
		}
		catch (RejectedExecutionException ex) {
			failed(listener, "there is no thread to find out where the nodes are", ex);
		}
	}

	private void find(Listener listener) {
		NodeDirectory directory;
		try {
			directory = this.source.get();
		}
		catch (Throwable ex) {
			failed(listener, (ex.getMessage() != null) ? ex.getMessage() : ex.toString(), ex);
			return;
		}
		synchronized (this) {
			this.found = directory;
		}
		if (!isClosed()) {
			directory.watch(listener);
		}
		if (isClosed()) {
			// Perhaps before it was found, and so not by close().
			directory.close();
		}
	}

	private void failed(Listener listener, String reason, Throwable cause) {
		listener.failed(reason, cause);
		synchronized (this) {
			if (!this.closed) {
				this.cancelNext = this.context.timer().schedule(() -> watch(listener), PAUSE.toNanos());
			}
		}
	}

	private synchronized boolean isClosed() {
		return this.closed;
	}

	private synchronized @Nullable NodeDirectory found() {
		return this.found;
	}

	@Override
	public void refresh() {
		NodeDirectory directory = found();
		if (directory != null) {
			directory.refresh();
		}
	}

	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
			this.cancelNext.run();
		}
		NodeDirectory directory = found();
		if (directory != null) {
			directory.close();
		}
	}

}
