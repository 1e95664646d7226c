/**
 * Classes that tests scan for.
 */
@NullMarked
package io.github.netrpc.context.scanned;

import org.jspecify.annotations.NullMarked;
