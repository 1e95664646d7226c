/**
 * How a Java method is read as a {@code net/rpc} method: names, shapes, the mapping of
 * arguments and results. Used by servers and clients alike, so it must not know either,
 * nor connections or any format. Start at {@link io.github.netrpc.method.MethodReader}.
 */
@NullMarked
package io.github.netrpc.method;

import org.jspecify.annotations.NullMarked;
