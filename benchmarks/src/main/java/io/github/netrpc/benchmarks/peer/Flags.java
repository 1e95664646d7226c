package io.github.netrpc.benchmarks.peer;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The arguments of a measured process: {@code --name=value}. Immutable.
 */
public final class Flags {

	private final Map<String, String> values;

	private Flags(Map<String, String> values) {
		this.values = values;
	}

	/**
	 * Reads arguments.
	 * @param args the arguments
	 * @return the flags
	 */
	public static Flags parse(String[] args) {
		Map<String, String> values = new LinkedHashMap<>();
		for (String arg : args) {
			int equals = arg.indexOf('=');
			if (!arg.startsWith("--") || equals < 0) {
				throw new IllegalArgumentException("\"" + arg + "\" (expected: --name=value)");
			}
			values.put(arg.substring(2, equals), arg.substring(equals + 1));
		}
		return new Flags(values);
	}

	/**
	 * The value of a flag.
	 * @param name its name
	 * @param standard the value if it is not given
	 * @return the value
	 */
	public String get(String name, String standard) {
		return this.values.getOrDefault(name, standard);
	}

	/**
	 * The address of the server, from {@code --address=HOST:PORT}.
	 * @return the address
	 */
	InetSocketAddress address() {
		String address = get("address", "");
		int colon = address.lastIndexOf(':');
		if (colon < 0) {
			throw new IllegalArgumentException("--address=" + address + " (expected: HOST:PORT)");
		}
		return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
	}

}
