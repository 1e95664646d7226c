/**
 * Configuration of the registries in which nodes are found.
 */
@NullMarked
package io.github.netrpc.autoconfigure.discovery;

import org.jspecify.annotations.NullMarked;
