package io.github.netrpc.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds nodes in DNS: each address of a name is a node, or each server that an SRV record
 * names.
 */
final class DnsLookup implements PolledDirectory.Lookup {

	/** The weight of a server that has none beside others that have one. */
	private static final String LEAST_WEIGHT = "0.01";

	private final List<InetSocketAddress> names;

	private final String service;

	private final DnsQueries queries;

	private final NameLookup addresses;

	/** The last addresses of the servers, for when only some can be found out. */
	private final Map<String, List<String>> known = new ConcurrentHashMap<>();

	/**
	 * Creates a lookup.
	 * @param names names and ports, if there is no service
	 * @param service the name of SRV records, or empty
	 * @param queries asks for them
	 * @param addresses finds the addresses of names
	 */
	DnsLookup(List<InetSocketAddress> names, String service, DnsQueries queries, NameLookup addresses) {
		this.names = names;
		this.service = service;
		this.queries = queries;
		this.addresses = addresses;
	}

	@Override
	public List<NodeEndpoint> nodes() throws IOException {
		return this.service.isEmpty() ? ofNames() : ofService();
	}

	private List<NodeEndpoint> ofNames() throws IOException {
		List<NodeEndpoint> nodes = new ArrayList<>();
		for (InetSocketAddress name : this.names) {
			for (String address : this.addresses.addresses(name.getHostString()).stream().sorted().toList()) {
				nodes.add(NodeEndpoint.of(address, name.getPort()));
			}
		}
		return nodes;
	}

	private List<NodeEndpoint> ofService() throws IOException {
		List<Server> servers = new ArrayList<>();
		for (String each : this.queries.records(this.service, "SRV")) {
			Server server = Server.parse(each);
			if (!server.host().isEmpty()) {
				servers.add(server);
			}
		}
		int priority = servers.stream().mapToInt(Server::priority).min().orElse(0);
		List<Server> first = servers.stream()
			.filter((server) -> server.priority() == priority)
			.sorted((left, right) -> left.id().compareTo(right.id()))
			.toList();
		boolean weighted = first.stream().anyMatch((server) -> server.weight() != first.get(0).weight());
		List<NodeEndpoint> nodes = new ArrayList<>();
		for (Server server : first) {
			List<String> addresses = addresses(server.host());
			Map<String, String> metadata = weighted ? Map.of(NodeMetadata.WEIGHT, server.share()) : Map.of();
			for (String address : addresses) {
				String id = (addresses.size() == 1) ? server.id() : NodeEndpoint.of(address, server.port()).id();
				nodes.add(new NodeEndpoint(id, address, server.port(), metadata));
			}
		}
		this.known.keySet().removeIf((host) -> first.stream().noneMatch((server) -> server.host().equals(host)));
		return nodes;
	}

	/**
	 * A server whose addresses cannot be found out keeps those that it had. If it never
	 * had any, whoever connects to it may try its name.
	 */
	private List<String> addresses(String host) {
		try {
			List<String> found = this.addresses.addresses(host).stream().sorted().toList();
			if (!found.isEmpty()) {
				this.known.put(host, found);
			}
		}
		catch (IOException ex) {
			// Not known now.
		}
		return this.known.getOrDefault(host, List.of(host));
	}

	/**
	 * A server, as an SRV record names it: {@code priority weight port target}.
	 */
	private record Server(int priority, int weight, int port, String host) {

		static Server parse(String text) throws IOException {
			String[] parts = text.split(" ");
			try {
				String host = parts[3].toLowerCase(Locale.ROOT);
				String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
				if (bare.isEmpty() || DnsQueries.isHost(bare)) {
					return new Server(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]),
							Integer.parseInt(parts[2]), bare);
				}
			}
			catch (RuntimeException ex) {
				// It is none.
			}
			throw new IOException(
					"SRV record \"" + NodeMetadata.printable(text) + "\" (expected: priority weight port target)");
		}

		String id() {
			return this.host + ":" + this.port;
		}

		String share() {
			return (this.weight > 0) ? String.valueOf(this.weight) : LEAST_WEIGHT;
		}

	}

}
