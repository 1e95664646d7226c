/**
 * Auto-configuration of discovery and registration through Spring Cloud. Backs off where
 * Spring Cloud is not on the class path.
 */
@NullMarked
package io.github.netrpc.autoconfigure.discovery.cloud;

import org.jspecify.annotations.NullMarked;
