package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.netrpc.client.NodeState;

/**
 * The members that are connected at one moment. Immutable.
 */
final class ReadyMembers {

	static final ReadyMembers NONE = new ReadyMembers(List.of(), List.of());

	/** Take calls: those that are not ejected, or all if there is no other. */
	private final List<Member> members;

	/** The figures of the same members, in the same order. */
	private final List<NodeLoad> loads;

	/** Are ejected, and may have a call on trial. */
	private final List<Member> onTrial;

	private ReadyMembers(List<Member> members, List<Member> onTrial) {
		this.members = members;
		this.loads = members.stream().map(Member::load).toList();
		this.onTrial = onTrial;
	}

	static ReadyMembers of(Member[] members) {
		List<Member> connected = Stream.of(members).filter((member) -> member.state() == NodeState.READY).toList();
		List<Member> taking = new ArrayList<>();
		List<Member> onTrial = new ArrayList<>();
		for (Member member : connected) {
			switch (member.load().circuit().state()) {
				case CLOSED -> taking.add(member);
				case HALF_OPEN -> onTrial.add(member);
				case OPEN -> {
				}
			}
		}
		return new ReadyMembers(taking.isEmpty() ? connected : List.copyOf(taking), List.copyOf(onTrial));
	}

	boolean isEmpty() {
		return this.members.isEmpty();
	}

	int size() {
		return this.members.size();
	}

	List<Member> members() {
		return this.members;
	}

	Member get(int index) {
		return this.members.get(index);
	}

	List<NodeLoad> loads() {
		return this.loads;
	}

	List<Member> onTrial() {
		return this.onTrial;
	}

}
