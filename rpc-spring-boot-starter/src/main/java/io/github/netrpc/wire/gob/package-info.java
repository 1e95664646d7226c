/**
 * Go's {@code net/rpc} over gob: headers and bodies as values of one stream in each
 * direction. Must not know connections, services or the format of bytes, which is
 * {@link io.github.netrpc.gob}'s. Start at
 * {@link io.github.netrpc.wire.gob.GobWireFormat}.
 */
@NullMarked
package io.github.netrpc.wire.gob;

import org.jspecify.annotations.NullMarked;
