/**
 * The service Arith as a Spring Boot application. Shows public API only. Start at
 * {@link io.github.netrpc.demo.server.Arith}.
 */
@NullMarked
package io.github.netrpc.demo.server;

import org.jspecify.annotations.NullMarked;
