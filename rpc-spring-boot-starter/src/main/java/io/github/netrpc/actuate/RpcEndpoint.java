package io.github.netrpc.actuate;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

import io.github.netrpc.cluster.RegistrationSnapshot;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcRegistrationLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.server.RpcServer;

/**
 * Shows services with their methods and counts, connections, where the server is
 * registered, and channels with their nodes and jobs. <pre>
 * /actuator/rpc                  everything
 * /actuator/rpc/services/Arith   one service
 * /actuator/rpc/channels/arith   one channel
 * </pre> Shows no arguments, items, metadata, tokens or stack traces.
 *
 * @since 0.1.0
 */
@Endpoint(id = "rpc")
public class RpcEndpoint {

	private final @Nullable RpcServerLifecycle lifecycle;

	private final @Nullable RpcChannelRegistry channels;

	private final @Nullable RpcRegistrationLifecycle registration;

	/**
	 * Creates the endpoint.
	 * @param lifecycle has the server, or null if the application offers nothing
	 * @param channels the channels, or null if the application calls nothing
	 * @param registration registers the server, or null if nothing does
	 */
	public RpcEndpoint(@Nullable RpcServerLifecycle lifecycle, @Nullable RpcChannelRegistry channels,
			@Nullable RpcRegistrationLifecycle registration) {
		this.lifecycle = lifecycle;
		this.channels = channels;
		this.registration = registration;
	}

	/**
	 * Shows everything.
	 * @return the server, null if none runs, and the channels
	 */
	@ReadOperation
	public RpcDescriptor rpc() {
		RpcServer server = server();
		return new RpcDescriptor((server != null) ? ServerDescriptor.of(server, registrations()) : null,
				channels().stream().map(ChannelDescriptor::of).toList());
	}

	/**
	 * Shows one service or channel.
	 * @param kind {@code services} or {@code channels}
	 * @param name the name of the service on the wire, or of the channel
	 * @return the service or channel, or null if there is none
	 */
	@ReadOperation
	public @Nullable OperationResponseBody part(@Selector String kind, @Selector String name) {
		return switch (kind) {
			case "services" -> service(name);
			case "channels" -> channel(name);
			default -> null;
		};
	}

	private @Nullable ServiceDescriptor service(String name) {
		RpcServer server = server();
		if (server == null) {
			return null;
		}
		return server.services()
			.stream()
			.filter((service) -> service.name().equals(name))
			.findFirst()
			.map(ServiceDescriptor::of)
			.orElse(null);
	}

	private @Nullable ChannelDescriptor channel(String name) {
		return channels().stream()
			.filter((channel) -> channel.name().equals(name))
			.findFirst()
			.map(ChannelDescriptor::of)
			.orElse(null);
	}

	private @Nullable RpcServer server() {
		return (this.lifecycle != null) ? this.lifecycle.server() : null;
	}

	private List<RegistrationSnapshot> registrations() {
		return (this.registration != null) ? this.registration.registrations() : List.of();
	}

	private List<RpcChannel> channels() {
		return (this.channels != null) ? List.copyOf(this.channels.channels()) : List.of();
	}

	/**
	 * Everything.
	 *
	 * @param server the server, null if none runs
	 * @param channels the channels that were made so far, sorted by name
	 */
	public record RpcDescriptor(@Nullable ServerDescriptor server,
			List<ChannelDescriptor> channels) implements OperationResponseBody {

	}

}
