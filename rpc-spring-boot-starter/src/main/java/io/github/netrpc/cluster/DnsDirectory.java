package io.github.netrpc.cluster;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Directories of nodes that DNS knows. <pre>
 * dns://arith.example:1234                          each address of the name
 * dns://_arith._tcp.example                         the servers of the SRV records
 * dns://_arith._tcp.example?server=127.0.0.1:8600   asks this server only
 * </pre>
 */
final class DnsDirectory {

	static final Duration INTERVAL = Duration.ofSeconds(3);

	private static final String SERVER = "server";

	private DnsDirectory() {
	}

	static NodeDirectory of(TargetUri target, DirectoryContext context) {
		if (!Set.of(SERVER).containsAll(target.parameters().keySet())) {
			throw new IllegalArgumentException("target \"" + target + "\": the parameters "
					+ target.parameters().keySet() + " (expected: none but \"" + SERVER + "\")");
		}
		String server = server(target);
		DnsQueries queries = new DnsQueries(server);
		NameLookup addresses = server.isEmpty()
				? new PlatformNames((int) (context.random().getAsDouble() * (1 << 16)), InetAddress::getAllByName)
				: queries;
		boolean service = target.location().startsWith("_");
		if (service && !target.location().matches("_[^._]+\\._[^._]+(\\.[^./:,\\s]+)+\\.?")) {
			throw new IllegalArgumentException(
					"target \"" + target + "\": \"" + target.location() + "\" (expected: _service._tcp.name)");
		}
		DnsLookup lookup = new DnsLookup(service ? List.of() : target.addresses(), service ? target.location() : "",
				queries, addresses);
		return new PolledDirectory(target.text(), context, INTERVAL, lookup);
	}

	private static String server(TargetUri target) {
		String server = target.parameters().get(SERVER);
		if (server == null) {
			return "";
		}
		TargetUri parsed = new TargetUri(target.text(), target.scheme(), server, Map.of());
		if (parsed.addresses().size() != 1) {
			throw new IllegalArgumentException(
					"target \"" + target + "\": the server \"" + server + "\" (expected: one, host:port)");
		}
		return server;
	}

	/**
	 * Makes them.
	 */
	public static final class Provider implements NodeDirectory.Provider {

		@Override
		public String scheme() {
			return "dns";
		}

		@Override
		public NodeDirectory create(TargetUri target, DirectoryContext context) {
			return of(target, context);
		}

	}

}
