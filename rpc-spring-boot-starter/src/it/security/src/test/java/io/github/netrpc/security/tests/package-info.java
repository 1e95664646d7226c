/**
 * Spring Security as Boot configures it, in an application without a web server.
 */
@NullMarked
package io.github.netrpc.security.tests;

import org.jspecify.annotations.NullMarked;
