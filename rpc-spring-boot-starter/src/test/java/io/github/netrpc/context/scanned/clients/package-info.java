/**
 * Clients that tests scan for.
 */
@NullMarked
package io.github.netrpc.context.scanned.clients;

import org.jspecify.annotations.NullMarked;
