/**
 * The transport on Netty, the only home of {@code io.netty} but for the TLS settings that
 * jetcd takes in {@code discovery.etcd}. Must not know formats, services or what the
 * bytes mean. Start at {@link io.github.netrpc.transport.netty.NettyTransport}, then
 * {@link io.github.netrpc.transport.netty.NettyConnection}.
 */
@NullMarked
package io.github.netrpc.transport.netty;

import org.jspecify.annotations.NullMarked;
