package io.github.netrpc.context;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

import org.springframework.beans.factory.DisposableBean;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;

/**
 * The channels of the application by their names. A channel is made when it is first
 * asked for, and all are closed with the application context. Also makes the proxies and
 * clusters of {@link RpcClient} interfaces. Thread-safe. <pre class="code">
 * int sum = channels.channel("arith").call("Arith.Add", new Args(7, 8), Integer.class);
 * </pre>
 *
 * @since 0.1.0
 */
public class RpcChannelRegistry implements RpcClientFactory, DisposableBean {

	private final Function<String, RpcChannel> factory;

	// Guarded by this.
	private final TreeMap<String, RpcChannel> channels = new TreeMap<>();

	// Guarded by this.
	private boolean closed;

	/**
	 * Creates a registry without channels.
	 * @param factory makes the channel of a name
	 */
	public RpcChannelRegistry(Function<String, RpcChannel> factory) {
		this.factory = factory;
	}

	/**
	 * The channel with a name, made if need be. It does not connect before its first
	 * call.
	 * @param name the name, as in {@code rpc.client.channel.<name>.target}
	 * @return the channel, not to be closed by the caller
	 * @throws IllegalStateException if the application context is closed
	 */
	public synchronized RpcChannel channel(String name) {
		if (this.closed) {
			throw new IllegalStateException("channel " + name + ": the application context is closed");
		}
		RpcChannel channel = this.channels.get(name);
		if (channel == null) {
			channel = this.factory.apply(name);
			this.channels.put(name, channel);
		}
		return channel;
	}

	/**
	 * The channels that were made so far.
	 * @return the channels, sorted by name
	 */
	public synchronized Collection<RpcChannel> channels() {
		return List.copyOf(this.channels.values());
	}

	@Override
	public <T> T create(Class<T> type) {
		return channelOf(type).proxy(type);
	}

	@Override
	public <T> RpcCluster<T> createCluster(Class<T> type) {
		return channelOf(type).cluster(type);
	}

	private RpcChannel channelOf(Class<?> type) {
		RpcClient annotation = Objects.requireNonNull(type.getAnnotation(RpcClient.class),
				() -> type.getName() + " is not annotated with @RpcClient");
		return channel(annotation.value());
	}

	/**
	 * Closes all channels.
	 */
	@Override
	public void destroy() {
		Collection<RpcChannel> open;
		synchronized (this) {
			this.closed = true;
			open = channels();
			this.channels.clear();
		}
		open.forEach(RpcChannel::close);
	}

}
