/**
 * Knows calls, not connections: what a request and a reply are, which formats put them
 * into bytes, and where a message ends. Must not know gob, JSON, Netty or services. Start
 * at {@link io.github.netrpc.wire.WireFormat}.
 */
@NullMarked
package io.github.netrpc.wire;

import org.jspecify.annotations.NullMarked;
