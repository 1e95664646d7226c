package io.github.netrpc.cluster;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the nodes of a channel are, as configured: {@code scheme://location}, and perhaps
 * {@code ?name=value&name=value} behind it. Without a scheme it is {@code static}.
 * Nothing is decoded: what is written is what a directory gets.
 *
 * @param text the whole target
 * @param scheme says which {@link NodeDirectory} knows the nodes, in lower case
 * @param location what is between {@code ://} and the parameters, perhaps empty
 * @param parameters the parameters, in their order
 * @since 0.1.0
 */
public record TargetUri(String text, String scheme, String location, Map<String, String> parameters) {

	private static final String STATIC = "static";

	/**
	 * Keeps the parameters as they are.
	 */
	public TargetUri {
		parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
	}

	/**
	 * Reads a target.
	 * @param text the text, such as {@code dns://arith:1234}
	 * @return the target
	 * @throws IllegalArgumentException if the scheme or a parameter is malformed
	 */
	public static TargetUri parse(String text) {
		int end = text.indexOf("://");
		String scheme = (end < 0) ? STATIC : text.substring(0, end);
		if (!scheme.matches("[a-z][a-z0-9+.-]*")) {
			throw new IllegalArgumentException("target \"" + text + "\": the scheme \"" + scheme
					+ "\" (expected: lower-case letters, digits, '+', '.' and '-')");
		}
		String rest = text.substring((end < 0) ? 0 : end + "://".length());
		int query = rest.indexOf('?');
		return new TargetUri(text, scheme, (query < 0) ? rest : rest.substring(0, query),
				(query < 0) ? Map.of() : parameters(text, rest.substring(query + 1)));
	}

	private static Map<String, String> parameters(String text, String query) {
		Map<String, String> parameters = new LinkedHashMap<>();
		for (String parameter : query.split("&", -1)) {
			int equals = parameter.indexOf('=');
			if (equals < 1 || parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1)) != null) {
				throw new IllegalArgumentException("target \"" + text + "\", parameter \"" + parameter
						+ "\": expected name=value, each name once");
			}
		}
		return parameters;
	}

	/**
	 * Reads the location as addresses: {@code host:port,host:port}, IPv6 addresses in
	 * brackets.
	 * @return the addresses, not resolved, in their order
	 * @throws IllegalArgumentException if one is malformed or there twice
	 */
	public List<InetSocketAddress> addresses() {
		List<InetSocketAddress> addresses = new ArrayList<>();
		for (String node : this.location.split(",", -1)) {
			InetSocketAddress address = address(node.strip());
			if (addresses.contains(address)) {
				throw new IllegalArgumentException("target \"" + this.text + "\": " + node.strip() + " is there twice");
			}
			addresses.add(address);
		}
		return addresses;
	}

	private InetSocketAddress address(String node) {
		int colon = node.lastIndexOf(':');
		String host = (colon < 0) ? "" : node.substring(0, colon);
		boolean bracketed = host.startsWith("[") && host.endsWith("]");
		if (bracketed) {
			host = host.substring(1, host.length() - 1);
		}
		else if (host.indexOf(':') >= 0) {
			throw malformed(node, "an IPv6 address needs brackets: [::1]:1234");
		}
		if (host.isEmpty()
				|| host.chars().anyMatch((each) -> each <= ' ' || each == 0x7f || "/[]@".indexOf(each) >= 0)) {
			throw malformed(node, "expected host:port");
		}
		return InetSocketAddress.createUnresolved(host, port(node.substring(colon + 1), node));
	}

	private int port(String port, String node) {
		if (port.matches("[0-9]{1,5}")) {
			int number = Integer.parseInt(port);
			if (number > 0 && number <= NodeEndpoint.HIGHEST_PORT) {
				return number;
			}
		}
		throw malformed(node, "expected a port from 1 to 65535");
	}

	private IllegalArgumentException malformed(String node, String expected) {
		return new IllegalArgumentException("target \"" + this.text + "\", node \"" + node + "\": " + expected);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
