package io.github.netrpc.cluster;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.HeldCalls;
import io.github.netrpc.client.NodeClient;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.Retries;

/**
 * Gives the calls of a channel to its members: to the one of those that are connected
 * which the balancer chooses, or to one that was ejected and is to have a call on trial;
 * once the group is used, the others are connected in the background. While none is
 * connected, calls wait at a member that is being connected to, and move to whichever
 * connects first. Until there are members, calls wait here.
 */
final class NodeGroup implements MemberListener, Retries.Nodes, AutoCloseable {

	private static final int MOST_NAMES = 20;

	private static final List<NodeState> MAY_CONNECT = List.of(NodeState.READY, NodeState.CONNECTING, NodeState.IDLE);

	private final boolean fixed;

	private final MemberRegistry registry;

	private final HeldCalls held;

	private final LoadRegistry loads;

	private final ListedNodes listed;

	private volatile ReadyMembers ready = ReadyMembers.NONE;

	/**
	 * Some member is to be connected to, or the directory to be watched, when the next
	 * call comes.
	 */
	private volatile boolean someIdle = true;

	/**
	 * Creates a group. A directory whose list is fixed is asked at once, any other one
	 * when the first call comes.
	 * @param channel the name of the channel
	 * @param source where the members are, as configured
	 * @param directory lists the members, and is closed with this
	 * @param resources what the members share
	 * @param balancing how a member is chosen
	 */
	NodeGroup(String channel, String source, NodeDirectory directory, ClientResources resources, Balancing balancing) {
		this.fixed = directory.isFixed();
		this.loads = new LoadRegistry(channel, balancing, resources.timer(), this::refreshReady);
		this.registry = new MemberRegistry(channel, source, directory, resources, this.loads, this);
		this.held = new HeldCalls(resources, this.registry::missing);
		this.listed = new ListedNodes(this.registry, this.loads, resources.timer(), resources.random());
		if (this.fixed) {
			this.registry.watch();
		}
	}

	/**
	 * Gives a call to a node, or ends it.
	 */
	void start(ClientCall<?> call, @Nullable Object argument) {
		if (call.options().node() != null) {
			startAt(call.options().node(), call, argument);
			return;
		}
		if (this.someIdle) {
			this.someIdle = false;
			wake();
		}
		ReadyMembers ready = this.ready;
		if (!ready.onTrial().isEmpty() && startTrial(ready.onTrial(), call, argument)) {
			return;
		}
		if (!ready.isEmpty()) {
			Member member = (ready.size() == 1) ? ready.get(0) : ready.get(this.loads.pick(ready.loads(), call));
			if (member.client().offer(call, argument) == null) {
				return;
			}
		}
		CallFailure refused = (this.registry.members().length > 0) ? place((node) -> node.offer(call, argument))
				: hold(call, argument);
		if (refused != null) {
			call.reject(refused);
		}
	}

	/**
	 * Gives a call to a member that was ejected, if one is due for a trial.
	 */
	private boolean startTrial(List<Member> onTrial, ClientCall<?> call, @Nullable Object argument) {
		for (int i = 0; i < onTrial.size(); i++) {
			Member member = onTrial.get(i);
			int trial = this.loads.claimTrial(member.load(), call);
			if (trial != 0) {
				if (member.client().offer(call, argument) == null) {
					return true;
				}
				member.load().circuit().freeTrial(trial);
			}
		}
		return false;
	}

	/**
	 * Watches the directory, and connects the members if there are several: a single one
	 * is connected by its first call.
	 */
	private void wake() {
		this.registry.watch();
		Member[] members = this.registry.members();
		if (members.length > 1) {
			for (Member member : members) {
				member.client().connect();
			}
		}
	}

	/**
	 * Has a call wait until there are members.
	 */
	private @Nullable CallFailure hold(ClientCall<?> call, @Nullable Object argument) {
		CallFailure refused = this.held.offer(call, argument);
		if (refused == null && this.registry.members().length > 0) {
			// They came before the call was where it would have been released from.
			releaseHeld();
		}
		return refused;
	}

	private void releaseHeld() {
		List<ClientCall<?>> calls = this.held.release();
		if (!calls.isEmpty()) {
			this.someIdle = false;
			wake();
		}
		for (ClientCall<?> call : calls) {
			try {
				String bound = call.options().node();
				CallFailure refused = (bound != null) ? offerTo(bound, call, (node) -> node.offerAgain(call))
						: place((node) -> node.offerAgain(call));
				if (refused != null) {
					call.reject(refused);
				}
			}
			catch (Throwable ex) {
				// The calls behind it must still go somewhere.
				call.reject(new CallFailure(RpcCode.INTERNAL, Known.NOT_RUN,
						call.plan() + " could not be given to a node: " + ex, ex));
			}
		}
	}

	/**
	 * Gives a call to the one node that its caller has chosen.
	 */
	private void startAt(String name, ClientCall<?> call, @Nullable Object argument) {
		this.registry.watch();
		CallFailure refused = (this.registry.members().length > 0)
				? offerTo(name, call, (node) -> node.offer(call, argument)) : hold(call, argument);
		if (refused != null) {
			call.reject(refused);
		}
	}

