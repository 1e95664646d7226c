package io.github.netrpc.client;

import java.time.Duration;
import java.util.Map;

/**
 * What is known of the second attempts that a channel makes beside calls that take long.
 *
 * @param hedges second attempts that were made
 * @param won those whose answer was used
 * @param waits how long a call is waited for first, by the names of methods; without
 * those that have no second attempts at the moment
 * @since 0.1.0
 */
public record HedgingSnapshot(long hedges, long won, Map<String, Duration> waits) {

}
