package io.github.netrpc.cluster;

import java.util.List;

import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.ClientCall;

/**
 * Told of what happens to members, by whichever thread notices it, without a lock held.
 */
interface MemberListener {

	/**
	 * There are other members, or there are members for the first time.
	 */
	void listed();

	/**
	 * The member is in another state.
	 */
	void changed(Member member);

	/**
	 * Calls that waited at a member are given back.
	 */
	void returned(Member member, List<ClientCall<?>> calls, CallFailure reason);

}
