/**
 * The annotations that users put on their services and clients. Knows nothing but the
 * root package. Start at {@link io.github.netrpc.annotation.RpcService}.
 */
@NullMarked
package io.github.netrpc.annotation;

import org.jspecify.annotations.NullMarked;
