package io.github.netrpc.benchmarks.reliability.node;

import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;

/**
 * A service that does no work, to measure what lies around it.
 */
@RpcService
public interface Nothing {

	/**
	 * Returns.
	 * @param item anything
	 * @return the same
	 */
	@Idempotent
	long pass(long item);

}
