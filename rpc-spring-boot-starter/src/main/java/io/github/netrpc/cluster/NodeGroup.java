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
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.Retries;

/**
 * Gives the calls of a channel to its members: to the one of those that are connected
 * which the balancer chooses, or to one that was ejected and is to have a call on trial;
 * once the group is used, the others are connected in the background. While none is
 * connected, calls {@linkplain WaitingPlaces wait at one that will be}, and until there
 * are members, they wait here. Calls that know their node go to {@link NamedNodes},
 * further attempts to {@link OtherNodes}. Thread-safe.
 */
final class NodeGroup implements MemberListener, AutoCloseable {

	private final MemberRegistry registry;

	private final HeldCalls held;

	private final LoadRegistry loads;

	private final WaitingPlaces places;

	private final NamedNodes named;

	private final OtherNodes others;

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
		this.loads = new LoadRegistry(channel, balancing, resources.timer(), this::refreshReady);
		this.registry = new MemberRegistry(channel, source, directory, resources, this.loads, this);
		this.held = new HeldCalls(resources, this.registry::missing);
		this.places = new WaitingPlaces(this.registry, () -> this.ready);
		this.named = new NamedNodes(this.registry);
		this.others = new OtherNodes(() -> this.ready, this.loads, this::start);
		this.listed = new ListedNodes(this.registry, this.loads, resources.timer(), resources.random());
		if (directory.isFixed()) {
			this.registry.watch();
		}
	}

	// Calls

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
		CallFailure refused = (this.registry.members().length > 0)
				? this.places.place((node) -> node.offer(call, argument)) : hold(call, argument);
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
	 * Gives a call to the one node that its caller has chosen.
	 */
	private void startAt(String name, ClientCall<?> call, @Nullable Object argument) {
		this.registry.watch();
		CallFailure refused = (this.registry.members().length > 0)
				? this.named.offerTo(name, call, (node) -> node.offer(call, argument)) : hold(call, argument);
		if (refused != null) {
			call.reject(refused);
		}
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
				CallFailure refused = (bound != null) ? this.named.offerTo(bound, call, (node) -> node.offerAgain(call))
						: this.places.place((node) -> node.offerAgain(call));
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

	// What happens to the members

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
				this.places.moveTo(member, members);
			}
			else if (state == NodeState.IDLE) {
				this.someIdle = true;
			}
			else {
				this.places.moveFrom(member);
			}
		}
		if (state == NodeState.TRANSIENT_FAILURE && this.ready.isEmpty()) {
			this.registry.refresh();
		}
	}

	@Override
	public void returned(Member member, List<ClientCall<?>> calls, CallFailure reason) {
		this.places.placeAgain(member, calls, reason);
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

	// What is known of them

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
	 * The members, for further attempts of calls.
	 */
	Retries.Nodes otherNodes() {
		return this.others;
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

}