	private @Nullable CallFailure offerTo(String name, ClientCall<?> call, Offer offer) {
		Member[] members = this.registry.members();
		Member member = find(members, name);
		if (member != null) {
			return offer.to(member.client());
		}
		// On a list that changes, a node that is not there may have been, or be again.
		return new CallFailure(this.fixed ? RpcCode.INVALID_ARGUMENT : RpcCode.UNAVAILABLE, Known.NOT_RUN,
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

	@Override
	public boolean hasOther(ClientCall<?> call, List<NodeClient> tried) {
		return call.options().node() == null
				&& this.ready.members().stream().anyMatch((member) -> !tried.contains(member.client()));
	}

	@Override
	public void startAgain(ClientCall<?> attempt, @Nullable Object argument, List<NodeClient> tried) {
		if (attempt.options().node() == null) {
			List<Member> others = readyBut(tried);
			if (others.isEmpty() && !tried.isEmpty()) {
				// All were tried: the last one was the worst choice.
				others = readyBut(tried.subList(tried.size() - 1, tried.size()));
			}
			if (!others.isEmpty() && pick(others, attempt).client().offer(attempt, argument) == null) {
				return;
			}
		}
		start(attempt, argument);
	}

	@Override
	public boolean hasSeveral(ClientCall<?> call) {
		return call.options().node() == null && this.ready.size() > 1;
	}

	@Override
	public boolean hasSound(ClientCall<?> call, List<NodeClient> tried) {
		return call.options().node() == null && !soundBut(tried).isEmpty();
	}

	@Override
	public void startElsewhere(ClientCall<?> attempt, @Nullable Object argument, List<NodeClient> tried) {
		List<Member> others = soundBut(tried);
		CallFailure refused = others.isEmpty() ? new CallFailure(RpcCode.UNAVAILABLE, Known.NOT_RUN,
				attempt.plan() + ": no other node is connected", null)
				: pick(others, attempt).client().offer(attempt, argument);
		if (refused != null) {
			attempt.reject(refused);
		}
	}

	private List<Member> soundBut(List<NodeClient> tried) {
		return readyBut(tried).stream().filter((member) -> !member.load().circuit().isEjected()).toList();
	}

	private Member pick(List<Member> members, ClientCall<?> call) {
		return members.get(this.loads.pick(members.stream().map(Member::load).toList(), call));
	}

	private List<Member> readyBut(List<NodeClient> tried) {
		return this.ready.members().stream().filter((member) -> !tried.contains(member.client())).toList();
	}

	/**
	 * Offers a call to one member after the other.
	 */
	private @Nullable CallFailure place(Offer offer) {
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
				moveToReady(member);
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
	 * Another node may have connected after it was looked for, and before the call was
	 * where it would have been moved from.
	 */
	private void moveToReady(Member from) {
		ReadyMembers ready = this.ready;
		if (!ready.isEmpty() && from.state() != NodeState.READY) {
			from.client().moveWaitingTo(ready.get(0).client());
		}
	}

	@Override
	public void listed() {
		refreshLoads();
		refreshReady();
		// New members are connected by the next call.
		this.someIdle = true;
		releaseHeld();
		this.listed.arrived();
	}

	@Override
	public void changed(Member member) {
		refreshReady();
		Member[] members = this.registry.members();
		NodeState state = member.state();
		if (members.length > 1) {
			if (state == NodeState.READY) {
				Stream.of(members)
					.filter((other) -> other != member)
					.forEach((other) -> other.client().moveWaitingTo(member.client()));
			}
			else if (state == NodeState.IDLE) {
				this.someIdle = true;
			}
			else {
				moveToReady(member);
			}
		}
		if (state == NodeState.TRANSIENT_FAILURE && this.ready.isEmpty()) {
			this.registry.refresh();
		}
	}

	/**
	 * Under the lock, so that of two lists the newer one stays.
	 */
	private synchronized void refreshLoads() {
		this.loads.nodes(Stream.of(this.registry.members()).map(Member::load).toList());
	}

	private synchronized void refreshReady() {
		this.ready = ReadyMembers.of(this.registry.members());
	}

	@Override
	public void returned(Member member, List<ClientCall<?>> calls, CallFailure reason) {
		for (ClientCall<?> call : calls) {
			try {
				boolean elsewhere = call.options().node() == null && isAnother(member);
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

	/**
	 * What is known of each node: in the order of the list, then those that drain.
	 */
	List<NodeSnapshot> snapshots() {
		return this.registry.snapshots();
	}

	/**
	 * What is known of the list.
	 */
	DirectorySnapshot directory() {
		return this.registry.directory();
	}

	/**
	 * How many attempts were sent to nodes.
	 */
	long picks() {
		return this.loads.picks();
	}

	/**
	 * How many times a node was ejected.
	 */
	long ejections() {
		return this.loads.ejections();
	}

	/**
	 * What the members have counted, those that are gone included.
	 */
	ChannelCounts counts() {
		return this.registry.counts();
	}

	/**
	 * The members, for operations on many of them.
	 */
	ListedNodes listedNodes() {
		return this.listed;
	}

	/**
	 * How many calls wait for the first list.
	 */
	int held() {
		return this.held.count();
	}

	@Override
	public void close() {
		this.held.close();
		this.registry.close();
		this.loads.close();
	}

	@Override
	public String toString() {
		return this.registry.toString();
	}

	/**
	 * Offers a call to a node.
	 */
	@FunctionalInterface
	private interface Offer {

		@Nullable CallFailure to(NodeClient node);

	}

}
