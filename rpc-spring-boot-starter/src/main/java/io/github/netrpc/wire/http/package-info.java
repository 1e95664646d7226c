/**
 * The HTTP CONNECT handshake of Go's {@code rpc.HandleHTTP} and {@code rpc.DialHTTP},
 * both sides: a few lines before the gob stream. Must not know gob, calls or connections,
 * and no more of HTTP than these lines. Start at
 * {@link io.github.netrpc.wire.http.ConnectRequestReader}.
 */
@NullMarked
package io.github.netrpc.wire.http;

import org.jspecify.annotations.NullMarked;
