/**
 * JMH: what it costs to encode and to decode one request, without sockets. Must not know
 * the runner or the peers. Start at
 * {@link io.github.netrpc.benchmarks.codec.CodecBenchmark}.
 */
@NullMarked
package io.github.netrpc.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
