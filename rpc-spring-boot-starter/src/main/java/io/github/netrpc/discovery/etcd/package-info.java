/**
 * Nodes in etcd: the servers' registration under a lease, and the directory that watches
 * it. The only package that knows jetcd. Must not know Spring. Start at
 * {@link io.github.netrpc.discovery.etcd.EtcdDirectory} and
 * {@link io.github.netrpc.discovery.etcd.EtcdRegistrar}.
 */
@NullMarked
package io.github.netrpc.discovery.etcd;

import org.jspecify.annotations.NullMarked;
