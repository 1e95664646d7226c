package io.github.netrpc.demo.server;

import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;

/**
 * Work for many nodes: callers may call {@code Primes.Count}.
 */
@RpcService
public interface Primes {

	/**
	 * Counts primes.
	 * @param range where to look for them
	 * @return how many there are
	 */
	@Idempotent
	long count(Range range);

	/**
	 * Some numbers: Go's {@code Range{From, To int}}.
	 *
	 * @param from the first one
	 * @param to the one behind the last
	 */
	record Range(long from, long to) {
	}

}
