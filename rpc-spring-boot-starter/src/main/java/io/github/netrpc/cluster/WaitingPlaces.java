package io.github.netrpc.cluster;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.NodeState;

/**
 * Where calls wait while no member is connected: at one that is being connected to, and
 * from there they move to whichever connects first. Thread-safe.
 */
final class WaitingPlaces {

	private static final List<NodeState> MAY_CONNECT = List.of(NodeState.READY, NodeState.CONNECTING, NodeState.IDLE);

	private final MemberRegistry registry;

	private final Supplier<ReadyMembers> ready;

	WaitingPlaces(MemberRegistry registry, Supplier<ReadyMembers> ready) {
		this.registry = registry;
		this.ready = ready;
	}

	/**
	 * Offers a call to one member after the other.
	 * @return why none takes it, or null if one does
	 */
	@Nullable CallFailure place(Offer offer) {
		while (true) {
			Member[] members = this.registry.members();
			CallFailure refused = place(members, offer);
			if (refused == null || members == this.registry.members()) {
				return refused;
			}
			// Those that were asked may be gone, and others there.
		}
	}

	private @Nullable CallFailure place(Member[] members, Offer offer) {
		// The second time round each node is asked, whatever it does, so that one of them
		// says why not.
		List<Member> candidates = Stream
			.concat(MAY_CONNECT.stream()
				.flatMap((state) -> Stream.of(members)
					.filter((member) -> member.state() == state && !member.load().circuit().isEjected())),
					Stream.of(members))
			.toList();
		CallFailure refused = null;
		for (Member member : candidates) {
			refused = offer.to(member.client());
			if (refused == null) {
				moveFrom(member);
				return null;
			}
		}
		return explain(members.length, refused);
	}

	private static @Nullable CallFailure explain(int members, @Nullable CallFailure refused) {
		if (refused == null || members == 1) {
			return refused;
		}
		return new CallFailure(refused.code(), refused.known(),
				"none of " + members + " nodes takes the call; the last one: " + refused.message(), refused.cause());
	}

	/**
	 * Moves what waits at a member that is not connected to one that is. Another node may
	 * have connected after it was looked for, and before the call was where it would have
	 * been moved from.
	 */
	void moveFrom(Member from) {
		ReadyMembers ready = this.ready.get();
		if (!ready.isEmpty() && from.state() != NodeState.READY) {
			from.client().moveWaitingTo(ready.get(0).client());
		}
	}

	/**
	 * Moves what waits at the others to a member that has connected.
	 */
	void moveTo(Member connected, Member[] members) {
		for (Member other : members) {
			if (other != connected) {
				other.client().moveWaitingTo(connected.client());
			}
		}
	}

	/**
	 * Finds places for calls that a member has given back.
	 * @param reason ends those that may not go elsewhere
	 */
	void placeAgain(Member from, List<ClientCall<?>> calls, CallFailure reason) {
		for (ClientCall<?> call : calls) {
			try {
				boolean elsewhere = call.options().node() == null && isAnother(from);
				CallFailure refused = elsewhere ? place((other) -> other.offerAgain(call)) : reason;
				if (refused != null) {
					call.reject(refused);
				}
			}
			catch (Throwable ex) {
				// The calls behind it must still go somewhere.
				call.reject(new CallFailure(reason.code(), reason.known(), reason.message(), ex));
			}
		}
	}

	/**
	 * Whether calls may go elsewhere than to a member.
	 */
	private boolean isAnother(Member member) {
		Member[] members = this.registry.members();
		return members.length > 1 || members[0] != member;
	}

}
