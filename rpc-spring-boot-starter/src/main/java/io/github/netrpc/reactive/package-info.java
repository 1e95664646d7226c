/**
 * Reactor's types as return types of services and clients. The only home of Reactor; all
 * else works without it. Start at {@link io.github.netrpc.reactive.MonoAdapter}.
 */
@NullMarked
package io.github.netrpc.reactive;

import org.jspecify.annotations.NullMarked;
