/**
 * JSON-RPC 1.0 exactly as Go's {@code net/rpc/jsonrpc} speaks it: where a value ends,
 * what the members of the envelope mean, and the texts of both directions. Must not know
 * gob, connections or services. Start at
 * {@link io.github.netrpc.wire.json.JsonWireFormat}.
 */
@NullMarked
package io.github.netrpc.wire.json;

import org.jspecify.annotations.NullMarked;
