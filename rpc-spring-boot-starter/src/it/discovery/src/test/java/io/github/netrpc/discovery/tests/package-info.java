/**
 * The starter with the registries that Spring Cloud knows. Start at
 * {@link io.github.netrpc.discovery.tests.RegistryContract}.
 */
@NullMarked
package io.github.netrpc.discovery.tests;

import org.jspecify.annotations.NullMarked;
