package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.ClientTimer;

/**
 * What a channel has for its directory. All of it is thread-safe, and ends with the
 * channel.
 *
 * @param channel the name of the channel
 * @param timer tells the time and runs short tasks; its tasks must not block
 * @param random numbers from 0 to less than 1
 * @param lookups runs what may block, on daemon threads of which there are few; throws
 * {@link java.util.concurrent.RejectedExecutionException} if all are busy or the channel
 * is closed
 * @param refreshInterval from one look-up to the next, as configured, or null for what
 * the directory thinks best
 * @since 0.1.0
 */
public record DirectoryContext(String channel, ClientTimer timer, DoubleSupplier random, Executor lookups,
		@Nullable Duration refreshInterval) {

}
