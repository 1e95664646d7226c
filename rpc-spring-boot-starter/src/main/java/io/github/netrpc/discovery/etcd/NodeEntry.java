package io.github.netrpc.discovery.etcd;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.TargetUri;

/**
 * A node as an entry in etcd. The key is the prefix, the service, a slash and the node's
 * id; the value is JSON: <pre class="code">
 * /netrpc/arith/10.0.0.7:1234
 * {"address":"10.0.0.7:1234","metadata":{"rpc-codec":"gob,json","rpc-weight":"2"}}
 * </pre> Members that are not known are skipped, and {@code metadata} may be absent.
 *
 * @param value the value as it is in etcd
 * @param node the node, or null if the value cannot be read
 * @param problem why it cannot be read, or null
 */
record NodeEntry(String value, @Nullable NodeEndpoint node, @Nullable String problem) {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final String ADDRESS = "address";

	private static final String METADATA = "metadata";

	static NodeEntry read(String id, String value) {
		try {
			return new NodeEntry(value, node(id, MAPPER.readTree(value)), null);
		}
		catch (JacksonException ex) {
			return new NodeEntry(value, null, "no JSON: " + ex.getOriginalMessage());
		}
		catch (IllegalArgumentException ex) {
			return new NodeEntry(value, null, ex.getMessage());
		}
	}

	private static NodeEndpoint node(String id, JsonNode json) {
		JsonNode address = json.path(ADDRESS);
		if (!address.isString()) {
			throw new IllegalArgumentException(
					"no address (expected: {\"address\":\"host:port\",\"metadata\":{\"key\":\"text\"}})");
		}
		String text = address.stringValue();
		List<InetSocketAddress> addresses = new TargetUri(text, "etcd", text, Map.of()).addresses();
		if (addresses.size() != 1) {
			throw new IllegalArgumentException("address: \"" + text + "\" (expected: one)");
		}
		Map<String, String> metadata = new LinkedHashMap<>();
		json.path(METADATA).properties().forEach((entry) -> {
			if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
				metadata.put(entry.getKey(), entry.getValue().asString());
			}
		});
		return new NodeEndpoint(id, addresses.get(0).getHostString(), addresses.get(0).getPort(), metadata);
	}

	/**
	 * The value that registers a node.
	 */
	static String write(NodeEndpoint node) {
		ObjectNode json = MAPPER.createObjectNode();
		json.put(ADDRESS, node.address());
		ObjectNode metadata = json.putObject(METADATA);
		new TreeMap<>(node.metadata()).forEach(metadata::put);
		return json.toString();
	}

}
