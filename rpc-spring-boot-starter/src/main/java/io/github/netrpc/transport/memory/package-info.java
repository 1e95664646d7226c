/**
 * Connections within the JVM, for tests and for calls that need no network, with the
 * contract of the real ones: bytes, back-pressure, half closes, resets. Must not know
 * sockets. Start at {@link io.github.netrpc.transport.memory.MemoryTransport}.
 */
@NullMarked
package io.github.netrpc.transport.memory;

import org.jspecify.annotations.NullMarked;
