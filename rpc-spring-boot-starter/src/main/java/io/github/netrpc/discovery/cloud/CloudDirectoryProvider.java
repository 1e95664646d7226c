package io.github.netrpc.discovery.cloud;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.discovery.DiscoveryClient;

import io.github.netrpc.cluster.DirectoryContext;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.PolledDirectory;
import io.github.netrpc.cluster.TargetUri;

/**
 * Makes the directories of targets such as {@code discovery://arith}: the instances of a
 * service that Spring Cloud's {@link DiscoveryClient} lists, whichever registry is behind
 * it. They are asked for again and again, and at once when {@link #refresh} is called.
 * The port of a node is its metadata {@code rpc-port}, else the port of the instance.
 * Thread-safe. <pre class="code">
 * RpcChannel.builder().target("discovery://arith")
 *     .directoryProvider(new CloudDirectoryProvider(() -&gt; client, Duration.ofSeconds(3)))
 * </pre>
 *
 * @since 0.1.0
 */
public final class CloudDirectoryProvider implements NodeDirectory.Provider {

	private static final String SCHEME = "discovery";

	private final Supplier<? extends @Nullable DiscoveryClient> client;

	private final Duration interval;

	private final Set<CloudDirectory> open = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a provider.
	 * @param client the client to ask, or null if there is none; called at each look-up,
	 * by the thread that looks up
	 * @param interval from one look-up to the next, unless a channel has its own
	 */
	public CloudDirectoryProvider(Supplier<? extends @Nullable DiscoveryClient> client, Duration interval) {
		this.client = client;
		this.interval = interval;
	}

	@Override
	public String scheme() {
		return SCHEME;
	}

	@Override
	public NodeDirectory create(TargetUri target, DirectoryContext context) {
		if (target.location().isBlank() || target.location().contains("/") || !target.parameters().isEmpty()) {
			throw new IllegalArgumentException("target \"" + target + "\": expected discovery://service, as the "
					+ "registry names it, and nothing behind it");
		}
		CloudLookup lookup = new CloudLookup(target.location(), this.client, context);
		CloudDirectory directory = new CloudDirectory(
				new PolledDirectory(target.text(), context, this.interval, lookup), this.open::remove);
		this.open.add(directory);
		return directory;
	}

	/**
	 * The registry says that something has changed: all directories look up soon.
	 */
	public void refresh() {
		this.open.forEach(CloudDirectory::refresh);
	}

	@Override
	public String toString() {
		return SCHEME + "://";
	}

}
