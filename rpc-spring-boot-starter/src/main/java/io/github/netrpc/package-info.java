/**
 * What every part and every user shares: errors, codes, names of methods, the context of
 * a call. Must not know anything else of the project. Start at
 * {@link io.github.netrpc.RpcException}.
 */
@NullMarked
package io.github.netrpc;

import org.jspecify.annotations.NullMarked;
