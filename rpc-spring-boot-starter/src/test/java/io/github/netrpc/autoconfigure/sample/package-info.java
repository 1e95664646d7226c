/**
 * An application for tests: one service, and a client for each way to call it.
 */
@NullMarked
package io.github.netrpc.autoconfigure.sample;

import org.jspecify.annotations.NullMarked;
