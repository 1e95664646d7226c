package io.github.netrpc.cluster;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A node as a directory lists it. Immutable. <pre class="code">
 * NodeEndpoint.of("10.0.0.7", 1234)                                        // its id is 10.0.0.7:1234
 * new NodeEndpoint("arith-3", "10.0.0.7", 1234, Map.of("rpc-tags", "gpu"))
 * </pre>
 *
 * @param id what tells the node from all others of its list, 1 to 200 characters without
 * control characters; a node that restarts elsewhere may keep it
 * @param host a name or an address, IPv6 without brackets
 * @param port the port that takes calls, 1 to 65535
 * @param metadata what the node says about itself; the keys that are understood are those
 * of {@link NodeMetadata}
 * @since 0.1.0
 */
public record NodeEndpoint(String id, String host, int port, Map<String, String> metadata) {

	static final int HIGHEST_PORT = 65535;

	private static final int LONGEST_ID = 200;

	/**
	 * Checks the id and the address, not the metadata: a value there that cannot be read
	 * is taken as absent.
	 * @throws IllegalArgumentException if one of them cannot be used
	 */
	public NodeEndpoint {
		if (id.isBlank() || id.length() > LONGEST_ID || id.chars().anyMatch(Character::isISOControl)) {
			throw new IllegalArgumentException("node id: \"" + NodeMetadata.printable(id)
					+ "\" (expected: 1 to 200 characters, no control characters)");
		}
		if (host.isEmpty() || host.length() > LONGEST_ID
				|| host.chars().anyMatch((each) -> each <= ' ' || each == 0x7f || "/[]@".indexOf(each) >= 0)) {
			throw new IllegalArgumentException("node " + id + ", host: \"" + NodeMetadata.printable(host)
					+ "\" (expected: a name or an address, IPv6 without brackets)");
		}
		if (port < 1 || port > HIGHEST_PORT) {
			throw new IllegalArgumentException("node " + id + ", port: " + port + " (expected: 1 to 65535)");
		}
		metadata = Map.copyOf(metadata);
	}

	/**
	 * A node that says nothing about itself.
	 * @param host a name or an address, IPv6 without brackets
	 * @param port the port
	 * @return a node with the id {@code host:port}
	 * @throws IllegalArgumentException if one of them cannot be used
	 */
	public static NodeEndpoint of(String host, int port) {
		return new NodeEndpoint(address(host, port), host, port, Map.of());
	}

	private static String address(String host, int port) {
		return ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + port;
	}

	/**
	 * Where the node is.
	 * @return {@code host:port}, IPv6 in brackets
	 */
	public String address() {
		return address(this.host, this.port);
	}

	/**
	 * The words to choose the node by, {@code rpc-tags}.
	 * @return the words, none if it has none
	 */
	public Set<String> tags() {
		return NodeMetadata.tags(this.metadata);
	}

	/**
	 * The share of calls that the node gets, {@code rpc-weight}.
	 * @return more than 0, at most a million, 1 if it does not say
	 */
	public double weight() {
		return NodeMetadata.weight(this.metadata);
	}

	/**
	 * How many calls the node handles at a time, {@code rpc-capacity}.
	 * @return the number, 0 if it does not say
	 */
	public int capacity() {
		return NodeMetadata.capacity(this.metadata);
	}

	/**
	 * How many processors the node may use, {@code rpc-cpus}.
	 * @return the number, 0 if it does not say
	 */
	public int cpus() {
		return NodeMetadata.cpus(this.metadata);
	}

	/**
	 * The version of what the node runs, {@code rpc-version}.
	 * @return the version, or null if it does not say
	 */
	public @Nullable String version() {
		return this.metadata.get(NodeMetadata.VERSION);
	}

	/**
	 * The wire formats that the node speaks, {@code rpc-codec}.
	 * @return such as {@code gob,json}, or null if it does not say
	 */
	public @Nullable String codec() {
		return this.metadata.get(NodeMetadata.CODEC);
	}

	List<String> problems() {
		return NodeMetadata.problems(this.metadata);
	}

}
