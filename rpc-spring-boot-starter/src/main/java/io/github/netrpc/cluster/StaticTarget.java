package io.github.netrpc.cluster;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a target that lists its nodes: {@code static://node1:1234,[::1]:1235}, or the
 * same without the scheme.
 */
final class StaticTarget {

	private static final String SCHEME = "static://";

	private static final Set<String> PLANNED = Set.of("dns", "discovery", "etcd");

	private StaticTarget() {
	}

	static List<InetSocketAddress> parse(String target) {
		int scheme = target.indexOf("://");
		if (scheme >= 0 && !target.startsWith(SCHEME)) {
			String name = target.substring(0, scheme);
			throw new IllegalArgumentException("target \""
					+ target + "\": the scheme \"" + name + "\" is " + (PLANNED.contains(name)
							? "not supported yet (dns://, discovery:// and etcd:// come later)" : "unknown")
					+ "; expected static://host:port,host:port");
		}
		List<InetSocketAddress> addresses = new ArrayList<>();
		for (String node : target.substring((scheme >= 0) ? SCHEME.length() : 0).split(",", -1)) {
			InetSocketAddress address = parseNode(node.strip(), target);
			if (addresses.contains(address)) {
				throw new IllegalArgumentException("target \"" + target + "\": " + node.strip() + " is there twice");
			}
			addresses.add(address);
		}
		return addresses;
	}

	private static InetSocketAddress parseNode(String node, String target) {
		int colon = node.lastIndexOf(':');
		String host = (colon < 0) ? "" : node.substring(0, colon);
		boolean bracketed = host.startsWith("[") && host.endsWith("]");
		if (bracketed) {
			host = host.substring(1, host.length() - 1);
		}
		else if (host.indexOf(':') >= 0) {
			throw malformed(target, node, "an IPv6 address needs brackets: [::1]:1234");
		}
		if (host.isEmpty()
				|| host.chars().anyMatch((each) -> each <= ' ' || each == 0x7f || "/[]@".indexOf(each) >= 0)) {
			throw malformed(target, node, "expected host:port");
		}
		return InetSocketAddress.createUnresolved(host, parsePort(node.substring(colon + 1), node, target));
	}

	private static int parsePort(String port, String node, String target) {
		if (port.matches("[0-9]{1,5}")) {
			int number = Integer.parseInt(port);
			if (number > 0 && number <= 65535) {
				return number;
			}
		}
		throw malformed(target, node, "expected a port from 1 to 65535");
	}

	private static IllegalArgumentException malformed(String target, String node, String expected) {
		return new IllegalArgumentException("target \"" + target + "\", node \"" + node + "\": " + expected);
	}

}
