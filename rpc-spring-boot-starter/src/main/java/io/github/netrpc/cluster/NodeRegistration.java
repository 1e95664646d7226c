package io.github.netrpc.cluster;

/**
 * A node as it registers itself, for {@link NodeDirectory directories} elsewhere to find.
 * Immutable.
 *
 * @param service what the nodes that serve the same have in common, such as
 * {@code arith}: 1 to 200 letters, digits, dots, dashes and underscores
 * @param node the node as callers should see it
 * @since 0.1.0
 */
public record NodeRegistration(String service, NodeEndpoint node) {

	/**
	 * Checks the name of the service, which becomes a part of keys and addresses.
	 * @throws IllegalArgumentException if it cannot be used
	 */
	public NodeRegistration {
		if (!isService(service)) {
			throw new IllegalArgumentException("service: \"" + NodeMetadata.printable(service)
					+ "\" (expected: 1 to 200 letters, digits, '.', '-' and '_')");
		}
	}

	/**
	 * Whether a text can be the name of a service.
	 * @param text the text
	 * @return true if a registration takes it
	 */
	public static boolean isService(String text) {
		return text.matches("[\\p{L}\\p{N}._-]{1,200}");
	}

}
