package io.github.netrpc.actuate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.DirectorySnapshot;
import io.github.netrpc.cluster.RegistrationSnapshot;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcRegistrationLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.server.RpcServer;

/**
 * Health of the listener and of the channels.
 * <ul>
 * <li>The listener is UP while it listens, OUT_OF_SERVICE as soon as the server begins to
 * stop.
 * <li>A channel is DOWN if it cannot call anybody: every node's last attempt to connect
 * has failed, or the nodes were looked for and none are known. It is UP if some node is
 * connected, and also if none is because nobody called yet: a channel connects on demand,
 * so idleness is no fault.
 * <li>Where the server is registered is told, and changes nothing: it serves also while a
 * registry is away, and all of its kind would be taken out of service at once.
 * <li>SSL bundles that were reloaded and cannot be used are told, and change nothing: the
 * ones before go on.
 * </ul>
 * The application is as healthy as the worst of them. Nothing is called or connected to
 * find out.
 *
 * @since 0.1.0
 */
public class RpcHealthIndicator extends AbstractHealthIndicator {

	private final @Nullable RpcServerLifecycle lifecycle;

	private final @Nullable RpcChannelRegistry channels;

	private final @Nullable RpcRegistrationLifecycle registration;

	private final Supplier<Map<String, String>> refusedBundles;

	/**
	 * Creates the indicator.
	 * @param lifecycle has the server, or null if the application offers nothing
	 * @param channels the channels, or null if the application calls nothing
	 * @param registration registers the server, or null if nothing does
	 */
	public RpcHealthIndicator(@Nullable RpcServerLifecycle lifecycle, @Nullable RpcChannelRegistry channels,
			@Nullable RpcRegistrationLifecycle registration) {
		this(lifecycle, channels, registration, Map::of);
	}

	/**
	 * Creates the indicator.
	 * @param lifecycle has the server, or null if the application offers nothing
	 * @param channels the channels, or null if the application calls nothing
	 * @param registration registers the server, or null if nothing does
	 * @param refusedBundles the properties of SSL bundles that were reloaded and cannot
	 * be used, each with the reason
	 */
	public RpcHealthIndicator(@Nullable RpcServerLifecycle lifecycle, @Nullable RpcChannelRegistry channels,
			@Nullable RpcRegistrationLifecycle registration, Supplier<Map<String, String>> refusedBundles) {
		super("RPC health check failed");
		this.refusedBundles = refusedBundles;
		this.lifecycle = lifecycle;
		this.channels = channels;
		this.registration = registration;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		if (this.lifecycle != null) {
			RpcServer server = this.lifecycle.server();
			if (server == null || server.isDraining()) {
				builder.outOfService();
			}
			builder.withDetail("server", describe(server));
		}
		if (this.registration != null) {
			Map<String, String> states = new TreeMap<>();
			this.registration.registrations().forEach((each) -> states.put(each.registry(), describe(each)));
			if (!states.isEmpty()) {
				builder.withDetail("registrations", states);
			}
		}
		Map<String, String> refused = this.refusedBundles.get();
		if (!refused.isEmpty()) {
			builder.withDetail("tls", refused);
		}
		if (this.channels != null) {
			Map<String, String> states = new TreeMap<>();
			for (RpcChannel channel : this.channels.channels()) {
				List<NodeSnapshot> nodes = channel.nodes();
				DirectorySnapshot directory = channel.directory();
				if (statusOf(nodes, directory).equals(Status.DOWN)) {
					builder.down();
				}
				states.put(channel.name(), describe(nodes, directory));
			}
			builder.withDetail("channels", states);
		}
	}

	private static String describe(@Nullable RpcServer server) {
		if (server == null) {
			return "stopped";
		}
		return server.isDraining() ? "stopping" : "listening on port " + server.port();
	}

	private static String describe(RegistrationSnapshot registration) {
		if (registration.registered()) {
			return "registered";
		}
		String reason = registration.lastFailure();
		return "not registered" + ((reason != null) ? ": " + reason : "");
	}

	static Status statusOf(List<NodeSnapshot> nodes, DirectorySnapshot directory) {
		List<NodeSnapshot> listed = nodes.stream().filter((node) -> node.state() != NodeState.DRAINING).toList();
		if (listed.isEmpty()) {
			return (directory.lastFailure() != null) ? Status.DOWN : Status.UP;
		}
		boolean failing = listed.stream()
			.allMatch((node) -> node.state() == NodeState.TRANSIENT_FAILURE
					|| (node.state() == NodeState.CONNECTING && node.lastFailure() != null));
		return failing ? Status.DOWN : Status.UP;
	}

	private static String describe(List<NodeSnapshot> nodes, DirectorySnapshot directory) {
		if (nodes.isEmpty()) {
			return "no list of nodes" + ((directory.lastFailure() != null) ? ": " + directory.lastFailure() : " yet");
		}
		return nodes.stream()
			.collect(Collectors.groupingBy(NodeSnapshot::state, TreeMap::new, Collectors.counting()))
			.entrySet()
			.stream()
			.map((state) -> state.getValue() + " " + state.getKey())
			.collect(Collectors.joining(", "));
	}

}
