package io.github.netrpc.actuate;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.cluster.RegistrationSnapshot;
import io.github.netrpc.server.ConnectionSnapshot;
import io.github.netrpc.server.RpcServer;

/**
 * A server, as the endpoint shows it.
 *
 * @param address where it listens
 * @param inFlight how many calls run or wait
 * @param connectionCount how many connections are open
 * @param connections the connections, the first {@value #MOST_CONNECTIONS} of them
 * @param services the services, sorted by name
 * @param registrations where the server is registered, and where it is not
 * @since 0.1.0
 */
public record ServerDescriptor(String address, long inFlight, int connectionCount,
		List<ConnectionDescriptor> connections, List<ServiceDescriptor> services,
		List<RegistrationDescriptor> registrations) {

	/** How many connections are shown: a page, not a dump. */
	static final int MOST_CONNECTIONS = 100;

	static ServerDescriptor of(RpcServer server, List<RegistrationSnapshot> registrations) {
		return new ServerDescriptor(server.address().getHostString() + ":" + server.port(), server.inFlight(),
				server.connectionCount(),
				server.connections().stream().limit(MOST_CONNECTIONS).map(ConnectionDescriptor::of).toList(),
				server.services().stream().map(ServiceDescriptor::of).toList(),
				registrations.stream().map(RegistrationDescriptor::of).toList());
	}

	/**
	 * A connection.
	 *
	 * @param remoteAddress the address of the peer
	 * @param codec the format that it speaks, null if it has not said anything yet
	 * @param age how long it has been open
	 * @param inFlight how many of its calls run or wait
	 * @param calls how many calls there have been
	 */
	public record ConnectionDescriptor(String remoteAddress, @Nullable String codec, Duration age, long inFlight,
			long calls) {

		static ConnectionDescriptor of(ConnectionSnapshot connection) {
			return new ConnectionDescriptor(String.valueOf(connection.remoteAddress()), connection.format(),
					connection.age(), connection.callsInFlight(), connection.callsTotal());
		}

	}

	/**
	 * A registration.
	 *
	 * @param registry what the server is registered in, such as {@code etcd}
	 * @param registered whether it was there when this was last looked at
	 * @param lastFailure why it was not, null if there is no reason
	 */
	public record RegistrationDescriptor(String registry, boolean registered, @Nullable String lastFailure) {

		static RegistrationDescriptor of(RegistrationSnapshot registration) {
			return new RegistrationDescriptor(registration.registry(), registration.registered(),
					registration.lastFailure());
		}

	}

}
