package io.github.netrpc.server;

import java.time.Duration;

/**
 * How long what was found out about callers is gone by.
 *
 * @param known how long who is known stays so before that is looked up again; zero for as
 * long as the authenticator says
 * @param refused how long what was refused is refused unasked. Short, since the
 * authenticator may have failed for reasons of its own; zero asks each time
 */
record VerdictTimes(Duration known, Duration refused) {

	static final VerdictTimes DEFAULT = new VerdictTimes(Duration.ofMinutes(5), Duration.ofSeconds(5));

}
