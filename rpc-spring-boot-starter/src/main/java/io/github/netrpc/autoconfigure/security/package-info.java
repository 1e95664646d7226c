/**
 * Configuration of Spring Security for the server.
 */
@NullMarked
package io.github.netrpc.autoconfigure.security;

import org.jspecify.annotations.NullMarked;
