/**
 * A client that is no interface, for tests to scan for.
 */
@NullMarked
package io.github.netrpc.context.scanned.misplaced;

import org.jspecify.annotations.NullMarked;
