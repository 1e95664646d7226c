/**
 * The services and types of the Go fixture in {@code src/test/go/interop}, in Java, and
 * the tests against real Go.
 */
@NullMarked
package io.github.netrpc.interop;

import org.jspecify.annotations.NullMarked;
