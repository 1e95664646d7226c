/**
 * Calls Arith. Shows public API only. Start at
 * {@link io.github.netrpc.demo.client.ArithDemo}.
 */
@NullMarked
package io.github.netrpc.demo.client;

import org.jspecify.annotations.NullMarked;
