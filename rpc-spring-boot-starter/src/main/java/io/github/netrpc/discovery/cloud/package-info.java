/**
 * Nodes that a registry knows through Spring Cloud, such as Consul, Eureka or ZooKeeper,
 * and the server's own entry there. Knows no registry but by its Spring Cloud interfaces.
 * Start at {@link io.github.netrpc.discovery.cloud.CloudDirectoryProvider} and
 * {@link io.github.netrpc.discovery.cloud.CloudRegistrar}.
 */
@NullMarked
package io.github.netrpc.discovery.cloud;

import org.jspecify.annotations.NullMarked;
