package io.github.netrpc.autoconfigure.client;

/**
 * Nothing says where the nodes of a channel are.
 */
class MissingTargetException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String channel;

	MissingTargetException(String channel) {
		super("the channel '" + channel + "' has no target: " + RpcClientProperties.prefix(channel)
				+ ".target is not set");
		this.channel = channel;
	}

	String channel() {
		return this.channel;
	}

}
