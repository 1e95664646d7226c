package io.github.netrpc.cluster;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.ClientCall;

/**
 * Gives calls to the one node that their caller has chosen by its name. Thread-safe.
 */
final class NamedNodes {

	private static final int MOST_NAMES = 20;

	private final MemberRegistry registry;

	NamedNodes(MemberRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Offers a call to the node of a name, and to no other one.
	 * @return why it does not take it, or null if it does
	 */
	@Nullable CallFailure offerTo(String name, ClientCall<?> call, Offer offer) {
		Member[] members = this.registry.members();
		Member member = find(members, name);
		return (member != null) ? offer.to(member.client()) : unknown(members, name, call);
	}

	private CallFailure unknown(Member[] members, String name, ClientCall<?> call) {
		// On a list that changes, a node that is not there may have been, or be again.
		return new CallFailure(this.registry.isFixed() ? RpcCode.INVALID_ARGUMENT : RpcCode.UNAVAILABLE, Known.NOT_RUN,
				call.plan() + ": no node is \"" + name + "\" (expected: one of "
						+ Stream.of(members).limit(MOST_NAMES).map(Member::id).toList()
						+ ((members.length > MOST_NAMES) ? " and " + (members.length - MOST_NAMES) + " more" : "")
						+ ")",
				null);
	}

	/**
	 * Finds a member by its id, its address, or its host if no other one has the same.
	 */
	private static @Nullable Member find(Member[] members, String name) {
		Member byHost = null;
		boolean several = false;
		for (Member member : members) {
			if (member.id().equals(name)) {
				return member;
			}
		}
		for (Member member : members) {
			String address = member.client().address();
			if (address.equals(name)) {
				return member;
			}
			if (address.startsWith(name) && address.lastIndexOf(':') == name.length()) {
				several = byHost != null;
				byHost = member;
			}
		}
		return several ? null : byHost;
	}

}
