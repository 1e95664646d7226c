package io.github.netrpc.autoconfigure;

/**
 * A wire format, as it is written in the configuration.
 *
 * @since 0.1.0
 */
public enum Codec {

	/** Go's {@code net/rpc} over gob. */
	GOB("gob"),

	/** JSON-RPC 1.0 as Go speaks it. */
	JSON("json");

	private final String formatName;

	Codec(String formatName) {
		this.formatName = formatName;
	}

	/**
	 * The name of the wire format.
	 * @return {@code gob} or {@code json}
	 */
	public String formatName() {
		return this.formatName;
	}

}
