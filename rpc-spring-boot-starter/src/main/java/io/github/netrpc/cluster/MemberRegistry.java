package io.github.netrpc.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;

/**
 * Which nodes a channel has: the last list of its directory that was not empty. Nodes
 * that are new on a list come in, and those that are gone drain: they get no calls, and
 * their connections close when the calls in flight have ended. A node that comes back
 * meanwhile comes in anew. Knows nothing of which node gets a call. Thread-safe.
 * <p>
 * The lock guards the lists and is held for field accesses only; nodes are begun and
 * ended, and the listener told, without it.
 */
final class MemberRegistry implements NodeDirectory.Listener, AutoCloseable {

	/** Each node is connected to; a list that is longer is a mistake of its source. */
	static final int MOST_NODES = 10_000;

	private static final Member[] NONE = {};

	private final NodeDirectory directory;

	private final String source;

	private final ClientResources resources;

	private final LoadRegistry loads;

	private final MemberListener listener;

	private final DirectoryLog log;

	/** Sees members that have drained off, and passes everything on. */
	private final MemberListener forwarding = new MemberListener() {

		@Override
		public void listed() {
			MemberRegistry.this.listener.listed();
		}

		@Override
		public void changed(Member member) {
			if (member.state() == NodeState.SHUTDOWN) {
				remove(member);
			}
			MemberRegistry.this.listener.changed(member);
		}

		@Override
		public void returned(Member member, List<ClientCall<?>> calls, CallFailure reason) {
			MemberRegistry.this.listener.returned(member, calls, reason);
		}

	};

	private final AtomicBoolean watching = new AtomicBoolean();

	/** In the order of the list. Written under the lock. */
	private volatile Member[] members = NONE;

	// The rest is guarded by this.

	private final List<Member> draining = new ArrayList<>();

	private boolean closed;

	private long answers;

	private long emptyAnswers;

	private long failures;

	private long answeredNanos;

	private @Nullable String lastFailure;

	private @Nullable Instant lastFailureTime;

	/** Whether the last answer was good. */
	private boolean well = true;

	// Counts of the nodes that are no more.

	private long pastMissedPings;

	private long pastDeadConnections;

	/**
	 * Creates a registry. The members of a fixed list are there at once.
	 * @param channel the name of the channel
	 * @param source where the list comes from, as configured
	 * @param directory has the list, and is closed with this
	 */
	MemberRegistry(String channel, String source, NodeDirectory directory, ClientResources resources,
			LoadRegistry loads, MemberListener listener) {
		this.directory = directory;
		this.source = source;
		this.resources = resources;
		this.loads = loads;
		this.listener = listener;
		this.log = new DirectoryLog(channel, source);
	}

	/**
	 * Begins to watch the directory, if nobody has yet.
	 */
	void watch() {
		if (!this.watching.get() && !isClosed() && this.watching.compareAndSet(false, true)) {
			try {
				this.directory.watch(this);
			}
			catch (Throwable ex) {
				// Not ours, and calls wait for it until their time is over.
				failed("the directory cannot be watched: " + ex, ex);
			}
			if (isClosed()) {
				closeDirectory();
			}
		}
	}

	private synchronized boolean isClosed() {
		return this.closed;
	}

	/**
	 * Whether the list never changes.
	 */
	boolean isFixed() {
		return this.directory.isFixed();
	}

	/**
	 * The members of the moment, in the order of the list; none until there is one.
	 */
	Member[] members() {
		return this.members;
	}

	/**
	 * Says why there are no members yet.
	 */
	synchronized String missing() {
		return "no nodes of " + this.source + ((this.lastFailure != null) ? " (" + this.lastFailure + ")" : "");
	}

	/**
	 * No member can be connected to.
	 */
	void refresh() {
		try {
			this.directory.refresh();
		}
		catch (Throwable ex) {
			failed("the directory cannot be asked: " + ex, ex);
		}
	}

	// Answers

	@Override
	public void nodes(List<NodeEndpoint> nodes) {
		if (nodes.isEmpty()) {
			notGood("the list is empty", null, true);
			return;
		}
		List<Member> gone;
		List<Member> joined = new ArrayList<>();
		List<Member> updated = new ArrayList<>();
		List<String> problems = new ArrayList<>();
		String recovered;
		int size;
		synchronized (this) {
			if (this.closed) {
				return;
			}
			Member[] before = this.members;
			Member[] after = merge(before, nodes, joined, updated, problems);
			List<Member> kept = List.of(after);
			gone = Stream.of(before).filter((member) -> !kept.contains(member)).toList();
			this.draining.addAll(gone);
			this.members = after;
			size = after.length;
			recovered = this.well ? null : this.lastFailure;
			this.well = true;
			this.answers++;
			this.answeredNanos = this.resources.timer().nanoTime();
		}
		long now = this.resources.timer().nanoTime();
		this.log.problems(now, problems);
		this.log.answered(recovered);
		if (!joined.isEmpty() || !gone.isEmpty()) {
			if (!this.directory.isFixed()) {
				this.log.changed(now, size, joined, gone);
			}
			this.listener.listed();
			gone.forEach((member) -> member.client().retire());
		}
		else if (!updated.isEmpty()) {
			this.listener.listed();
		}
	}

