package io.github.netrpc.cluster;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.NodeClient;
import io.github.netrpc.client.Retries;

/**
 * Gives the further attempts of a call to nodes that it has not met, as far as there are
 * any. Thread-safe.
 */
final class OtherNodes implements Retries.Nodes {

	private final Supplier<ReadyMembers> ready;

	private final LoadRegistry loads;

	private final Starter starter;

	/**
	 * Creates them for one group.
	 * @param ready the members that are connected
	 * @param loads chooses one of several
	 * @param starter takes a call that no other node takes
	 */
	OtherNodes(Supplier<ReadyMembers> ready, LoadRegistry loads, Starter starter) {
		this.ready = ready;
		this.loads = loads;
		this.starter = starter;
	}

	@Override
	public boolean hasOther(ClientCall<?> call, List<NodeClient> tried) {
		return isFree(call)
				&& this.ready.get().members().stream().anyMatch((member) -> !tried.contains(member.client()));
	}

	@Override
	public void startAgain(ClientCall<?> attempt, @Nullable Object argument, List<NodeClient> tried) {
		if (isFree(attempt)) {
			List<Member> others = readyBut(tried);
			if (others.isEmpty() && !tried.isEmpty()) {
				// All were tried: the last one was the worst choice.
				others = readyBut(tried.subList(tried.size() - 1, tried.size()));
			}
			if (!others.isEmpty() && pick(others, attempt).client().offer(attempt, argument) == null) {
				return;
			}
		}
		this.starter.start(attempt, argument);
	}

	@Override
	public boolean hasSeveral(ClientCall<?> call) {
		return isFree(call) && this.ready.get().size() > 1;
	}

	@Override
	public boolean hasSound(ClientCall<?> call, List<NodeClient> tried) {
		return isFree(call) && !soundBut(tried).isEmpty();
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

	/**
	 * Whether the caller leaves it to the channel where a call goes.
	 */
	private static boolean isFree(ClientCall<?> call) {
		return call.options().node() == null;
	}

	private List<Member> readyBut(List<NodeClient> tried) {
		return this.ready.get().members().stream().filter((member) -> !tried.contains(member.client())).toList();
	}

	private List<Member> soundBut(List<NodeClient> tried) {
		return readyBut(tried).stream().filter((member) -> !member.load().circuit().isEjected()).toList();
	}

	private Member pick(List<Member> members, ClientCall<?> call) {
		return members.get(this.loads.pick(members.stream().map(Member::load).toList(), call));
	}

	/**
	 * Gives a call to any node, or ends it.
	 */
	@FunctionalInterface
	interface Starter {

		void start(ClientCall<?> call, @Nullable Object argument);

	}

}
