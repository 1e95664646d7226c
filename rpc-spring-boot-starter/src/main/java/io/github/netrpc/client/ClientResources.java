package io.github.netrpc.client;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.WireFormat;

/**
 * What all nodes of a channel share. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClientResources implements AutoCloseable {

	private final Transport transport;

	private final WireFormat format;

	private final @Nullable String httpPath;

	private final ClientLimits limits;

	private final ClientTimer timer;

	private final DoubleSupplier random;

	private final Completions completions;

	private final BufferPool buffers;

	ClientResources(Transport transport, WireFormat format, @Nullable String httpPath, ClientLimits limits,
			Executor callbackExecutor, ClientTimer timer, DoubleSupplier random) {
		this.transport = transport;
		this.format = format;
		this.httpPath = httpPath;
		this.limits = limits;
		this.timer = timer;
		this.random = random;
		this.completions = new Completions(callbackExecutor, timer);
		this.buffers = new BufferPool(Runtime.getRuntime().availableProcessors(), format::newBuffer);
	}

	/**
	 * Creates resources with real time.
	 * @param name names the timer's thread
	 * @param transport opens connections, and stays the caller's to close
	 * @param format puts calls into bytes
	 * @param httpPath the path of HTTP's {@code CONNECT} that opens each connection, or
	 * null to speak the format from the first byte on
	 * @param limits bounds of each node
	 * @param callbackExecutor completes futures and runs their callbacks, or null for a
	 * default: virtual threads where there are any
	 * @return new resources
	 */
	public static ClientResources create(String name, Transport transport, WireFormat format, @Nullable String httpPath,
			ClientLimits limits, @Nullable Executor callbackExecutor) {
		Executor executor = (callbackExecutor != null) ? callbackExecutor
				: CallbackThreads.executor("rpc-callback-" + name + "-");
		return new ClientResources(transport, format, httpPath, limits, executor,
				new ThreadClientTimer("rpc-timer-" + name), () -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * Begins a call that the current thread is going to {@link ClientCall#await}.
	 * @param <R> the type of the reply
	 * @param plan what is called
	 * @return the call, to be offered to a node
	 */
	public <R> ClientCall<R> awaited(CallPlan plan) {
		return ClientCall.awaited(plan, this.completions, this.timer.nanoTime());
	}

	/**
	 * Begins a call that completes as a future.
	 * @param <R> the type of the reply
	 * @param plan what is called
	 * @return the call, to be offered to a node
	 */
	public <R> ClientCall<R> future(CallPlan plan) {
		return ClientCall.future(plan, this.completions, this.timer.nanoTime());
	}

	Transport transport() {
		return this.transport;
	}

	WireFormat format() {
		return this.format;
	}

	ClientLimits limits() {
		return this.limits;
	}

	ClientTimer timer() {
		return this.timer;
	}

	DoubleSupplier random() {
		return this.random;
	}

	Completions completions() {
		return this.completions;
	}

	BufferPool buffers() {
		return this.buffers;
	}

	NodeConnection.@Nullable Opening newOpening() {
		if (this.httpPath != null) {
			throw new UnsupportedOperationException("CONNECT " + this.httpPath + " is not there yet");
		}
		return null;
	}

	/**
	 * Ends the timer. To be called when all nodes are closed.
	 */
	@Override
	public void close() {
		this.timer.close();
	}

}