	private Member[] merge(Member[] before, List<NodeEndpoint> nodes, List<Member> joined, List<Member> updated,
			List<String> problems) {
		Map<String, Member> known = new LinkedHashMap<>();
		for (Member member : before) {
			known.put(member.id(), member);
		}
		Map<String, Member> merged = new LinkedHashMap<>();
		for (NodeEndpoint node : nodes) {
			if (merged.size() == MOST_NODES) {
				problems.add(nodes.size() + " nodes, of which the first " + MOST_NODES + " are used");
				break;
			}
			if (merged.containsKey(node.id())) {
				problems.add("two nodes have the id " + node.id() + ", the second one, at " + node.address()
						+ ", is not used");
				continue;
			}
			Member member = known.get(node.id());
			if (member == null || !member.isAt(node)) {
				member = new Member(node, this.answers == 0, this.directory.isFixed() && nodes.size() == 1,
						this.resources, this.loads, this.forwarding);
				joined.add(member);
				node.problems().forEach((problem) -> problems.add("node " + node.id() + ", " + problem));
			}
			else if (!member.endpoint().equals(node)) {
				member.update(node);
				updated.add(member);
				node.problems().forEach((problem) -> problems.add("node " + node.id() + ", " + problem));
			}
			merged.put(node.id(), member);
		}
		Member[] after = merged.values().toArray(NONE);
		return Arrays.equals(before, after) ? before : after;
	}

	@Override
	public void failed(String reason, @Nullable Throwable cause) {
		notGood(reason, cause, false);
	}

	private void notGood(String reason, @Nullable Throwable cause, boolean empty) {
		String printable = NodeMetadata.printable(reason);
		boolean first;
		int size;
		synchronized (this) {
			if (this.closed) {
				return;
			}
			this.emptyAnswers += empty ? 1 : 0;
			this.failures += empty ? 0 : 1;
			this.lastFailure = printable;
			this.lastFailureTime = this.resources.timer().now();
			first = this.well;
			this.well = false;
			size = this.members.length;
		}
		if (first) {
			this.log.failed(printable, cause, size);
		}
	}

	// Members

	private synchronized void remove(Member member) {
		if (this.draining.remove(member)) {
			NodeSnapshot last = member.snapshot();
			this.pastMissedPings += last.missedPings();
			this.pastDeadConnections += last.deadConnections();
		}
	}

	/**
	 * The members of an id: the listed one, and those that drain.
	 */
	synchronized List<Member> withId(String id) {
		return Stream.concat(Stream.of(this.members), this.draining.stream())
			.filter((member) -> member.id().equals(id))
			.toList();
	}

	/**
	 * What is known of each node: in the order of the list, then those that drain.
	 */
	List<NodeSnapshot> snapshots() {
		List<Member> all = new ArrayList<>();
		synchronized (this) {
			all.addAll(List.of(this.members));
			all.addAll(this.draining);
		}
		return all.stream().map(Member::snapshot).toList();
	}

	synchronized DirectorySnapshot directory() {
		boolean fixed = this.directory.isFixed();
		Duration age = (this.answers == 0) ? null
				: fixed ? Duration.ZERO : Duration.ofNanos(this.resources.timer().nanoTime() - this.answeredNanos);
		return new DirectorySnapshot(fixed, age, this.answers, this.emptyAnswers, this.failures, this.lastFailure,
				this.lastFailureTime);
	}

	synchronized ChannelCounts counts() {
		long missedPings = this.pastMissedPings;
		long deadConnections = this.pastDeadConnections;
		for (NodeSnapshot node : snapshots()) {
			missedPings += node.missedPings();
			deadConnections += node.deadConnections();
		}
		return new ChannelCounts(missedPings, deadConnections);
	}

	/**
	 * Closes the directory and all nodes. Calls that have not ended fail.
	 */
	@Override
	public void close() {
		List<Member> all;
		synchronized (this) {
			if (this.closed) {
				return;
			}
			this.closed = true;
			all = new ArrayList<>(List.of(this.members));
			all.addAll(this.draining);
		}
		closeDirectory();
		all.forEach((member) -> member.client().close());
	}

	private void closeDirectory() {
		try {
			this.directory.close();
		}
		catch (Throwable ex) {
			this.log.notClosed(ex);
		}
	}

	@Override
	public String toString() {
		Member[] members = this.members;
		return (members.length > 0) ? List.of(members).toString() : this.source;
	}

}
