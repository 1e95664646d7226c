package io.github.netrpc.work;

import java.util.EnumSet;
import java.util.Set;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * What a failed attempt says of its item and of its worker.
 */
enum Verdict {

	/** Neither another worker nor another time would mend it. */
	FOR_GOOD,

	/** It has not begun, for want of room. */
	NO_ROOM,

	/** It has not begun: the worker cannot be reached, or takes nothing. */
	REFUSED,

	/** The worker was lost, and the item may have run there. */
	LOST,

	/** It has failed, and its worker is as well as any other. */
	FAILED;

	private static final Set<RpcCode> NOTHING_MENDS = EnumSet.of(RpcCode.INVALID_ARGUMENT, RpcCode.UNIMPLEMENTED,
			RpcCode.PERMISSION_DENIED, RpcCode.UNAUTHENTICATED);

	static Verdict of(RpcCode code, Known known) {
		if (NOTHING_MENDS.contains(code)) {
			return FOR_GOOD;
		}
		if (known == Known.NOT_RUN) {
			return (code == RpcCode.RESOURCE_EXHAUSTED) ? NO_ROOM : REFUSED;
		}
		return (code == RpcCode.UNAVAILABLE) ? LOST : FAILED;
	}

	/**
	 * Whether the attempt does not count as one: the worker has not failed with the item.
	 */
	boolean isRefusal() {
		return this == NO_ROOM || this == REFUSED;
	}

}
