/**
 * Knows connections, not calls: bytes in, messages out, one thread for each connection's
 * events. Must not know formats, services or Netty. Start at
 * {@link io.github.netrpc.transport.Transport}.
 */
@NullMarked
package io.github.netrpc.transport;

import org.jspecify.annotations.NullMarked;
