package io.github.netrpc.autoconfigure.client;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the nodes of each channel are. A bean of this type replaces the targets of the
 * properties; everything else of a channel still comes from there.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RpcClientConnectionDetails extends ConnectionDetails {

	/**
	 * The target of a channel. Asked when the channel is made, which is when its clients
	 * are; if it is not known then, when the channel is called.
	 * @param channel the name of the channel
	 * @return the target, such as {@code static://node1:1234,node2:1234}, or null if
	 * nothing is known of the channel
	 * @throws IllegalStateException if the target is not known yet: calls wait for it,
	 * and it is asked for again every quarter of a second
	 */
	@Nullable String getTarget(String channel);

}
