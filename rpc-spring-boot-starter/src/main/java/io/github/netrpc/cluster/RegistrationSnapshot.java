package io.github.netrpc.cluster;

import org.jspecify.annotations.Nullable;

/**
 * Where a registration stood at one moment. Immutable.
 *
 * @param registry what the node is registered in, such as {@code etcd}: the same text
 * whenever a registrar is asked
 * @param registered whether the registry had the node when it was last asked
 * @param lastFailure why it has not, or null if there is no reason: nobody wanted to
 * register yet, the node was withdrawn, or it is registered
 * @since 0.1.0
 */
public record RegistrationSnapshot(String registry, boolean registered, @Nullable String lastFailure) {

}
